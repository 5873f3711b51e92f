// What is to be done, in one list by legal deadline: each line a verb, its object, its deadline and one way on.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { findings } from '@/api/compliance';
import type { Finding } from '@/api/compliance';
import { filings } from '@/api/filings';
import { orders } from '@/api/orders';
import { reminders } from '@/api/reminders';
import { waiting } from '@/api/waiting';
import type { Waiting } from '@/api/waiting';
import { inLanguage } from '@/shared/i18n';
import { Deadline, FilingDeadline } from '@/shared/law/Deadline';
import { OrderStateShape } from '@/shared/law/OrderLines';
import { subjectAddress } from '@/shared/law/verdicts';
import { holds, useMay, useSession } from '@/shared/session';
import { dateText, momentText, nowUs } from '@/shared/time/beijing';
import { PanelState } from '@/shared/ui/PanelState';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { everyRow } from '@/shared/useRows';
import { dutiesOf, grouped, isOwn } from './duties';
import type { Duty } from './duties';
import './messages';
import './Todo.css';

const MOST = 500;
/** Later than any deadline: only findings that have one. */
const EVER = '2199-12-31';
const AGAIN_MS = 60_000;

export default function TodoPage() {
  const { t } = useTranslation();
  const session = useSession();
  const mayFilings = useMay('filing.read');
  const mayFindings = useMay('compliance.read');
  const mayOrders = useMay('order.read');
  const open = useQuery({
    queryKey: ['filings', 'open'],
    queryFn: ({ signal }) => everyRow((after) => filings({ state: 'open', limit: MOST, after }, signal)),
    enabled: mayFilings,
    refetchInterval: AGAIN_MS,
  });
  const due = useQuery({
    queryKey: ['findings', 'due'],
    queryFn: ({ signal }) => everyRow((after) => findings({ state: 'open', due_until: EVER, limit: MOST, after }, signal)),
    enabled: mayFindings,
    refetchInterval: AGAIN_MS,
  });
  const faults = useQuery({
    queryKey: ['orders', 'open'],
    queryFn: ({ signal }) => everyRow((after) => orders({ state: 'open', limit: MOST, after }, signal)),
    enabled: mayOrders,
    refetchInterval: AGAIN_MS,
  });
  const decisions = useQuery({ queryKey: ['waiting'], queryFn: ({ signal }) => waiting(signal), refetchInterval: AGAIN_MS });
  const told = useQuery({ queryKey: ['reminders'], queryFn: ({ signal }) => reminders(signal) });
  const escalated = new Set((told.data?.items ?? []).filter((one) => one.stage === 'escalated').map((one) => one.record));
  const asked = [...(mayFilings ? [open] : []), ...(mayFindings ? [due] : []), ...(mayOrders ? [faults] : []), decisions];
  const query = asked.find((one) => one.isError) ?? asked.find((one) => one.isPending) ?? decisions;
  const there = asked.every((one) => one.isSuccess);
  const every = there ? dutiesOf(open.data ?? [], due.data ?? [], faults.data ?? [], dateText(nowUs()), decisions.data ?? []) : [];
  const duties = every.filter((one) => isOwn(one, (permission) => holds(session, permission), escalated));
  return (
    <Sheet title={t('todo.title')} lead={there ? t('todo.count', { count: duties.length }) : null} testId="todo-page" bar={there ? <Jumps duties={duties} /> : undefined}>
      <PanelState query={query} what={t('todo.title')} empty={there && every.length === 0 ? <Empty>{t('todo.none')}</Empty> : undefined}>
        {mayFilings === mayFindings ? null : (
          <p className="mj-muted">{t('todo.partly', { what: t(mayFilings ? 'rights.groups.compliance' : 'rights.groups.filing') })}</p>
        )}
        {duties.length < every.length ? (
          <p className="mj-muted" data-testid="todo-others">
            {t('todo.others')}{' '}
            <Link to="/compliance" search={{ verdict: 'broken' }}>
              {t('todo.toCompliance')}
            </Link>
          </p>
        ) : null}
        {there && duties.length === 0 ? <Empty>{t('todo.none')}</Empty> : null}
        {grouped(duties).map(({ group, duties: some }) => (
          <section key={group} id={`todo-${group}`} className="mj-todo" data-testid={`todo-${group}`}>
            <h2>
              {t(`todo.groups.${group}`)} {some.length}
            </h2>
            <ul>
              {some.map((one) => (
                <Line key={one.id} duty={one} escalated={escalated.has(one.id)} />
              ))}
            </ul>
          </section>
        ))}
      </PanelState>
    </Sheet>
  );
}

