// One construction plan: how far it has come, its items, what they share with cameras that are there, and who decides.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { constructionPlan } from '@/api/planning';
import type { ConstructionPlanWhole, PlanItem } from '@/api/planning';
import { MemberGroup, RecordChanges, RecordFindings, RecordTabs, useTab } from '@/features/registers/RecordParts';
import { useAddress } from '@/shared/address';
import { RuleBasis } from '@/shared/law/Citation';
import { useMay } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { countText } from '@/shared/time/numbers';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { Overlaps } from './Overlaps';
import { PlanForm } from './PlanForm';
import { PlanItemForm } from './PlanItemForm';
import { Suspicion } from './Suspicion';
import { PlanSteps } from './PlanSteps';
import { PartLink } from './PartLink';
import { PARTS, PLAN_STATUS, PROGRESS_STATUS, isOpenPlan, partOf, summed, yuan } from './plans';
import type { Part } from './plans';
import './messages';
import './Building.css';

export default function PlanPage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const [address, change] = useAddress();
  const mayWrite = useMay('planning.write');
  const tab = useTab();
  const query = useQuery({ queryKey: ['construction-plan', id], queryFn: ({ signal }) => constructionPlan(id, signal) });
  const found = query.data;
  const chosen = found?.items.find((one) => one.id === address.item);
  const close = () => change({ edit: undefined, item: undefined }, 'replace');
  return (
    <Sheet
      title={found?.name ?? t('building.plan.one')}
      testId="plan-page"
      lead={found ? <HeadLine plan={found} /> : null}
      acts={found ? <PlanSteps plan={found} onEdit={() => change({ edit: '1', item: undefined, tab: undefined })} /> : null}
      bar={<RecordTabs id={id} />}
      beside={found && mayWrite && (chosen ?? address.item === 'new') ? <PlanItemForm key={chosen?.changed_us ?? 'new'} plan={found} item={chosen} onClose={close} /> : undefined}
    >
      <PanelState query={query} what={t('building.plan.one')}>
        {found && tab === 'record' ? (
          <div className="mj-stack">
            {address.edit === '1' && mayWrite ? <PlanForm key={found.changed_us} plan={found} onDone={close} onClose={close} /> : null}
            <Progress plan={found} />
            <Items plan={found} />
            <Overlaps plan={found} />
            <div className="mj-record" data-columns="2">
              <RecordFindings id={id} />
              <section className="mj-card" data-testid="plan-record">
                <MemberGroup title={t('registers.groups.basics')} rule="PLAN-01" members={['name', 'division', 'planning_unit', 'since', 'until', 'note']} record={{ ...found, planning_unit: found.organisation }} />
              </section>
            </div>
          </div>
        ) : null}
        {found && tab === 'changes' ? <RecordChanges register="construction-plans" id={id} /> : null}
      </PanelState>
    </Sheet>
  );
}

function HeadLine({ plan }: { plan: ConstructionPlanWhole }) {
  const { t } = useTranslation();
  return (
    <span className="mj-head-line" data-testid="plan-state" data-state={plan.state}>
      <StatusShape status={PLAN_STATUS[plan.state]} label={t(`building.state.${plan.state}`)} />
      {plan.submitted_us ? (
        <span>
          {t('building.plan.submittedBy')} {plan.submitted_by_name} <span className="mj-muted">{momentText(plan.submitted_us)}</span>
        </span>
      ) : null}
      {plan.decided_us ? (
        <span>
          {t('building.plan.decidedBy')} {plan.decided_by_name} <span className="mj-muted">{momentText(plan.decided_us)}</span> {plan.decision}
        </span>
      ) : plan.state === 'submitted' ? (
        <span className="mj-muted">{t('building.plan.waitsFor')}</span>
      ) : null}
    </span>
  );
}

