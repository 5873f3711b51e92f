// The bell's panel: unclaimed alarms of one cause on one line and what waits for a second person; below them the exports
// that ended in the last day.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Approval } from '@/api/approvals';
import type { Alarm } from '@/api/operations';
import { seeReminders } from '@/api/reminders';
import { exportJobs } from '@/api/recordings';
import { inLanguage } from '@/shared/i18n';
import { stageText } from '@/shared/law/Recalled';
import { useKeys } from '@/shared/keys';
import { useMay } from '@/shared/session';
import { DAY_US, listText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { StatusShape } from '@/shared/ui/StatusShape';
import { addressOf, byCause, recalls } from './notices';
import type { Recalls } from './notices';
import { useNewAlarms } from './useNewAlarms';
import { useReminders } from './useReminders';
import { useWaitingApprovals } from './useWaitingApprovals';

export default function BellPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const seat = useRef<HTMLElement>(null);
  useEffect(() => seat.current?.focus(), []);
  useKeys([
    {
      keys: 'Esc',
      meaning: t('frame.help.out'),
      act: () => {
        onClose();
        return undefined;
      },
      inFields: true,
    },
  ]);
  return (
    <aside ref={seat} tabIndex={-1} className="mj-bell" aria-label={t('frame.bell.title')} data-testid="bell-panel">
      <div className="mj-bell-head">
        <h2>{t('frame.bell.title')}</h2>
        <Act kind="quiet" onAct={onClose}>
          {t('frame.bell.close')}
        </Act>
      </div>
      <ToAct onClose={onClose} />
      <Exports onClose={onClose} />
    </aside>
  );
}

function ToAct({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const mayAlarms = useMay('alarm.read');
  const mayConfirm = useMay('user.confirm');
  const causes = byCause(useNewAlarms().items ?? []);
  const approvals = useWaitingApprovals() ?? [];
  const reminded = recalls(useReminders().items);
  return (
    <section>
      <h3>{t('frame.bell.act')}</h3>
      {causes.length + approvals.length + reminded.length === 0 ? <p className="mj-muted">{t('frame.bell.nothingToAct')}</p> : null}
      <ul>
        {causes.map(({ key, first, count }) => (
          <AlarmLine key={key} alarm={first} count={count} onClose={onClose} />
        ))}
        {approvals.map((one) => (
          <ApprovalLine key={one.id} one={one} onClose={onClose} />
        ))}
        {reminded.map((one) => (
          <RecallLine key={one.key} recall={one} onClose={onClose} />
        ))}
      </ul>
      <p className="mj-bell-all">
        {mayAlarms ? (
          <Link to="/alarms" onClick={onClose}>
            {t('frame.bell.allAlarms')}
          </Link>
        ) : null}
        {reminded.length > 0 ? (
          <Link to="/todo" onClick={onClose}>
            {t('frame.bell.allDuties')}
          </Link>
        ) : null}
        {mayConfirm ? (
          <Link to="/approvals" onClick={onClose}>
            {t('frame.pages.approvals')}
          </Link>
        ) : null}
      </p>
    </section>
  );
}

function AlarmLine({ alarm, count, onClose }: { alarm: Alarm; count: number; onClose: () => void }) {
  return (
    <li>
      <StatusShape status={alarm.level === 1 ? 'failed' : 'degraded'} word="hidden" />
      <Link to="/alarms" search={{ a: alarm.id }} onClick={onClose}>
        {inLanguage(alarm.title, alarm.title_en)}
        {count > 1 ? ` × ${count}` : ''}
      </Link>
      <time>{listText(alarm.raised_us, nowUs())}</time>
    </li>
  );
}

/** What one was reminded of: the record, or for several of one kind the list of what is to be done. */
function RecallLine({ recall: { first, ids }, onClose }: { recall: Recalls; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const seen = useMutation({ mutationFn: () => seeReminders(ids), onSuccess: () => client.invalidateQueries({ queryKey: ['reminders'] }) });
  return (
    <li data-testid={`bell-reminder-${first.stage}`}>
      <StatusShape status={first.days_left < 0 ? 'failed' : 'degraded'} word="hidden" />
      <Link to={ids.length > 1 ? '/todo' : addressOf(first)} onClick={onClose} title={first.holidays_known ? undefined : t('law.reminder.weekends')}>
        {inLanguage(first.title, first.title_en)} · {stageText(t, first.stage)}
        {ids.length > 1 ? ` × ${ids.length}` : ` · ${first.name}`}
        {first.holidays_known ? '' : ' ◇'}
      </Link>
      <Act kind="quiet" testId="bell-seen" onAct={() => seen.mutate()}>
        {t('frame.bell.seen')}
      </Act>
    </li>
  );
}

function ApprovalLine({ one, onClose }: { one: Approval; onClose: () => void }) {
  const { t } = useTranslation();
  const act = one.act === 'roles' ? 'roles' : one.drop_factor ? 'resetFactor' : 'reset';
  return (
    <li data-testid={`bell-approval-${one.account}`}>
      <StatusShape status="waiting" word="hidden" />
      <Link to="/approvals" onClick={onClose}>
        {t(`frame.bell.approval.${act}`, { who: one.asked_by_name, name: one.name })}
      </Link>
      <time title={t('frame.bell.until', { time: listText(one.until_us, nowUs()) })}>{listText(one.asked_us, nowUs())}</time>
    </li>
  );
}

function Exports({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const may = useMay('video.export');
  const query = useQuery({ queryKey: ['exports'], queryFn: ({ signal }) => exportJobs(signal), enabled: may });
  if (!may) return null;
  const ended = (query.data?.items ?? []).filter(
    (job) => (job.state === 'done' || job.state === 'failed') && job.created_us > nowUs() - DAY_US,
  );
  return (
    <section>
      <h3>{t('frame.bell.know')}</h3>
      {ended.length === 0 ? <p className="mj-muted">{t('frame.bell.nothingToKnow')}</p> : null}
      <ul>
        {ended.map((job) => (
          <li key={job.id}>
            <StatusShape status={job.state === 'done' ? 'ok' : 'failed'} word="hidden" />
            <Link to="/jobs" onClick={onClose}>
              {t(job.state === 'done' ? 'frame.bell.exportDone' : 'frame.bell.exportFailed')} · {job.reason}
            </Link>
            <time>{listText(job.created_us, nowUs())}</time>
          </li>
        ))}
      </ul>
      <Link to="/jobs" onClick={onClose}>
        {t('frame.bell.allJobs')}
      </Link>
    </section>
  );
}
