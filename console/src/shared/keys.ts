// Keyboard: one listener, single letters only outside text fields, nothing during an IME composition.
// A page declares its keys with their meaning; the same declaration is what `?` shows.
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface KeyBinding {
  /** As written for people: `Ctrl K`, `Shift N`, `Enter`, `[`, `1-9`. */
  keys: string;
  /** What it does, translated. */
  meaning: string;
  /** Gets the event; return false to let others have it. */
  act: (event: KeyboardEvent) => boolean | undefined;
  /** Also inside text fields (only for chords). */
  inFields?: boolean;
}

interface Layer {
  bindings: KeyBinding[];
}

const layers: Layer[] = [];
const listeners = new Set<() => void>();
let version = 0;

function announce(): void {
  version += 1;
  for (const listener of listeners) listener();
}

function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Whether an event is the chord that is written `keys`. */
export function matchesKey(keys: string, event: KeyboardEvent): boolean {
  const parts = keys.split(' ');
  const last = parts.at(-1) ?? '';
  const wantCtrl = parts.includes('Ctrl');
  const wantAlt = parts.includes('Alt');
  const wantShift = parts.includes('Shift');
  if (wantCtrl !== (event.ctrlKey || event.metaKey) || wantAlt !== event.altKey) return false;
  const letter = /^[A-Z]$/.test(last);
  if ((letter || last.length > 1) && wantShift !== event.shiftKey && last !== '1-9') return false;
  if (last === '1-9') return /^[1-9]$/.test(event.key);
  if (last === 'Space') return event.key === ' ';
  if (last === 'Del') return event.key === 'Delete';
  if (last === 'Esc') return event.key === 'Escape';
  if (last === '←→↑↓') return event.key.startsWith('Arrow');
  return letter ? event.key.toUpperCase() === last : event.key === last;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.isComposing || event.key === 'Process' || event.defaultPrevented) return;
  const typing = inField(event.target);
  for (const layer of [...layers].reverse()) {
    for (const binding of layer.bindings) {
      if (typing && !binding.inFields) continue;
      if (!matchesKey(binding.keys, event)) continue;
      if (binding.act(event) === false) continue;
      event.preventDefault();
      return;
    }
  }
}

let listening = false;

/** Declares the keys of a page or panel while it is mounted; the latest mounted wins. */
export function useKeys(bindings: KeyBinding[]): void {
  const layer = useRef<Layer>({ bindings });
  useEffect(() => {
    layer.current.bindings = bindings;
  });
  useEffect(() => {
    if (!listening) {
      window.addEventListener('keydown', onKeyDown);
      listening = true;
    }
    const mine = layer.current;
    layers.push(mine);
    announce();
    return () => {
      layers.splice(layers.indexOf(mine), 1);
      announce();
    };
  }, []);
}

/** All declared bindings, the innermost layer first: for the help panel. */
export function useDeclaredKeys(): KeyBinding[][] {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => version,
  );
  return [...layers].reverse().map((layer) => layer.bindings);
}