/** Each figure leads to the items that it counts. */
function Progress({ plan: { id, figures } }: { plan: ConstructionPlanWhole }) {
  const { t } = useTranslation();
  const counts: [Part | undefined, string, string][] = [
    [undefined, t('building.plan.items'), countText(figures.items)],
    ['planned', t('building.progress.planned'), countText(figures.items - figures.done - figures.under_way - figures.dropped)],
    ['under_way', t('building.progress.under_way'), countText(figures.under_way)],
    ['done', t('building.progress.done'), countText(figures.done)],
    ['dropped', t('building.progress.dropped'), countText(figures.dropped)],
    ['overdue', t('building.plan.overdue'), countText(figures.overdue)],
    ['wanted', t('building.plan.cameras'), t('building.item.doneOf', { done: figures.cameras_done, count: figures.cameras })],
    ['wanted', t('building.plan.budget'), t('building.plan.yuan', { amount: yuan(figures.budget_yuan) })],
  ];
  return (
    <section className="mj-card" data-testid="plan-figures">
      <h2>{t('building.plan.progressed')}</h2>
      <dl className="mj-figures">
        {counts.map(([part, name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <PartLink plan={id} part={part} text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Items({ plan }: { plan: ConstructionPlanWhole }) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const denied = refusal(useMay('planning.write'), t('rights.permission.planning.write'));
  const open = isOpenPlan(plan.state);
  const part = PARTS.find((one) => one === address.part);
  const items = partOf(plan.items, part);
  const { cameras, done, budget } = summed(items);
  const list = useRef<HTMLElement>(null);
  // Whoever follows a figure is brought to its items.
  useEffect(() => {
    if (part) list.current?.scrollIntoView({ block: 'nearest' });
  }, [part]);
  return (
    <section className="mj-card" data-testid="plan-items" ref={list}>
      <h2>
        {t('building.item.title')} <RuleBasis rule="PLAN-02" />
      </h2>
      {open ? (
        <Act testId="item-add" refusal={denied} onAct={() => change({ item: 'new' })}>
          {t('building.item.enter')}
        </Act>
      ) : null}
      {part ? (
        <p>
          <Link to={`/construction-plans/${plan.id}`} data-testid="items-all">
            {t('building.item.all', { count: plan.items.length })}
          </Link>
        </p>
      ) : null}
      {plan.items.length === 0 ? (
        <p className="mj-muted">{t('building.item.none')}</p>
      ) : (
        <RecordTable<PlanItem>
          rows={items}
          rowKey={(one) => one.id}
          rowTestId={(one) => `item-${one.id}`}
          caption={`${t(part ? `building.part.${part}` : 'building.part.all')} · ${t('building.item.caption', { count: items.length })} · ${t('building.item.sums', { done, cameras, budget: yuan(budget) })}`}
          columns={[
            { key: 'name', title: t('building.item.where'), cell: (one) => (one.place ? <Link to={`/places/${one.place}`}>{one.name}</Link> : one.name), by: (one) => one.name },
            { key: 'count', title: t('building.item.done'), number: true, cell: (one) => t('building.item.doneOf', { done: one.cameras_done, count: one.cameras }), by: (one) => one.cameras },
            { key: 'purpose', title: t('building.item.purpose'), cell: (one) => one.purpose },
            { key: 'budget', title: t('building.item.budget'), number: true, cell: (one) => yuan(one.budget_yuan), by: (one) => one.budget_yuan },
            { key: 'due', title: t('building.item.due'), cell: (one) => <Due item={one} />, by: (one) => one.due ?? '' },
            { key: 'progress', title: t('building.item.progress'), cell: (one) => <StatusShape status={PROGRESS_STATUS[one.progress]} label={t(`building.progress.${one.progress}`)} />, by: (one) => one.progress },
            { key: 'overlap', title: t('building.item.overlap'), cell: (one) => <Overlap item={one} />, by: (one) => one.overlap },
            { key: 'suspicion', title: t('building.item.suspicion'), cell: (one) => <Suspicion of={one} /> },
            { key: 'reuse', title: t('building.item.reuse'), cell: (one) => <Reuse item={one} /> },
            {
              key: 'act',
              title: t('registers.acts'),
              cell: (one) =>
                open || plan.state === 'approved' ? (
                  <Act kind="link" testId={`item-edit-${one.id}`} refusal={denied} onAct={() => change({ item: one.id })}>
                    {t(open ? 'building.item.edit' : 'building.item.report')}
                  </Act>
                ) : null,
            },
          ]}
        />
      )}
    </section>
  );
}

function Due({ item: { due, overdue } }: { item: PlanItem }) {
  const { t } = useTranslation();
  if (!due) return <span className="mj-muted">{t('registers.notEntered')}</span>;
  return overdue ? <StatusShape status="failed" label={`${due} ${t('building.item.late')}`} /> : <>{due}</>;
}

function Overlap({ item: { overlap, overlapping, undecided } }: { item: PlanItem }) {
  const { t } = useTranslation();
  if (undecided) return <StatusShape status="degraded" label={t('building.item.undecided', { share: overlap })} />;
  return <>{overlapping > 0 ? t('building.item.overlapOf', { share: overlap, count: overlapping }) : t('building.item.noOverlap')}</>;
}

function Reuse({ item: { reuse, reuse_reason: reason } }: { item: PlanItem }) {
  const { t } = useTranslation();
  if (!reuse) return <span className="mj-muted">{t('building.item.noReuse')}</span>;
  return (
    <>
      {t(`building.reuse.${reuse}`)} <span className="mj-muted">{reason}</span>
    </>
  );
}
