// Who is signed in, for every page: the session, and whether a permission is held.
import { createContext, useContext } from 'react';
import type { Session } from '@/api/types';

export interface Presence {
  session: Session;
  /** Ends the console after signing out. */
  leave: () => void;
}

export const SessionContext = createContext<Presence | null>(null);

export function usePresence(): Presence {
  const presence = useContext(SessionContext);
  if (!presence) throw new Error('no session around this component');
  return presence;
}

export function useSession(): Session {
  return usePresence().session;
}

/** `video.live` is held when it stands in the session's permissions, by itself or as `video.*` or `*`. */
export function holds(session: Session, permission: string): boolean {
  const family = permission.split('.')[0] ?? '';
  return session.permissions.some((p) => p === permission || p === '*' || p === `${family}.*`);
}

export function useMay(permission: string): boolean {
  return holds(useSession(), permission);
}
