// Numbers as people read them: decimal units, percentages cut and never rounded up.

export function percentText(part: number, whole: number): string {
  if (whole <= 0) return '–';
  if (part >= whole) return '100 %';
  const tenths = Math.floor((part / whole) * 1000);
  return `${(Math.min(tenths, 999) / 10).toFixed(1)} %`;
}

const STEPS = ['', 'k', 'M', 'G', 'T', 'P'];

function scaled(value: number): [string, string] {
  let step = 0;
  let v = value;
  while (v >= 1000 && step < STEPS.length - 1) {
    v /= 1000;
    step += 1;
  }
  const text = step === 0 ? String(Math.round(v)) : v >= 100 ? v.toFixed(0) : v.toFixed(1);
  return [text, STEPS[step] ?? ''];
}

/** `4.2 TB` */
export function bytesText(bytes: number): string {
  const [text, unit] = scaled(bytes);
  return `${text} ${unit === 'k' ? 'kB' : `${unit}B`}`;
}

/** `2.1 Mbit/s` */
export function rateText(bitsPerSecond: number): string {
  const [text, unit] = scaled(bitsPerSecond);
  return `${text} ${unit}bit/s`;
}

/** `12,345` */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}