/** What waits without a deadline stands below hundreds of lines that have one: each group is one click away. */
function Jumps({ duties }: { duties: readonly Duty[] }) {
  const { t } = useTranslation();
  return (
    <p className="mj-row-acts" data-testid="todo-jumps">
      {grouped(duties).map(({ group, duties: some }) => (
        <a key={group} href={`#todo-${group}`}>
          {t(`todo.groups.${group}`)} {some.length}
        </a>
      ))}
    </p>
  );
}

function Line({ duty, escalated }: { duty: Duty; escalated: boolean }) {
  const { t } = useTranslation();
  const mark = escalated ? <span className="mj-muted"> · {t('todo.escalated')}</span> : null;
  if ('order' in duty) {
    const { order } = duty;
    return (
      <li data-testid={`duty-${order.number}`}>
        <strong>{t(order.state === 'opened' || order.state === 'responded' ? `todo.verb.${order.state}` : 'todo.verb.repaired')}</strong>
        <span>
          {order.system_name} <span className="mj-muted">{`${t(`law.order.cause.${order.cause}`)} ${order.number}`}</span>
          {mark}
        </span>
        <span>
          <OrderStateShape order={order} />
        </span>
        <Link to={`/orders/${order.id}`} className="mj-act mj-act-plain">
          {t('todo.open')}
        </Link>
      </li>
    );
  }
  if ('filing' in duty) {
    const { filing } = duty;
    return (
      <li data-testid={`duty-${filing.number}`}>
        <strong>{t(`todo.verb.${filing.state}`)}</strong>
        <span>
          {filing.system_name} <span className="mj-muted">{`${t(`law.kind.${filing.kind}`)} ${filing.number}`}</span>
          {mark}
        </span>
        <span>
          <FilingDeadline filing={filing} when />
        </span>
        <Link to={`/filings/${filing.id}`} className="mj-act mj-act-plain">
          {t('todo.open')}
        </Link>
      </li>
    );
  }
  if ('waiting' in duty) return <Wait one={duty.waiting} due={duty.due} />;
  const { finding } = duty;
  return (
    <li data-testid={`duty-${finding.rule}-${finding.subject}`}>
      <strong>{t(`todo.verb.${finding.verdict}`)}</strong>
      <span>
        {finding.subject_name} <span className="mj-muted">{inLanguage(finding.title, finding.title_en)}</span>
        {mark}
      </span>
      <span>
        <Deadline due={duty.due} daysLeft={duty.daysLeft ?? 0} when />
      </span>
      <Link to={subjectAddress(finding)} className="mj-act mj-act-plain">
        {t('todo.open')}
      </Link>
    </li>
  );
}

const SEATS: Record<Exclude<Waiting['kind'], 'findings'>, string> = { decision: '/decisions', mask: '/decisions', plan: '/construction-plans', acceptance: '/projects' };

/** Something that waits for the reader to decide. */
function Wait({ one, due }: { one: Waiting; due: string }) {
  const { t } = useTranslation();
  const many = one.kind === 'findings';
  return (
    <li data-testid={many ? `waiting-${one.rule}-${one.verdict}` : `waiting-${one.record}`}>
      <strong>{one.kind === 'findings' ? t(`todo.verb.${one.verdict as Finding['verdict']}`) : t(`todo.waiting.${one.kind}`)}</strong>
      <span>
        {many ? inLanguage(one.title, one.title_en) : one.name} <span className="mj-muted">{many ? t('todo.findings', { count: one.count, rule: one.rule, verdict: t(`law.verdict.${one.verdict as Finding['verdict']}`) }) : t(`todo.about.${one.kind as keyof typeof SEATS}`)}</span>
      </span>
      <span>
        {one.days_left === null ? <span className="mj-muted">{t('todo.since', { at: momentText(one.since_us) })}</span> : <Deadline due={due} daysLeft={one.days_left} when />}
      </span>
      <Link
        to={one.kind === 'findings' ? '/compliance' : `${SEATS[one.kind]}/${one.record}`}
        search={many ? { rule: one.rule, verdict: one.verdict } : {}}
        className="mj-act mj-act-plain"
      >
        {t('todo.open')}
      </Link>
    </li>
  );
}
