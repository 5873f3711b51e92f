// What this person chose on this screen (theme, density), kept in the browser, and what follows when nothing was chosen.
// Applying it means setting variables on the root element; components read the variables and never a colour of their own.
import { useSyncExternalStore } from 'react';
import { CODE_STACK, DENSITIES, FONT_STACK, PALETTES, variableName } from './tokens';
import type { DensityName, ThemeName } from './tokens';

export type ThemeChoice = ThemeName | 'auto';
export type DensityChoice = DensityName | 'auto';

export interface Appearance {
  themeChoice: ThemeChoice;
  densityChoice: DensityChoice;
  theme: ThemeName;
  density: DensityName;
}

const THEME_KEY = 'mingjing.theme';
const DENSITY_KEY = 'mingjing.density';

const listeners = new Set<() => void>();
let current: Appearance | null = null;

function matches(query: string): boolean {
  return typeof window.matchMedia === 'function' && window.matchMedia(query).matches;
}

function stored<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
  const value = window.localStorage.getItem(key);
  return allowed.find((a) => a === value) ?? otherwise;
}

function themeFor(choice: ThemeChoice): ThemeName {
  if (choice !== 'auto') return choice;
  if (matches('(prefers-contrast: more)')) return 'contrast';
  return matches('(prefers-color-scheme: dark)') ? 'dark' : 'light';
}

function densityFor(choice: DensityChoice): DensityName {
  if (choice !== 'auto') return choice;
  if (matches('(pointer: coarse)')) return 'touch';
  if (window.innerWidth >= 2560) return 'wall';
  return window.innerWidth >= 1600 ? 'standard' : 'compact';
}

function compute(): Appearance {
  const themeChoice = stored<ThemeChoice>(THEME_KEY, ['light', 'dark', 'contrast', 'auto'], 'auto');
  const densityChoice = stored<DensityChoice>(
    DENSITY_KEY,
    ['compact', 'standard', 'wall', 'touch', 'auto'],
    'auto',
  );
  return {
    themeChoice,
    densityChoice,
    theme: themeFor(themeChoice),
    density: densityFor(densityChoice),
  };
}

function apply(appearance: Appearance): void {
  const root = document.documentElement;
  root.dataset.theme = appearance.theme;
  root.dataset.density = appearance.density;
  root.style.colorScheme = appearance.theme === 'light' ? 'light' : 'dark';
  for (const [token, value] of Object.entries(PALETTES[appearance.theme])) {
    root.style.setProperty(variableName(token), String(value));
  }
  for (const [token, value] of Object.entries(DENSITIES[appearance.density])) {
    root.style.setProperty(variableName(token), `${value as number}px`);
  }
  root.style.setProperty('--mj-font-stack', FONT_STACK);
  root.style.setProperty('--mj-code-stack', CODE_STACK);
}

function refresh(): void {
  const next = compute();
  const same = current?.theme === next.theme && current.density === next.density &&
    current.themeChoice === next.themeChoice && current.densityChoice === next.densityChoice;
  if (same) return;
  current = next;
  apply(next);
  for (const listener of listeners) listener();
}

/** Reads the choice, sets the variables, and follows the window's width and the system's preferences. */
export function startAppearance(): void {
  refresh();
  window.addEventListener('resize', refresh);
  window.addEventListener('storage', refresh);
  if (typeof window.matchMedia !== 'function') return;
  for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(pointer: coarse)']) {
    window.matchMedia(query).addEventListener('change', refresh);
  }
}

export function chooseTheme(choice: ThemeChoice): void {
  window.localStorage.setItem(THEME_KEY, choice);
  refresh();
}

export function chooseDensity(choice: DensityChoice): void {
  window.localStorage.setItem(DENSITY_KEY, choice);
  refresh();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function snapshot(): Appearance {
  current ??= compute();
  return current;
}

export function useAppearance(): Appearance {
  return useSyncExternalStore(subscribe, snapshot);
}
