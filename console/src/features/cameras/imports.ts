// How a table that was brought in stands, in the words of the list.
import type { ImportJob } from '@/api/dossiers';
import type { Status } from '@/shared/ui/StatusShape';

export type Standing = ImportJob['state'] | 'unwritten';
export const SHAPE: Record<Standing, Status> = {
  checking: 'waiting', checked: 'waiting', writing: 'waiting', done: 'ok', failed: 'failed', interrupted: 'degraded', unwritten: 'off',
};

/** A table that nobody had written before it was forgotten was not interrupted in anything: it is not written. */
export function standing({ state, mode }: Pick<ImportJob, 'state' | 'mode'>): Standing {
  return state === 'interrupted' && mode === null ? 'unwritten' : state;
}
