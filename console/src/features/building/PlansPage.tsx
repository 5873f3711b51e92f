// The register of construction plans: state, period, and how far each has come.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { constructionPlans } from '@/api/planning';
import type { ConstructionPlan } from '@/api/planning';
import { RegisterSheet } from '@/features/registers/RegisterSheet';
import { DivisionName } from '@/shared/names/DivisionName';
import { countText } from '@/shared/time/numbers';
import { StatusShape } from '@/shared/ui/StatusShape';
import { PartLink } from './PartLink';
import { PlanForm } from './PlanForm';
import { PLAN_STATES, PLAN_STATUS, yuan } from './plans';
import '@/features/registers/messages';
import './messages';
import './Building.css';

export default function PlansPage() {
  const { t } = useTranslation();
  return (
    <RegisterSheet<ConstructionPlan>
      kind="construction-plan"
      right="planning.write"
      words={{ title: t('building.plan.title'), enter: t('building.plan.enter'), none: t('building.plan.none'), caption: t('building.plan.caption') }}
      filter="state"
      options={PLAN_STATES.map((code) => ({ code, name: t(`building.state.${code}`) }))}
      read={constructionPlans}
      form={(form) => <PlanForm {...form} />}
      columns={[
        { key: 'name', title: t('registers.member.name'), cell: (one) => <Link to={`/construction-plans/${one.id}`}>{one.name}</Link>, by: (one) => one.name },
        { key: 'state', title: t('building.plan.state'), cell: (one) => <StatusShape status={PLAN_STATUS[one.state]} label={t(`building.state.${one.state}`)} />, by: (one) => one.state },
        { key: 'division', title: t('registers.under'), cell: (one) => <DivisionName code={one.division} />, by: (one) => one.division },
        { key: 'period', title: t('building.plan.period'), cell: (one) => `${one.since} – ${one.until}`, by: (one) => one.since },
        { key: 'items', title: t('building.plan.items'), number: true, cell: (one) => <PartLink plan={one.id} text={countText(one.figures.items)} />, by: (one) => one.figures.items },
        { key: 'cameras', title: t('building.plan.cameras'), number: true, cell: (one) => <PartLink plan={one.id} part="wanted" text={t('building.item.doneOf', { done: one.figures.cameras_done, count: one.figures.cameras })} />, by: (one) => one.figures.cameras },
        { key: 'budget', title: t('building.item.budget'), number: true, cell: (one) => <PartLink plan={one.id} part="wanted" text={yuan(one.figures.budget_yuan)} />, by: (one) => one.figures.budget_yuan },
        { key: 'overdue', title: t('building.plan.overdue'), number: true, cell: (one) => <PartLink plan={one.id} part="overdue" text={countText(one.figures.overdue)} />, by: (one) => one.figures.overdue },
      ]}
    />
  );
}
