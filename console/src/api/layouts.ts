// Saved walls and tours (doors.md §4): a name, a grid, and what stands in its cells or comes into them page after page.
import { get, post, remove } from './http';
import type { Schemas } from './types';

export type Layout = Schemas['Layout'];
export type SavedTour = Schemas['Tour'];
/** What both have: whose it is and what it is called. */
export type Saved = Pick<Layout, 'id' | 'name' | 'shared' | 'mine' | 'owner_name'>;

export async function layouts(): Promise<Layout[]> {
  return (await get<{ items: Layout[] }>('/layouts')).items;
}

export async function saveLayout(layout: Pick<Layout, 'name' | 'shared' | 'content'>): Promise<Layout> {
  return post('/layouts', layout);
}

export async function removeLayout(id: string): Promise<void> {
  await remove(`/layouts/${id}`);
}

export async function tours(): Promise<SavedTour[]> {
  return (await get<{ items: SavedTour[] }>('/tours')).items;
}

export async function saveTour(tour: Pick<SavedTour, 'name' | 'shared' | 'content'>): Promise<SavedTour> {
  return post('/tours', tour);
}

export async function removeTour(id: string): Promise<void> {
  await remove(`/tours/${id}`);
}
