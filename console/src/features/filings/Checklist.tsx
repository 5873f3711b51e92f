// The checklist in the order of the form: done, missing, or different from the register; a line leads to its field.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { inLanguage } from '@/shared/i18n';
import { textOr } from '@/shared/i18n/textOr';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Status } from '@/shared/ui/StatusShape';
import type { Line, Member } from './lines';
import '@/shared/law/Law.css';

const STATUS: Record<Line['state'], Status> = { done: 'ok', missing: 'failed', mismatch: 'degraded', open: 'off' };

function articleText(t: TFunction, article: string): string {
  return textOr(t, `filings.article.${article.replace(' ', '_')}`, article);
}

export function Checklist({ lines, onJump }: { lines: Line[]; onJump: (name: Member) => void }) {
  const { t } = useTranslation();
  const asked = lines.filter((line) => line.mandatory);
  const done = asked.filter((line) => line.state === 'done').length;
  const articles = [...new Set(asked.map((line) => line.article))];
  return (
    <section className="mj-card" data-testid="checklist">
      <div className="mj-card-head">
        <h2>{t('filings.checklist')}</h2>
        <span data-testid="checklist-done">{t('filings.checklistDone', { done, total: asked.length })}</span>
      </div>
      <ul className="mj-plain">
        {asked.map((line) => (
          <li key={line.name}>
            <button
              type="button"
              className="mj-checklist-line"
              data-testid={`check-${line.name}`}
              data-state={line.state}
              title={articleText(t, line.article)}
              onClick={() => onJump(line.name)}
            >
              <StatusShape status={STATUS[line.state]} label={t(`filings.item.${line.state}`)} word="hidden" /> {inLanguage(line.title, line.title_en)}
            </button>
          </li>
        ))}
      </ul>
      <span className="mj-citations">
        {articles.map((article) => (
          <span key={article} className="mj-citation">
            {articleText(t, article)}
          </span>
        ))}
      </span>
    </section>
  );
}
