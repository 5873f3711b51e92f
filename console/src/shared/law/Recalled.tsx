// How a record's deadline was recalled: at which stage, on which day, to whom.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Recall } from '@/api/reminders';
import { comma } from '@/shared/i18n';
import './messages';

/** `提前 3 日提醒` */
export function stageText(t: TFunction, stage: Recall['stage']): string {
  return t(stage === 'overdue' || stage === 'escalated' ? `law.reminder.stage.${stage}` : `law.reminder.stage.days${stage}`);
}

export function Recalled({ recalls }: { recalls: readonly Recall[] }) {
  const { t } = useTranslation();
  if (recalls.length === 0) return null;
  return (
    <section data-testid="recalled">
      <h3>{t('law.reminder.title')}</h3>
      <ul className="mj-plain">
        {recalls.map((one) => (
          <li key={`${one.due} ${one.stage}`}>
            {stageText(t, one.stage)} <span className="mj-muted">{one.day}</span>{' '}
            {one.told.length > 0 ? t('law.reminder.told', { who: one.told.join(comma()) }) : t('law.reminder.nobody')}
          </li>
        ))}
      </ul>
    </section>
  );
}
