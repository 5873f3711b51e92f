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
type ReadAll = (signal: AbortSignal) => Promise<readonly { id: string; name: string }[]>;

export interface Source {
  /** Asks for one name; or `all`, where the server has one list of all of them: it is asked for once for a whole page. */
  read?: Read;
  all?: ReadAll;
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
const UNITS: Source = { all: units };
const PLANS: Source = { all: plans };

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

const SELDOM = { staleTime: 300_000, retry: false } as const;

export function useName(what: Identified | null): Name {
  const session = useSession();
  const source = what ? sourceOf(session, what) : null;
  const { read, all, old = false } = source ?? {};
  const one = useQuery({
    queryKey: ['name', what?.id],
    queryFn: async ({ signal }) => (what && read ? ((await read(what.id, signal)) ?? null) : null),
    enabled: read !== undefined,
    ...SELDOM,
  });
  const every = useQuery({
    queryKey: ['name', what?.kind, 'all'],
    queryFn: async ({ signal }) => new Map((await all?.(signal))?.map(({ id, name }) => [id, name])),
    enabled: all !== undefined,
    ...SELDOM,
  });
  return { name: (what && all ? every.data?.get(what.id) : one.data) ?? undefined, old };
}
