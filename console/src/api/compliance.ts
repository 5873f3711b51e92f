// What the rules say: figures by rule, findings, rule sets; and the closed lists of codes with their names.
import { addressOf, get, post } from './http';
import type { Page, Schemas } from './types';

export type Finding = Schemas['Finding'];
export type Compliance = Schemas['Compliance'];
export type RuleFigures = Schemas['RuleFigures'];
export type RuleSet = Schemas['RuleSetOut'];
export type RuleSetWhole = Schemas['RuleSetWhole'];
export type Clause = Schemas['ClauseOut'];
export type Vocabulary = Schemas['Vocabulary'];

export interface FindingFilter {
  under?: string | undefined;
  /** A unit with those below it. */
  unit?: string | undefined;
  rule?: string | undefined;
  verdict?: string | undefined;
  /** Absent: all that are not cured. */
  state?: string | undefined;
  subject?: string | undefined;
  due_until?: string | undefined;
  limit?: number;
  after?: string | null;
}

export async function findings(filter: FindingFilter, signal?: AbortSignal): Promise<Page<Finding>> {
  return get('/findings', { ...filter }, signal);
}

export async function acknowledge(id: string, reason: string, until: string | null): Promise<Finding> {
  return post(`/findings/${id}/acknowledgement`, { reason, until });
}

export async function compliance(under: string | undefined, unit: string | undefined, signal?: AbortSignal): Promise<Compliance> {
  return get('/compliance', { under, unit }, signal);
}

export async function ruleSets(signal?: AbortSignal): Promise<RuleSetWhole[]> {
  return get('/rule-sets', undefined, signal);
}

export async function vocabulary(signal?: AbortSignal): Promise<Vocabulary> {
  return get('/vocabulary', undefined, signal);
}

export interface ReportWish {
  form: 'docx' | 'pdf';
  under: string | undefined;
  unit: string | undefined;
  month: string | undefined;
  language: 'zh' | 'en';
}

export const reportAddress = (wish: ReportWish) => addressOf('/compliance/report', { ...wish });
