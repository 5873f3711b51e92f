// Languages: Chinese is the source, English complete. The shell's texts lie beside this file, a chunk a language, loaded
// when it is chosen. Every page brings its own in its own chunk, in both languages: see `addMessages`.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Shape } from './shape';
import type shell from './zh-CN';

export type Language = 'zh-CN' | 'en';

/** The subjects of all texts, the first part of a key; a folder of messages adds its own to it. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the shell's subjects, open to the pages'
export interface Messages extends ShellMessages {}
type ShellMessages = typeof shell;

const KEY = 'mingjing.language';
const NAMESPACE = 'translation';
const LANGUAGES: readonly Language[] = ['zh-CN', 'en'];

const brought: Record<Language, Record<string, object>> = { 'zh-CN': {}, en: {} };
const shellsLoaded = new Set<Language>();

/**
 * The texts of a subject, from then on in use. It is called by `messages/index.ts` of a page's folder, which every file
 * that shows these texts reaches by an import: so they come with its chunk, before anything of it is shown.
 */
export function addMessages<Subject extends keyof Messages>(
  subject: Subject,
  zh: Messages[Subject],
  en: Shape<Messages[Subject]>,
): void {
  brought['zh-CN'][subject] = zh;
  brought.en[subject] = en;
  if (!i18next.isInitialized) return;
  for (const language of LANGUAGES) i18next.addResourceBundle(language, NAMESPACE, { [subject]: brought[language][subject] }, true, true);
}

async function shellOf(language: Language): Promise<object> {
  const module = language === 'en' ? await import('./en') : await import('./zh-CN');
  shellsLoaded.add(language);
  return module.default;
}

export function storedLanguage(): Language {
  const chosen = window.localStorage.getItem(KEY);
  if (chosen === 'zh-CN' || chosen === 'en') return chosen;
  return 'zh-CN';
}

/** Loads the language and switches to it; nothing is re-mounted, so players and typed text stay. */
export async function chooseLanguage(language: Language): Promise<void> {
  if (!shellsLoaded.has(language)) i18next.addResourceBundle(language, NAMESPACE, await shellOf(language), true, true);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  window.localStorage.setItem(KEY, language);
}

export async function startLanguage(language: Language): Promise<void> {
  const shell = await shellOf(language);
  const resources = Object.fromEntries(
    LANGUAGES.map((one) => [one, { [NAMESPACE]: { ...brought[one], ...(one === language ? shell : {}) } }]),
  );
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources,
    interpolation: { escapeValue: false },
    returnNull: false,
    showSupportNotice: false,
    react: { useSuspense: false },
  });
  document.documentElement.lang = language;
  // Chosen in another window of the same person: all of them speak one language.
  window.addEventListener('storage', () => {
    if (storedLanguage() !== currentLanguage()) void chooseLanguage(storedLanguage());
  });
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'zh-CN';
}

/** What stands between the words of a list. */
export function comma(): string {
  return currentLanguage() === 'en' ? ', ' : '、';
}

/** What stands between sentences and longer parts of a list. */
export function semicolon(): string {
  return currentLanguage() === 'en' ? '; ' : '；';
}

/** A word with what explains it in brackets. */
export function bracketed(word: string, what: string): string {
  return currentLanguage() === 'en' ? `${word} (${what})` : `${word}（${what}）`;
}

/** Picks the text of a bilingual pair as the server sends it (`title`, `title_en`). */
export function inLanguage(zh: string, en: string | null | undefined): string {
  return currentLanguage() === 'en' && en ? en : zh;
}
