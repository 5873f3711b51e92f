// What waits for one's own decision.
import { get } from './http';
import type { Schemas } from './types';

export type Waiting = Schemas['Waiting'];

export async function waiting(signal?: AbortSignal): Promise<Waiting[]> {
  return (await get<Schemas['WaitingList']>('/waiting', undefined, signal)).items;
}
