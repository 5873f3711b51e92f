// Languages: Chinese is the source, English complete. Each language is one chunk, loaded when it is chosen.
// Message files live beside this one, a file a subject; `zh-CN/index.ts` gathers them and gives the keys their types.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export type Language = 'zh-CN' | 'en';

const KEY = 'mingjing.language';

async function load(language: Language): Promise<object> {
  const module = language === 'en' ? await import('./en') : await import('./zh-CN');
  return module.default;
}

export function storedLanguage(): Language {
  const chosen = window.localStorage.getItem(KEY);
  if (chosen === 'zh-CN' || chosen === 'en') return chosen;
  return 'zh-CN';
}

/** Loads the language and switches to it; nothing is re-mounted, so players and typed text stay. */
export async function chooseLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await load(language));
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  window.localStorage.setItem(KEY, language);
}

export async function startLanguage(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await load(language) } },
    interpolation: { escapeValue: false },
    returnNull: false,
    showSupportNotice: false,
    react: { useSuspense: false },
  });
  document.documentElement.lang = language;
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'zh-CN';
}

/** Picks the text of a bilingual pair as the server sends it (`title`, `title_en`). */
export function inLanguage(zh: string, en: string | null | undefined): string {
  return currentLanguage() === 'en' && en ? en : zh;
}
