// Reading cameras and the camera tree, and tickets to their pictures (doors.md §4).
import { addressOf, get, post } from './http';
import type { Camera, Diagnosis, Page, StreamKind, Ticket, TicketWish, TreeNode } from './types';
import type { ProblemDetails } from './problem';

export async function treeUnder(under: string | null, signal?: AbortSignal): Promise<TreeNode[]> {
  return (await get<{ items: TreeNode[] }>('/tree', { under }, signal)).items;
}

/** Hits with their ancestors, so that a tree can be drawn from the answer alone. */
export async function treeSearch(q: string, signal?: AbortSignal): Promise<TreeNode[]> {
  return (await get<{ items: TreeNode[] }>('/tree', { q }, signal)).items;
}

export async function camera(id: string, signal?: AbortSignal): Promise<Camera> {
  return get(`/cameras/${id}`, undefined, signal);
}

export async function cameras(
  /** `area`: only those that stand in it, as `mapAddress.areaText` writes it. */
  query: { q?: string | undefined; under?: string | undefined; lacking?: string | undefined; area?: string | undefined; limit?: number; after?: string | null },
  signal?: AbortSignal,
): Promise<Page<Camera>> {
  return get('/cameras', query, signal);
}

export async function diagnosis(id: string, signal?: AbortSignal): Promise<Diagnosis> {
  return get(`/cameras/${id}/diagnosis`, undefined, signal);
}

export async function diagnoseNow(id: string): Promise<Diagnosis> {
  return post(`/cameras/${id}/diagnosis`);
}

export type TicketAnswer = Ticket | ProblemDetails;

export async function tickets(wishes: TicketWish[]): Promise<TicketAnswer[]> {
  return (await post<{ tickets: TicketAnswer[] }>('/tickets', { wishes })).tickets;
}

export function isTicket(answer: TicketAnswer): answer is Ticket {
  return 'ticket' in answer;
}

/** The address of a JPEG: now, or of a recorded moment. */
export function snapshotAddress(
  id: string,
  query: { at_us?: number; stream?: StreamKind; width?: number } = {},
): string {
  return addressOf(`/cameras/${id}/snapshot`, query);
}
