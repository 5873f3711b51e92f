// A journal entry in words: verb of its action, name of its object, facts as rows. Unknown codes show as they are.
import type { TFunction } from 'i18next';
import type { RoleShown } from '@/api/accounts';
import type { JournalEntry } from '@/api/journal';
import { comma } from '@/shared/i18n';
import { permissionText, textOr } from '@/shared/i18n/textOr';
import { addressText } from '@/shared/time/beijing';
import './messages';

export const verbText = (t: TFunction, action: string): string => textOr(t, `journal.verb.${action}`, action);

export function actorText(t: TFunction, entry: JournalEntry): string {
  if (entry.actor_kind === 'system') return t('journal.actorSystem');
  return entry.actor_name || entry.actor;
}

/** A name out of the facts where there is one, else the one that is known now, else the object's kind and identifier. */
export function objectText(t: TFunction, entry: JournalEntry, known?: string): string {
  if (entry.action === 'permission.deny') return `“${permissionText(t, entry.object)}”`;
  // `system` is the program itself, or a video system of the register.
  const itself = entry.object_kind === 'system' && !entry.object.startsWith('sy_');
  if (['session', 'clock'].includes(entry.object_kind) || itself) return '';
  const named = ['number', 'name', 'camera', 'channel_name', 'account']
    .map((key) => entry.facts[key])
    .find((v): v is string => typeof v === 'string' && v !== '');
  if (named ?? known) return named ?? known ?? '';
  const kind = textOr(t, `journal.kind.${entry.object_kind}`, entry.object_kind);
  return verbText(t, entry.action).endsWith(kind) ? entry.object : `${kind} ${entry.object}`;
}

/** A fact that lists roles, as the pages of accounts show them; places come as paths or as their last code. Else null. */
export function rolesIn(value: unknown): RoleShown[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const text = (one: unknown): string => (typeof one === 'string' ? one : '');
  const found = value.flatMap((one: unknown) => {
    const { role, division, organisation } = (one ?? {}) as Record<string, unknown>;
    return typeof role === 'string' ? [{ role, division_path: text(division), organisation_path: text(organisation) }] : [];
  });
  return found.length === value.length ? found : null;
}

/** A fact as text: moments as Beijing time beside the count, lists by comma, the rest as JSON. */
export function factText(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (name.endsWith('_us') && typeof value === 'number' && value > 1e15) return addressText(value).replace('T', ' ');
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.map(String).join(comma());
  return typeof value === 'string' ? value : JSON.stringify(value);
}
