// Construction plans: what a government means to build, and what is there already.
import { get, patch, post } from './http';
import type { Page, Schemas } from './types';

export type ConstructionPlan = Schemas['ConstructionPlan'];
export type ConstructionPlanWhole = Schemas['ConstructionPlanWhole'];
export type ConstructionPlanWish = Schemas['ConstructionPlanWish'];
export type ConstructionPlanPatch = Schemas['ConstructionPlanPatch'];
export type PlanItem = Schemas['PlanItem'];
export type PlanItemWish = Schemas['PlanItemWish'];
export type PlanItemPatch = Schemas['PlanItemPatch'];
export type PlanState = ConstructionPlan['state'];
export type OverlapCheck = Schemas['OverlapCheck'];
export type ItemOverlaps = Schemas['ItemOverlaps'];
export type Neighbour = Schemas['Neighbour'];

const ROOT = '/construction-plans';

interface Asked {
  q?: string | undefined;
  under?: string | undefined;
  state?: string | undefined;
  limit?: number;
  after?: string | null;
}

export async function constructionPlans(query: Asked, signal?: AbortSignal): Promise<Page<ConstructionPlan>> {
  return get(ROOT, { ...query }, signal);
}

export async function constructionPlan(id: string, signal?: AbortSignal): Promise<ConstructionPlanWhole> {
  return get(`${ROOT}/${id}`, undefined, signal);
}

export async function overlaps(id: string, signal?: AbortSignal): Promise<OverlapCheck> {
  return get(`${ROOT}/${id}/overlaps`, undefined, signal);
}

export async function enterPlan(wish: ConstructionPlanWish): Promise<ConstructionPlanWhole> {
  return post(ROOT, wish);
}

export async function changePlan(id: string, change: ConstructionPlanPatch): Promise<ConstructionPlanWhole> {
  return patch(`${ROOT}/${id}`, change);
}

export async function addItem(id: string, wish: PlanItemWish): Promise<ConstructionPlanWhole> {
  return post(`${ROOT}/${id}/items`, wish);
}

export async function changeItem(id: string, item: string, change: PlanItemPatch): Promise<ConstructionPlanWhole> {
  return patch(`${ROOT}/${id}/items/${item}`, change);
}

export async function stepPlan(id: string, to: 'submitted' | 'draft'): Promise<ConstructionPlanWhole> {
  return post(`${ROOT}/${id}/steps`, { to });
}

export async function decidePlan(id: string, to: 'approved' | 'returned', reason: string): Promise<ConstructionPlanWhole> {
  return post(`${ROOT}/${id}/decision`, { to, reason });
}
