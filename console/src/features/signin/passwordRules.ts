// The checklist that is shown while a new password is typed. The server decides again, with the list of leaked ones.

export interface RuleState {
  rule: 'ruleLength' | 'ruleDifferent' | 'ruleKinds' | 'ruleAgain';
  met: boolean;
}

const LEAST = 12;

function repeatedOrRunning(text: string): boolean {
  const codes = Array.from(text, (c) => c.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, i) => code - (codes[i] ?? 0)));
  return codes.length > 1 && steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 2);
}

export function passwordRules(old: string, next: string, again: string): RuleState[] {
  return [
    { rule: 'ruleLength', met: Array.from(next).length >= LEAST },
    { rule: 'ruleDifferent', met: next.length > 0 && next !== old },
    { rule: 'ruleKinds', met: next.length > 0 && !repeatedOrRunning(next) },
    { rule: 'ruleAgain', met: next.length > 0 && next === again },
  ];
}

/** In words, by length and variety; no meter that cries for symbols. */
export function strengthOf(text: string): 'strengthWeak' | 'strengthFair' | 'strengthGood' {
  const different = new Set(text).size;
  if (text.length >= 16 && different >= 10) return 'strengthGood';
  return text.length >= LEAST && different >= 7 ? 'strengthFair' : 'strengthWeak';
}
