// The second factor of one's own account: put in force, changed for another authenticator, or switched off.
import { useMutation } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { removeTotp } from '@/api/session';
import { useSession } from '@/shared/session';
import { Act } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { SkeletonRows } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import '@/shared/factor/messages';

const FactorEnrolment = lazy(() => import('@/shared/factor/FactorEnrolment'));

export function FactorCard() {
  const { t } = useTranslation();
  const session = useSession();
  const [on, setOn] = useState(session.user.second_factor);
  const [enrolling, setEnrolling] = useState(false);
  const [done, setDone] = useState(false);
  const [dropping, setDropping] = useState(false);
  const drop = useMutation({
    mutationFn: removeTotp,
    onSuccess: () => {
      setOn(false);
      setDone(false);
      setDropping(false);
    },
  });
  return (
    <section className="mj-card" data-testid="factor-card" data-on={on}>
      <h2>{t('own.security.factor')}</h2>
      <StatusShape status={on ? 'ok' : 'degraded'} label={on ? t('own.security.factorOn') : t('own.security.factorOff')} />
      {done ? <p className="mj-note" role="status">{t('own.security.done')}</p> : null}
      {enrolling ? (
        <Suspense fallback={<SkeletonRows />}>
          <FactorEnrolment
            account={session.user.account}
            onDone={() => {
              setEnrolling(false);
              setOn(true);
              setDone(true);
            }}
          />
        </Suspense>
      ) : (
        <div className="mj-row">
          <Act kind={on ? 'plain' : 'primary'} testId="factor-begin" onAct={() => setEnrolling(true)}>
            {on ? t('own.security.again') : t('factor.begin')}
          </Act>
          {on ? (
            <Act kind="danger" testId="factor-drop" onAct={() => setDropping(true)}>
              {t('own.security.drop')}
            </Act>
          ) : null}
        </div>
      )}
      {dropping ? (
        <Confirm
          title={t('own.security.dropAsk')}
          consequences={[t('own.security.dropWhat')]}
          verb={t('own.security.drop')}
          danger
          running={drop.isPending}
          error={drop.error}
          onAct={() => drop.mutate()}
          onClose={() => setDropping(false)}
          testId="drop-ask"
        />
      ) : null}
    </section>
  );
}
