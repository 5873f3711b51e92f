// What one was reminded of.
import { get, post } from './http';
import type { Page, Schemas } from './types';

export type Reminder = Schemas['Reminder'];
export type Recall = Schemas['Recall'];

/** The newest first, those of which one has taken note left out. */
export async function reminders(signal?: AbortSignal): Promise<Page<Reminder>> {
  return get('/reminders', { limit: 200 }, signal);
}

export async function seeReminders(ids: string[]): Promise<void> {
  await post('/reminders/seen', { reminders: ids });
}
