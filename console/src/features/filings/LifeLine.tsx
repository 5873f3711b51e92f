// The days of a filing in a line, today among them; how its deadline was counted; and for a dismantling the window, with
// the two ways in which the order can be read.
import { useTranslation } from 'react-i18next';
import type { FilingWhole } from '@/api/filings';
import { inLanguage } from '@/shared/i18n';
import { Citations } from '@/shared/law/Citation';
import { daysBetween } from '@/shared/law/days';
import { dateText, nowUs } from '@/shared/time/beijing';
import { lifeOf } from './lines';

export function LifeLine({ filing }: { filing: FilingWhole }) {
  const { t } = useTranslation();
  const { clock } = filing;
  const today = dateText(nowUs());
  return (
    <section className="mj-life" aria-label={t('filings.life.title')} data-testid="life-line">
      <ol>
        {lifeOf(filing, today).map(({ what, day }) => (
          <li key={what} data-what={what} data-ahead={day > today}>
            <span>{t(`filings.life.${what}`)}</span> {day}
          </li>
        ))}
      </ol>
      <details data-testid="how">
        <summary>{t('filings.how')}</summary>
        <div className="mj-how">
          <p>{inLanguage(clock.how, clock.how_en)}</p>
          <Citations basis={clock.basis} basisEn={clock.basis_en} />
          {clock.carried ? <p className="mj-muted">◇ {t('law.carried')}</p> : null}
          {clock.first === null ? null : <Window first={clock.first} due={filing.due} day={filing.trigger} today={today} />}
        </div>
      </details>
    </section>
  );
}

/** Days shown before and after the window, so that today is seen where it lies outside. */
const MARGIN = 10;

function Window({ first, due, day, today }: { first: string; due: string; day: string; today: string }) {
  const { t } = useTranslation();
  const days = daysBetween(first, day);
  const whole = days + 2 * MARGIN;
  const share = (from: string): number => (Math.min(Math.max(daysBetween(first, from) + MARGIN, 0), whole) / whole) * 100;
  const title = t('filings.window.title', { first, due });
  return (
    <div className="mj-window" data-testid="window">
      <div className="mj-window-bar" role="img" aria-label={title}>
        <span className="mj-window-span" style={{ left: `${share(first)}%`, right: `${100 - share(day)}%` }} />
        <span className="mj-window-mark" style={{ left: `${share(today)}%` }} />
        <span className="mj-window-label" style={{ left: `${share(first)}%` }}>
          {first}
        </span>
        <span className="mj-window-label" data-end="true" style={{ left: `${share(day)}%` }}>
          {due}
        </span>
        <span className="mj-window-today" style={{ left: `${share(today)}%` }}>
          {t('filings.life.today')}
        </span>
      </div>
      <p>{title}</p>
      <ul>
        <li>{t('filings.window.literal', { days, first, due, day })}</li>
        <li>{t('filings.window.notice', { days, first })}</li>
        <li>{t('filings.window.both', { first })}</li>
      </ul>
    </div>
  );
}
