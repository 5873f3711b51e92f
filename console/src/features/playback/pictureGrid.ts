// How many columns show `count` pictures of 16:9 largest in a box of this size, each with its status line below. Pure.

const RATIO = 16 / 9;
const GUTTER_PX = 2;

export function columnsFor(count: number, widthPx: number, heightPx: number, linePx: number): number {
  const widthIn = (columns: number): number => {
    const rows = Math.ceil(count / columns);
    const cellWidth = widthPx / columns - GUTTER_PX;
    const cellHeight = heightPx / rows - GUTTER_PX - linePx;
    return Math.min(cellWidth, cellHeight * RATIO);
  };
  let best = 1;
  for (let columns = 2; columns <= count; columns += 1) {
    if (widthIn(columns) > widthIn(best)) best = columns;
  }
  return best;
}
