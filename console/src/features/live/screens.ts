// The windows of one desk as screens of one wall: which are open, and a picture handed from one to another. The windows
// talk by a broadcast channel of this browser; nothing leaves the machine, and each asks the server for its own pictures.

export const MOST_SCREENS = 8;

export type Word =
  | { say: 'here'; screen: number }
  | { say: 'who' }
  | { say: 'gone'; screen: number }
  | { say: 'take'; from: number; to: number; channel: string }
  | { say: 'taken'; from: number; to: number; channel: string };

/** From an address; what is not a screen is the first. */
export function readScreen(text: string | undefined): number {
  const screen = Number(text ?? '1');
  return Number.isInteger(screen) && screen >= 1 && screen <= MOST_SCREENS ? screen : 1;
}

/** The screen beside this one among those open, around the corner at the end; null where it is alone. */
export function screenBeside(screen: number, open: readonly number[], direction: 1 | -1): number | null {
  const others = open.filter((one) => one !== screen).sort((a, b) => (a - b) * direction);
  return others.find((one) => (one - screen) * direction > 0) ?? others[0] ?? null;
}

/** The lowest number that no open screen has; null where all are taken. */
export function freeScreen(open: readonly number[]): number | null {
  return Array.from({ length: MOST_SCREENS }, (_, index) => index + 1).find((one) => !open.includes(one)) ?? null;
}
