// The line over an alarm cell's picture, never on it: what and since when, whose it is, claim, handle, put back.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Alarm } from '@/api/operations';
import { inLanguage } from '@/shared/i18n';
import { useMay } from '@/shared/session';
import { clockText } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { AlarmCells } from './useAlarmCells';

export function AlarmLine({ alarm, cells }: { alarm: Alarm; cells: AlarmCells }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const may = useMay('alarm.handle');
  return (
    <div className="mj-wall-alarm" role="status" data-testid={`alarm-cell-${alarm.id}`} data-state={alarm.state}>
      <StatusShape status={alarm.level === 1 ? 'failed' : 'degraded'} word="hidden" />
      <span className="mj-wall-alarm-words">
        {inLanguage(alarm.title, alarm.title_en)} {clockText(alarm.raised_us)}
        {alarm.owner_name ? ` · ${t('live.alarm.claimedBy', { name: alarm.owner_name })}` : ''}
      </span>
      {alarm.state === 'new' ? (
        <Act kind="quiet" shortcut="A" testId="alarm-cell-claim" refusal={refusal(may, t('rights.permission.alarm.handle'))} onAct={() => cells.claim(alarm.id)}>
          {t('live.alarm.claim')}
        </Act>
      ) : (
        <Link to="/alarms" search={{ a: alarm.id }}>
          {t('live.alarm.handle')}
        </Link>
      )}
      <Act kind="quiet" testId="alarm-cell-back" onAct={() => cells.putBack(alarm.id)}>
        {t('live.alarm.putBack')}
      </Act>
    </div>
  );
}
