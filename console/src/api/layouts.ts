// Saved walls (doors.md §4): a name, a grid and what stands in its cells.
import { get, post, put, remove } from './http';

export interface Layout {
  id: string;
  name: string;
  shared: boolean;
  mine: boolean;
  owner_name: string;
  content: { grid: string; cells: Record<string, string>; alarm_cells: number[] };
}

export type LayoutWish = Pick<Layout, 'name' | 'shared' | 'content'>;

export async function layouts(): Promise<Layout[]> {
  return (await get<{ items: Layout[] }>('/layouts')).items;
}

export async function saveLayout(layout: LayoutWish): Promise<Layout> {
  return post('/layouts', layout);
}

export async function changeLayout(id: string, layout: LayoutWish): Promise<Layout> {
  return put(`/layouts/${id}`, layout);
}

export async function removeLayout(id: string): Promise<void> {
  await remove(`/layouts/${id}`);
}
