// Colours of the timeline, taken from the theme's palette. Colour says whose side a gap is on: six families that a
// colour-blind watcher tells apart (least ΔE 24 dark, 30 light); pattern and letter say why.
import type { Palette } from '@/shared/theme/tokens';
import type { GapFamily } from './span';

export interface TimelinePalette {
  readonly sunk: string;
  readonly panel: string;
  readonly text: string;
  readonly text2: string;
  readonly text3: string;
  readonly hairline: string;
  readonly line: string;
  readonly primary: string;
  readonly law: string;
  readonly recorded: string;
  readonly families: Readonly<Record<GapFamily, string>>;
}

export function timelinePalette(palette: Palette): TimelinePalette {
  const { sunk, panel, text, text2, text3, hairline, line, primary, law, recorded } = palette;
  return {
    sunk,
    panel,
    text,
    text2,
    text3,
    hairline,
    line,
    primary,
    law,
    recorded,
    families: {
      source: palette.gapSource,
      path: palette.gapPath,
      storage: palette.gapStorage,
      platform: palette.gapPlatform,
      agreed: palette.gapAgreed,
      unknown: palette.text,
    },
  };
}

/** Under `forced-colors` a canvas has to name the system's colours itself. */
export function systemPalette(): TimelinePalette {
  const ink = 'CanvasText';
  return {
    sunk: 'Canvas',
    panel: 'Canvas',
    text: ink,
    text2: ink,
    text3: ink,
    hairline: 'GrayText',
    line: ink,
    primary: 'Highlight',
    law: 'LinkText',
    recorded: ink,
    families: { source: ink, path: ink, storage: ink, platform: ink, agreed: 'GrayText', unknown: ink },
  };
}
