// Whether what was typed is one of the recovery codes: written down by hand, so spaces, dashes and case do not count. Pure.

function bare(code: string): string {
  return code.replace(/[\s-]/g, '').toLowerCase();
}

export function isOneOf(codes: readonly string[], typed: string): boolean {
  const wanted = bare(typed);
  return wanted !== '' && codes.some((code) => bare(code) === wanted);
}
