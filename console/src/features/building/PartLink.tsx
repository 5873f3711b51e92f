// A figure of a construction plan as a link to the items that it counts.
import { Link } from '@tanstack/react-router';
import type { Part } from './plans';

export function PartLink({ plan, part, text }: { plan: string; part?: Part | undefined; text: string }) {
  return (
    <Link to={`/construction-plans/${plan}`} search={{ part }} data-testid={`part-${part ?? 'all'}`}>
      {text}
    </Link>
  );
}
