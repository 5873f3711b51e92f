// The palette keeps the contrasts that it promises: WCAG 2.2, relative luminance, on panel and on page.
import { expect, test } from 'vitest';
import { PALETTES, variableName } from './tokens';
import type { Palette, ThemeName } from './tokens';

function luminance(hex: string): number {
  const channel = (at: number): number => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const THEMES = Object.keys(PALETTES) as ThemeName[];

const TEXTS: (keyof Palette)[] = ['text', 'text2', 'text3', 'ok', 'warn', 'bad', 'info', 'idle', 'law', 'primary'];

test.each(THEMES)('every text colour of %s reads on panel and page with at least 4.5', (theme) => {
  const p = PALETTES[theme];
  const weak = TEXTS.filter((token) => contrast(p[token], p.panel) < 4.5 || contrast(p[token], p.bg) < 4.5);
  expect(weak).toEqual([]);
  expect(contrast(p.onPrimary, p.primary)).toBeGreaterThanOrEqual(4.5);
});

test.each(THEMES)('edges of controls of %s reach 3 on panel, gap families 3 on their track', (theme) => {
  const p = PALETTES[theme];
  expect(contrast(p.line, p.panel)).toBeGreaterThanOrEqual(3);
  const families: (keyof Palette)[] = ['recorded', 'gapSource', 'gapPath', 'gapStorage', 'gapPlatform', 'gapAgreed'];
  expect(families.filter((f) => contrast(p[f], p.sunk) < 3)).toEqual([]);
});

test('a status keeps its contrast on its own tint', () => {
  for (const theme of THEMES) {
    const p = PALETTES[theme];
    const pairs: [string, string][] = [[p.ok, p.okTint], [p.warn, p.warnTint], [p.bad, p.badTint], [p.info, p.infoTint], [p.law, p.lawTint]];
    for (const [colour, tint] of pairs) expect(contrast(colour, tint)).toBeGreaterThanOrEqual(4.5);
  }
});

test('the duty room’s colours are those of the design page', () => {
  const { bg, panel, sunk, text, primary, focus } = PALETTES.dark;
  expect([bg, panel, sunk, text, primary, focus]).toEqual(['#0B0F13', '#141A20', '#070A0D', '#D6DEE6', '#5AA9F0', '#8CC8FF']);
});

test('a token’s variable is named as it is read', () => {
  expect(variableName('gapSource')).toBe('--mj-gap-source');
  expect(variableName('text2')).toBe('--mj-text2');
});
