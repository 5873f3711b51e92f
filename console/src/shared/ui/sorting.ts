// How a table is sorted, as the address says it: `name` upwards, `-name` downwards. Chinese names sort by their sound.
export interface Sort {
  key: string;
  down: boolean;
}

const collator = new Intl.Collator('zh-Hans-CN', { numeric: true });

export function sortOf(text: string | undefined): Sort {
  const down = text?.startsWith('-') ?? false;
  return { key: (down ? text?.slice(1) : text) ?? '', down };
}

/** A sorted copy; equal rows keep their order. */
export function sorted<Row>(rows: readonly Row[], by: (row: Row) => string | number, down: boolean): Row[] {
  const order = (a: Row, b: Row): number => {
    const [left, right] = [by(a), by(b)];
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return collator.compare(String(left), String(right));
  };
  return [...rows].sort(down ? (a, b) => order(b, a) : order);
}
