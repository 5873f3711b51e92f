// Texts of codes that come from the server: the compiler cannot know them, and a code without a text shows as it is.
import type { TFunction } from 'i18next';

export function textOr(t: TFunction, key: string, otherwise: string): string {
  const loose = t as unknown as (key: string, options: { defaultValue: string }) => string;
  return loose(key, { defaultValue: otherwise });
}

export const permissionText = (t: TFunction, action: string): string => textOr(t, `rights.permission.${action}`, action);
