// How plans and projects look: states as shapes, money as people write it, fields of view on a small plan.
import type { ItemOverlaps, PlanItem, PlanState } from '@/api/planning';
import type { Stage } from '@/api/projects';
import type { Status } from '@/shared/ui/StatusShape';

export const PLAN_STATES: PlanState[] = ['draft', 'submitted', 'approved', 'returned'];
export const PLAN_STATUS: Record<PlanState, Status> = { draft: 'off', submitted: 'waiting', approved: 'ok', returned: 'failed' };
export const PROGRESS: PlanItem['progress'][] = ['planned', 'under_way', 'done', 'dropped'];
export const PROGRESS_STATUS: Record<PlanItem['progress'], Status> = { planned: 'off', under_way: 'running', done: 'ok', dropped: 'unknown' };
export const STAGE_STATUS: Record<Stage['state'], Status> = { met: 'ok', late: 'failed', waiting: 'nearing', open: 'off', alone: 'off' };

/** What a figure of a plan counts: items in a state of progress, overdue ones, or all that were not dropped. */
export type Part = PlanItem['progress'] | 'overdue' | 'wanted';
export const PARTS: Part[] = [...PROGRESS, 'overdue', 'wanted'];

export function partOf(items: readonly PlanItem[], part: Part | undefined): PlanItem[] {
  return items.filter((one) => {
    if (part === undefined) return true;
    if (part === 'overdue') return one.overdue;
    return part === 'wanted' ? one.progress !== 'dropped' : one.progress === part;
  });
}

/** Cameras and money of some items, as the figures of a plan add them up: dropped ones count for nothing. */
export function summed(items: readonly PlanItem[]): { cameras: number; done: number; budget: number } {
  const wanted = partOf(items, 'wanted');
  const sum = (of: (one: PlanItem) => number) => wanted.reduce((total, one) => total + of(one), 0);
  return { cameras: sum((one) => one.cameras), done: sum((one) => one.cameras_done), budget: sum((one) => one.budget_yuan) };
}

/** Whole yuan with a separator every three digits. */
export function yuan(amount: number): string {
  return amount.toLocaleString('en-US');
}

/** Whether a plan and its items may be changed. */
export function isOpenPlan(state: PlanState): boolean {
  return state === 'draft' || state === 'returned';
}

type Ring = readonly (readonly number[])[];

export interface Drawing {
  /** Width and height of the drawing in metres. */
  metres: number;
  planned: string;
  cameras: string[];
}

const METRES_PER_DEGREE = 111_320;
const MARGIN = 1.08;

/** Rings of longitude and latitude as polygons of a square drawing, north up, in metres from its upper left corner. */
export function drawn({ outline, cameras }: ItemOverlaps): Drawing {
  const rings: Ring[] = [outline, ...cameras.map((one) => one.outline)];
  const narrowing = Math.cos(((outline[0]?.[1] ?? 0) * Math.PI) / 180);
  const flat = rings.map((ring) => ring.map(([east = 0, north = 0]): [number, number] => [east * narrowing * METRES_PER_DEGREE, -north * METRES_PER_DEGREE]));
  const xs = flat.flatMap((ring) => ring.map(([x]) => x));
  const ys = flat.flatMap((ring) => ring.map(([, y]) => y));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const metres = Math.max(wide, high, 1) * MARGIN;
  const polygon = (ring: [number, number][]): string =>
    ring.map(([x, y]) => `${(x - left + (metres - wide) / 2).toFixed(1)},${(y - top + (metres - high) / 2).toFixed(1)}`).join(' ');
  return { metres, planned: polygon(flat[0] ?? []), cameras: flat.slice(1).map(polygon) };
}
