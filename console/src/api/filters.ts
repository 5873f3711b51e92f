// Saved filters of register pages: a name and the filter as it stands in the address.
import { get, patch, post, remove } from './http';
import type { Schemas } from './types';

export type SavedFilter = Schemas['SavedFilterOut'];
export type SavedFilterWish = Schemas['SavedFilterWish'];
export type SavedFilterPatch = Schemas['SavedFilterPatch'];
export type FilterPage = SavedFilter['page'];

export async function savedFilters(page: FilterPage, signal?: AbortSignal): Promise<SavedFilter[]> {
  return (await get<Schemas['SavedFilters']>('/saved-filters', { page }, signal)).items;
}

export async function saveFilter(wish: SavedFilterWish): Promise<SavedFilter> {
  return post('/saved-filters', wish);
}

export async function changeFilter(id: string, change: SavedFilterPatch): Promise<SavedFilter> {
  return patch(`/saved-filters/${id}`, change);
}

export async function removeFilter(id: string): Promise<void> {
  await remove(`/saved-filters/${id}`);
}
