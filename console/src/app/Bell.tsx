// The notification centre: what waits for an act, and what is good to know. It opens on a click and covers no picture by itself.
import { BellOutlined } from '@ant-design/icons';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNewAlarms } from './useNewAlarms';
import { useReminders } from './useReminders';
import { useWaitingApprovals } from './useWaitingApprovals';

const BellPanel = lazy(() => import('./BellPanel'));

export function Bell() {
  const { t } = useTranslation();
  const alarms = useNewAlarms();
  const approvals = useWaitingApprovals();
  const reminded = useReminders();
  const total = alarms.total + (approvals?.length ?? 0) + reminded.total;
  const [open, setOpen] = useState(false);
  const label = t('frame.bell.open', { count: total });
  return (
    <>
      <button
        type="button"
        className="mj-top-link"
        aria-label={label}
        aria-expanded={open}
        title={label}
        data-testid="bell"
        onClick={() => setOpen((before) => !before)}
      >
        <BellOutlined />
        {total > 0 ? <span className="mj-bell-count">{total > 99 ? '99+' : total}</span> : null}
      </button>
      {open ? (
        <Suspense fallback={null}>
          <BellPanel onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
