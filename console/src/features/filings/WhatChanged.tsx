// What demanded a change filing: each member with what was filed last and what it is now, who changed it and when.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { FilingWhole } from '@/api/filings';
import { inLanguage } from '@/shared/i18n';
import { momentText } from '@/shared/time/beijing';
import './messages';

export function WhatChanged({ filing }: { filing: FilingWhole }) {
  const { t } = useTranslation();
  if (filing.kind !== 'change') return null;
  return (
    <section className="mj-card" data-testid="filing-changes">
      <h2>{t('filings.changed.title')}</h2>
      {filing.changes.length === 0 ? <p className="mj-muted">{t('filings.changed.none')}</p> : null}
      {filing.changes.map((one) => (
        <div key={one.name} className="mj-fact" data-testid={`changed-${one.name}`}>
          <strong>{inLanguage(one.title, one.title_en)}</strong>
          <dl className="mj-facts">
            <dt>{t('filings.changed.before')}</dt>
            <dd>{shown(one.before) ?? t('filings.unfilled')}</dd>
            <dt>{t('filings.changed.after')}</dt>
            <dd>{shown(one.after) ?? t('filings.unfilled')}</dd>
          </dl>
          <span className="mj-muted">
            {one.at_us === null ? t('filings.changed.counted') : t('filings.changed.by', { who: one.who_name, at: momentText(one.at_us) })}
            {one.since ? ` · ${t('filings.changed.since', { day: one.since })}` : ''}
          </span>
        </div>
      ))}
      <Link to={`/systems/${filing.system}`} search={{ tab: 'changes' }}>
        {t('filings.changed.history')}
      </Link>
    </section>
  );
}

function shown(value: unknown): string | null {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;
}
