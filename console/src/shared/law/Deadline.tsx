// A deadline in a row or a head: shape, days, and until when.
import { useTranslation } from 'react-i18next';
import type { Filing } from '@/api/filings';
import { dateText, nowUs } from '@/shared/time/beijing';
import { StatusShape } from '@/shared/ui/StatusShape';
import { daysText, standingOf, statusOf, untilText } from './days';
import './messages';

/** `when`: whether the last day stands beside the days, or is shown on hover only. */
export function Deadline({ due, daysLeft, when = false }: { due: string; daysLeft: number; when?: boolean }) {
  const { t } = useTranslation();
  return <Shown status={statusOf(daysLeft)} label={daysText(t, daysLeft)} due={due} when={when} />;
}

export function FilingDeadline({ filing, when = false }: { filing: Filing; when?: boolean }) {
  const { t } = useTranslation();
  return <Shown {...standingOf(t, filing)} due={filing.due} when={when} />;
}

function Shown({ status, label, due, when }: { status: ReturnType<typeof statusOf>; label: string; due: string; when: boolean }) {
  const { t } = useTranslation();
  const until = untilText(t, due, dateText(nowUs()));
  return (
    <span data-testid="deadline">
      <StatusShape status={status} label={label} cause={until} />
      {when ? <span className="mj-muted"> · {until}</span> : null}
    </span>
  );
}
