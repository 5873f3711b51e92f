// The name behind an identifier, where this person may know it: the server answers with what lies in their scope, and
// what they have no permission for is not asked. Names seldom change; one is asked for once in five minutes.
import { useQuery } from '@tanstack/react-query';
import { person, units } from '@/api/accounts';
import { cameras } from '@/api/cameras';
import { journal } from '@/api/journal';
import { plans } from '@/api/recordings';
import type { Session } from '@/api/types';
import { holds, useSession } from '@/shared/session';
import type { Identified } from './identifiers';

type Read = (id: string, signal: AbortSignal) => Promise<string | undefined>;

export interface Source {
  read: Read;
  /** The name is the one that it was registered with; it may have another by now. */
  old?: boolean;
}

const REGISTER: Source = {
  // A list of one or none: a camera that is gone, or out of scope, is no error here.
  read: async (id, signal) => (await cameras({ q: id, limit: 1 }, signal)).items.find((one) => one.id === id)?.name,
};
const JOURNAL: Source = {
  read: async (id, signal) => {
    const name = (await journal({ object: id, what: 'camera.register' }, null, signal)).items[0]?.facts.name;
    return typeof name === 'string' ? name : undefined;
  },
  old: true,
};
const PEOPLE: Source = { read: async (id, signal) => (await person(id, signal)).name };
const UNITS: Source = { read: async (id, signal) => (await units(signal)).find((one) => one.id === id)?.name };
const PLANS: Source = { read: async (id, signal) => (await plans(signal)).find((one) => one.id === id)?.name };

/** Where this person may read the name; null where nowhere. An auditor sees no cameras, but their registration. */
export function sourceOf(session: Session, { kind, id }: Identified): Source | null {
  if (kind === 'unit') return UNITS;
  if (kind === 'plan') return holds(session, 'plan.read') ? PLANS : null;
  if (kind === 'person') {
    if (id === session.user.id) return { read: () => Promise.resolve(session.user.name) };
    return holds(session, 'user.read') ? PEOPLE : null;
  }
  if (holds(session, 'camera.read')) return REGISTER;
  return holds(session, 'journal.read') ? JOURNAL : null;
}

export interface Name {
  /** Undefined while it is asked for, and where it is not known to this person. */
  name: string | undefined;
  old: boolean;
}

export function useName(what: Identified | null): Name {
  const session = useSession();
  const source = what ? sourceOf(session, what) : null;
  const query = useQuery({
    queryKey: ['name', what?.id],
    queryFn: async ({ signal }) => (what && source ? ((await source.read(what.id, signal)) ?? null) : null),
    enabled: source !== null,
    staleTime: 300_000,
    retry: false,
  });
  return { name: query.data ?? undefined, old: source?.old ?? false };
}
