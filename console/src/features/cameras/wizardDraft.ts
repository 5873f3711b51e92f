// What was typed into the camera wizard, kept on this machine until the camera is registered: for its person alone, thirty
// days, and never the camera's password.
import { useEffect, useState } from 'react';
import type { Transport } from '@/api/registry';

export interface Draft {
  url: string;
  sub: string;
  user: string;
  password: string;
  transport: Transport;
  name: string;
  organisation: string;
  division: string;
  place: string;
  plan: string;
  audio: boolean;
}

export const EMPTY: Draft = {
  url: '',
  sub: '',
  user: '',
  password: '',
  transport: 'auto',
  name: '',
  organisation: '',
  division: '',
  place: '',
  plan: '',
  audio: false,
};

export interface KeptDraft {
  draft: Draft;
  step: number;
  atMs: number;
}

const KEPT_MS = 30 * 86_400_000;
const QUIET_MS = 1000;

export function write({ draft, step, atMs }: KeptDraft): string {
  return JSON.stringify({ draft: { ...draft, password: '' }, step, atMs });
}

/** Null where there is none, it is too old, or it is not one. */
export function read(text: string | null, nowMs: number): KeptDraft | null {
  if (text === null) return null;
  try {
    const { draft, step, atMs } = JSON.parse(text) as Partial<KeptDraft>;
    if (typeof draft !== 'object' || typeof step !== 'number' || typeof atMs !== 'number') return null;
    if (nowMs - atMs > KEPT_MS) return null;
    const known = Object.entries(EMPTY).map(([key, empty]) => {
      const kept: unknown = draft[key as keyof Draft];
      return [key, typeof kept === typeof empty ? kept : empty] as const;
    });
    return { draft: { ...(Object.fromEntries(known) as unknown as Draft), password: '' }, step, atMs };
  } catch {
    return null;
  }
}

interface Wizard {
  draft: Draft;
  step: number;
  /** When it was last kept; null until then. */
  keptMs: number | null;
  /** It came back from an earlier visit, without its password. */
  returned: boolean;
  setDraft: (change: Partial<Draft>) => void;
  setStep: (step: number) => void;
  forget: () => void;
}

/** `person` owns the draft: another account of the same browser does not see it. */
export function useWizardDraft(person: string): Wizard {
  const key = `mingjing.draft.camera.${person}`;
  const [found] = useState(() => read(window.localStorage.getItem(key), Date.now()));
  const [now, setNow] = useState({ draft: found?.draft ?? EMPTY, step: found?.step ?? 0, changed: false });
  const [keptMs, setKeptMs] = useState(found?.atMs ?? null);
  useEffect(() => {
    if (!now.changed) return undefined;
    const keep = (): void => {
      const atMs = Date.now();
      window.localStorage.setItem(key, write({ draft: now.draft, step: now.step, atMs }));
      setKeptMs(atMs);
    };
    const timer = window.setTimeout(keep, QUIET_MS);
    window.addEventListener('pagehide', keep);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener('pagehide', keep);
    };
  }, [key, now]);
  return {
    draft: now.draft,
    step: now.step,
    keptMs,
    returned: found !== null && !now.changed,
    setDraft: (change) => setNow((before) => ({ ...before, draft: { ...before.draft, ...change }, changed: true })),
    setStep: (step) => setNow((before) => ({ ...before, step, changed: true })),
    forget: () => {
      window.localStorage.removeItem(key);
      setNow({ draft: EMPTY, step: 0, changed: false });
      setKeptMs(null);
    },
  };
}
