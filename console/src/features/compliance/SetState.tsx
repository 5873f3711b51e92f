// How a rule set stands today, as a shape and a word.
import { useTranslation } from 'react-i18next';
import type { RuleSet } from '@/api/compliance';
import { dateText, nowUs } from '@/shared/time/beijing';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Status } from '@/shared/ui/StatusShape';

export function SetState({ set }: { set: RuleSet }) {
  const { t } = useTranslation();
  const [status, word] = stateOf(set, dateText(nowUs()));
  return <StatusShape status={status} label={t(`compliance.sets.${word}`)} />;
}

function stateOf(set: RuleSet, today: string): [Status, 'notLoaded' | 'carried' | 'judges' | 'notYet' | 'over'] {
  if (!set.loaded) return ['unknown', 'notLoaded'];
  if (set.carried) return ['degraded', 'carried'];
  if (set.judges) return ['ok', 'judges'];
  return ['off', set.since > today ? 'notYet' : 'over'];
}
