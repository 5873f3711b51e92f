// What stands in the form beside what the register holds: what differs first, with a way to settle it; nothing is
// overwritten by itself.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { FilingWhole } from '@/api/filings';
import { inLanguage } from '@/shared/i18n';
import { Act } from '@/shared/ui/Act';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Line } from './lines';

interface Props {
  filing: FilingWhole;
  lines: Line[];
  /** Null where the form does not change any more. */
  onTake: ((line: Line) => void) | null;
}

export function Facts({ filing, lines, onTake }: Props) {
  const { t } = useTranslation();
  const compared = lines.filter((line) => line.fact !== null);
  const differing = compared.filter((line) => line.fact !== line.value);
  const agreeing = compared.filter((line) => line.fact === line.value);
  return (
    <section className="mj-card" data-testid="facts">
      <h2>{t('filings.facts')}</h2>
      {differing.length === 0 ? <StatusShape status="ok" label={t('filings.factsAgree')} /> : <p className="mj-muted">{t('filings.takeHint')}</p>}
      {differing.map((line) => (
        <div key={line.name} className="mj-fact" data-testid={`fact-${line.name}`}>
          <StatusShape status="degraded" label={inLanguage(line.title, line.title_en)} />
          <dl className="mj-facts">
            <dt>{t('filings.filedValue')}</dt>
            <dd>{line.value === null || line.value === '' ? t('filings.unfilled') : line.value}</dd>
            <dt>{t('filings.measuredValue')}</dt>
            <dd>{line.fact}</dd>
          </dl>
          {onTake ? (
            <span className="mj-row-acts">
              <Act kind="link" testId={`take-${line.name}`} onAct={() => onTake(line)}>
                {t('filings.take')}
              </Act>
              <Link to={`/systems/${filing.system}`} search={{ edit: '1' }}>
                {t('filings.toRegister')}
              </Link>
            </span>
          ) : null}
        </div>
      ))}
      {agreeing.length > 0 ? (
        <details>
          <summary>{t('filings.agreeing', { count: agreeing.length })}</summary>
          <dl className="mj-facts">
            {agreeing.map((line) => (
              <Same key={line.name} title={inLanguage(line.title, line.title_en)} value={String(line.fact)} />
            ))}
          </dl>
        </details>
      ) : null}
    </section>
  );
}

function Same({ title, value }: { title: string; value: string }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </>
  );
}
