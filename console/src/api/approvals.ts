// What takes two persons: asking, and being the second (doors.md §4.2).
import { get, post } from './http';
import type { Schemas } from './types';

export type Approval = Schemas['Approval'];
export type ApprovalWish = Schemas['ApprovalWish'];
/** `part`: of a reset, the half of the one-time password that is the caller's to hand over, shown once. */
export type ApprovalDone = Schemas['ApprovalDone'];

export async function approvals(signal?: AbortSignal): Promise<Approval[]> {
  return (await get<Schemas['Approvals']>('/approvals', undefined, signal)).items;
}

export async function askApproval(wish: ApprovalWish): Promise<ApprovalDone> {
  return post('/approvals', wish);
}

export async function approve(id: string): Promise<ApprovalDone> {
  return post(`/approvals/${id}/approve`);
}

export async function refuse(id: string): Promise<ApprovalDone> {
  return post(`/approvals/${id}/refuse`);
}
