// Projects: their stages beside those of the main works, and their acceptance.
import { addressOf, get, patch, post, send } from './http';
import type { Page, Schemas } from './types';

export type Project = Schemas['Project'];
export type ProjectWhole = Schemas['ProjectWhole'];
export type ProjectWish = Schemas['ProjectWish'];
export type ProjectPatch = Schemas['ProjectPatch'];
export type Stage = Schemas['StageOut'];
export type Acceptance = Schemas['Acceptance'];
export type AcceptancePatch = Schemas['AcceptancePatch'];
export type Check = Schemas['Check'];
export type Member = Schemas['Member'];
export type Defect = Schemas['Defect'];
export type ProjectDocument = Schemas['ProjectDocument'];
export type DocumentWish = Schemas['Document'];
export type ProjectFile = Schemas['ProjectFile'];
export type ChecklistLine = Schemas['ChecklistLine'];

interface Asked {
  q?: string | undefined;
  under?: string | undefined;
  kind?: string | undefined;
  plan_item?: string | undefined;
  conclusion?: string | undefined;
  limit?: number;
  after?: string | null;
}

export async function projects(query: Asked, signal?: AbortSignal): Promise<Page<Project>> {
  return get('/projects', { ...query }, signal);
}

export async function project(id: string, signal?: AbortSignal): Promise<ProjectWhole> {
  return get(`/projects/${id}`, undefined, signal);
}

export async function enterProject(wish: ProjectWish): Promise<ProjectWhole> {
  return post('/projects', wish);
}

export async function changeProject(id: string, change: ProjectPatch): Promise<ProjectWhole> {
  return patch(`/projects/${id}`, change);
}

export async function acceptProject(id: string, change: AcceptancePatch): Promise<ProjectWhole> {
  return patch(`/projects/${id}/acceptance`, change);
}

export async function keepProjectFile(id: string, file: File): Promise<ProjectFile> {
  const response = await send('POST', `/projects/${id}/files`, { query: { name: file.name.slice(-100) }, body: file });
  return (await response.json()) as ProjectFile;
}

export const projectFileAddress = (id: string, digest: string) => addressOf(`/projects/${id}/files/${digest}`);

export async function acceptanceChecklist(signal?: AbortSignal): Promise<{ items: ChecklistLine[] }> {
  return get('/acceptance-checklist', undefined, signal);
}
