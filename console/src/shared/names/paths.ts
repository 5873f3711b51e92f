// Divisions and units by their codes: the last of a path, and what lies above a division.

/** The last piece of a path of identifiers, null for the empty path. */
export function lastOf(path: string): string | null {
  return path.split('/').filter(Boolean).at(-1) ?? null;
}

/** The division above (GB/T 2260: two digits a level, filled up to six; then three a level); null above a province. */
export function divisionAbove(code: string): string | null {
  if (code.length > 6) return code.slice(0, -3);
  if (code.endsWith('0000')) return null;
  return code.endsWith('00') ? `${code.slice(0, 2)}0000` : `${code.slice(0, 4)}00`;
}

/** A division and all above it, topmost first; none for the empty code. */
export function lineage(code: string): string[] {
  const chain: string[] = [];
  for (let one: string | null = code || null; one !== null; one = divisionAbove(one)) chain.unshift(one);
  return chain;
}
