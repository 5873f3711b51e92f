// What a person said of an item or a project that may look into a forbidden place, with the way to the decision.
import { Link } from '@tanstack/react-router';
import type { PlanItem } from '@/api/planning';
import { useWords } from '@/shared/law/useWords';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Status } from '@/shared/ui/StatusShape';

type Said = Pick<PlanItem, 'decision' | 'suspicion'>;
const SHAPE: Record<NonNullable<Said['suspicion']>, Status> = { waiting: 'waiting', allowed: 'ok', masked: 'masked', prohibited: 'failed', lapsed: 'off' };

export function Suspicion({ of: { decision, suspicion } }: { of: Said }) {
  const { word } = useWords();
  if (!decision || !suspicion || suspicion === 'lapsed') return null;
  return (
    <Link to={`/decisions/${decision}`} data-testid="suspicion">
      <StatusShape status={SHAPE[suspicion]} label={word('decision_state', suspicion)} />
    </Link>
  );
}
