// What a round found, as shape and word; a find says whether it was reported.
import { useTranslation } from 'react-i18next';
import type { RoundResult } from '@/api/rounds';
import { StatusShape } from '@/shared/ui/StatusShape';
import './messages';

export function Outcome({ result, dated = false }: { result: RoundResult; dated?: boolean }) {
  const { t } = useTranslation();
  const day = dated ? <span className="mj-muted"> · {result.day}</span> : null;
  if (result.outcome === 'nothing') {
    return (
      <>
        <StatusShape status="ok" label={t('rounds.nothing')} />
        {day}
      </>
    );
  }
  const told = result.reported_to
    ? t('rounds.reported', { day: result.reported, to: result.reported_to })
    : t('rounds.reportedOn', { day: result.reported });
  return (
    <>
      <StatusShape status={result.reported ? 'degraded' : 'failed'} label={t('rounds.found')} />
      <span className="mj-muted"> · {result.reported ? told : t('rounds.unreported')}</span>
      {day}
    </>
  );
}
