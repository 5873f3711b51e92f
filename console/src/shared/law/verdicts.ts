// Findings: how a verdict looks, and where the record stands that one is about.
import type { Finding } from '@/api/compliance';
import type { Status } from '@/shared/ui/StatusShape';

export const VERDICT_STATUS: Record<Finding['verdict'], Status> = { broken: 'failed', unknown: 'unknown', pending: 'running', late: 'ok' };

const REGISTER: Record<Finding['kind'], string> = { system: '/systems', place: '/places', camera: '/cameras', plan: '/construction-plans', project: '/projects', round: '/rounds', staff: '/staff' };

export function registerOf(kind: Finding['kind']): string {
  return REGISTER[kind];
}

export function subjectAddress({ kind, subject }: Pick<Finding, 'kind' | 'subject'>): string {
  return `${registerOf(kind)}/${subject}`;
}
