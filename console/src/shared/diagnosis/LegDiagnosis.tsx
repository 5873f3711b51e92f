// Which leg of the way from address to disk failed: nine legs in order, the failed one read first, cause and remedies in
// the server's words. A leg that was not reached is hollow, never red.
import { useTranslation } from 'react-i18next';
import type { Leg } from '@/api/types';
import { inLanguage } from '@/shared/i18n';
import { StatusShape, type Status } from '@/shared/ui/StatusShape';
import './LegDiagnosis.css';

const SHAPES: Record<string, Status> = {
  ok: 'ok',
  failed: 'failed',
  waiting: 'running',
  not_reached: 'off',
  unknown: 'unknown',
};

interface Props {
  legs: readonly Leg[];
  summary: string;
}

export function LegDiagnosis({ legs, summary }: Props) {
  const { t } = useTranslation();
  const failed = legs.find((leg) => leg.state === 'failed');
  return (
    <div className="mj-legs-seat">
    <div className="mj-legs" data-testid="legs">
      <ol>
        {legs.map((leg) => (
          <li key={leg.leg} data-leg={leg.leg} data-state={leg.state}>
            <StatusShape
              status={SHAPES[leg.state] ?? 'unknown'}
              word="hidden"
              label={t(`states.legState.${leg.state}`)}
            />
            <span>{inLanguage(leg.name, leg.name_en)}</span>
            <span className="mj-legs-evidence">{leg.evidence.join(' · ')}</span>
            <span className="mj-legs-time">{leg.took_ms == null ? '' : `${(leg.took_ms / 1000).toFixed(2)} s`}</span>
          </li>
        ))}
      </ol>
      <div className="mj-legs-verdict" role="status">
        <strong>{summary}</strong>
        {failed?.title ? <p>{inLanguage(failed.title, failed.title_en)}</p> : null}
        {failed?.remedies && failed.remedies.length > 0 ? (
          <ol>
            {failed.remedies.map((remedy) => (
              <li key={remedy.text}>{inLanguage(remedy.text, remedy.text_en)}</li>
            ))}
          </ol>
        ) : null}
      </div>
    </div>
    </div>
  );
}
