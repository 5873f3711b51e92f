// The colours of the three themes and the sizes of the four densities: the one place where they are written down.
// Contrast ratios are checked by tokens.test.ts with the formula of WCAG 2.2.

export type ThemeName = 'light' | 'dark' | 'contrast';
export type DensityName = 'compact' | 'standard' | 'wall' | 'touch';

export interface Palette {
  bg: string;
  panel: string;
  raised: string;
  sunk: string;
  text: string;
  text2: string;
  text3: string;
  line: string;
  hairline: string;
  primary: string;
  onPrimary: string;
  focus: string;
  ok: string;
  okTint: string;
  warn: string;
  warnTint: string;
  bad: string;
  badTint: string;
  info: string;
  infoTint: string;
  idle: string;
  law: string;
  lawTint: string;
  scrim: string;
  onScrim: string;
  shadow: string;
  recorded: string;
  gapSource: string;
  gapPath: string;
  gapStorage: string;
  gapPlatform: string;
  gapAgreed: string;
}

export const PALETTES: Record<ThemeName, Palette> = {
  light: {
    bg: '#F3F5F7',
    panel: '#FFFFFF',
    raised: '#FFFFFF',
    sunk: '#E9EDF1',
    text: '#17202A',
    text2: '#46535F',
    text3: '#5F6C78',
    line: '#7A8793',
    hairline: '#C9D1D9',
    primary: '#0B5CAD',
    onPrimary: '#FFFFFF',
    focus: '#0B5CAD',
    ok: '#1B7A3D',
    okTint: '#E6F4EA',
    warn: '#8F5A00',
    warnTint: '#FFF4DE',
    bad: '#B3261E',
    badTint: '#FDECEA',
    info: '#0B5CAD',
    infoTint: '#E7F0FA',
    idle: '#5F6C78',
    law: '#6B3FA0',
    lawTint: '#F1EAF9',
    scrim: 'rgba(0,0,0,.72)',
    onScrim: '#FFFFFF',
    shadow: '0 4px 12px rgba(0,0,0,.18)',
    recorded: '#1B8698',
    gapSource: '#C26E02',
    gapPath: '#9328BB',
    gapStorage: '#680940',
    gapPlatform: '#514200',
    gapAgreed: '#7A875E',
  },
  dark: {
    bg: '#0B0F13',
    panel: '#141A20',
    raised: '#1B232B',
    sunk: '#070A0D',
    text: '#D6DEE6',
    text2: '#A3B0BC',
    text3: '#8593A0',
    line: '#5F6D79',
    hairline: '#2A333C',
    primary: '#5AA9F0',
    onPrimary: '#07121D',
    focus: '#8CC8FF',
    ok: '#4FBF7B',
    okTint: '#0F2A1A',
    warn: '#E3A93C',
    warnTint: '#33260A',
    bad: '#FF7A6B',
    badTint: '#3A1512',
    info: '#5AA9F0',
    infoTint: '#10273C',
    idle: '#8593A0',
    law: '#B794F0',
    lawTint: '#251A38',
    scrim: 'rgba(0,0,0,.72)',
    onScrim: '#FFFFFF',
    shadow: '0 4px 12px rgba(0,0,0,.5)',
    recorded: '#3E8FB0',
    gapSource: '#FF9C3D',
    gapPath: '#E2A5FF',
    gapStorage: '#FC254C',
    gapPlatform: '#FDFF88',
    gapAgreed: '#A9C093',
  },
  contrast: {
    bg: '#000000',
    panel: '#000000',
    raised: '#000000',
    sunk: '#000000',
    text: '#FFFFFF',
    text2: '#FFFFFF',
    text3: '#E0E0E0',
    line: '#FFFFFF',
    hairline: '#FFFFFF',
    primary: '#FFD400',
    onPrimary: '#000000',
    focus: '#00E5FF',
    ok: '#5CFF8F',
    okTint: '#000000',
    warn: '#FFD400',
    warnTint: '#000000',
    bad: '#FF8A80',
    badTint: '#000000',
    info: '#7FD1FF',
    infoTint: '#000000',
    idle: '#E0E0E0',
    law: '#D7B8FF',
    lawTint: '#000000',
    scrim: '#000000',
    onScrim: '#FFFFFF',
    shadow: '0 0 0 1px #FFFFFF',
    recorded: '#5CC8FF',
    gapSource: '#FFB000',
    gapPath: '#E2A5FF',
    gapStorage: '#FF6B8A',
    gapPlatform: '#FDFF88',
    gapAgreed: '#C8D6B9',
  },
};

/** Sizes in CSS pixels. `target` is the least side of anything that can be pressed. */
export interface Density {
  control: number;
  row: number;
  font: number;
  gap: number;
  target: number;
  page: number;
  statusLine: number;
}

export const DENSITIES: Record<DensityName, Density> = {
  compact: { control: 28, row: 32, font: 13, gap: 8, target: 24, page: 12, statusLine: 20 },
  standard: { control: 32, row: 40, font: 14, gap: 12, target: 24, page: 16, statusLine: 22 },
  wall: { control: 44, row: 52, font: 18, gap: 16, target: 44, page: 24, statusLine: 28 },
  touch: { control: 44, row: 52, font: 16, gap: 12, target: 44, page: 12, statusLine: 28 },
};

export const FONT_STACK =
  '"Segoe UI Variable Text","Segoe UI",Inter,Roboto,"PingFang SC","HarmonyOS Sans SC",MiSans,' +
  '"Microsoft YaHei UI","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
export const CODE_STACK = 'ui-monospace,"Cascadia Mono",Consolas,"Noto Sans Mono",monospace';

/** `gapSource` → `--mj-gap-source`. */
export function variableName(token: string): string {
  return `--mj-${token.replace(/[A-Z0-9]/g, (c) => (/[A-Z]/.test(c) ? `-${c.toLowerCase()}` : c))}`;
}
