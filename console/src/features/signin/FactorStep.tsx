// The step that a policy asks for: a second factor, before anything else may be done.
import { Suspense, lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { currentSession } from '@/api/session';
import type { Session } from '@/api/types';

const FactorEnrolment = lazy(() => import('@/shared/factor/FactorEnrolment'));

export function FactorStep({ session, onDone }: { session: Session; onDone: (session: Session) => void }) {
  const { t } = useTranslation();
  const again = async (): Promise<void> => onDone(await currentSession());
  return (
    <section aria-label={t('signin.factorDemanded')} data-testid="factor-step">
      <h2>{t('signin.factorDemanded')}</h2>
      <p>{t('signin.factorDemandedWhy')}</p>
      <Suspense fallback={<p>{t('frame.loadingProgram')}</p>}>
        <FactorEnrolment account={session.user.account} onDone={() => void again()} />
      </Suspense>
    </section>
  );
}
