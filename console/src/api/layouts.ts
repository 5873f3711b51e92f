// Saved walls (doors.md §4): a name, a grid and what stands in its cells.
import { get, post, put, remove } from './http';

export interface Layout {
  id: string;
  name: string;
  shared: boolean;
  content: { grid: string; cells: Record<string, string> };
}

export async function layouts(): Promise<Layout[]> {
  return (await get<{ items: Layout[] }>('/layouts')).items;
}

export async function saveLayout(layout: Omit<Layout, 'id'>): Promise<Layout> {
  return post('/layouts', layout);
}

export async function changeLayout(id: string, layout: Omit<Layout, 'id'>): Promise<Layout> {
  return put(`/layouts/${id}`, layout);
}

export async function removeLayout(id: string): Promise<void> {
  await remove(`/layouts/${id}`);
}
