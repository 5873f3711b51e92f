// A page that threw: the shell stays, the error has words and a way back.
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Act } from '@/shared/ui/Act';

export function Crashed({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <section className="mj-empty" role="alert" data-testid="crashed">
      <h1>{t('frame.crashed.title')}</h1>
      <p>{t('frame.crashed.text')}</p>
      <p className="mj-code">{error instanceof Error ? error.message : String(error)}</p>
      <Act onAct={reset}>{t('frame.crashed.again')}</Act>
    </section>
  );
}
