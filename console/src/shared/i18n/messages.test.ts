// Both languages have the same keys, the same placeholders, and differ wherever they hold words; every chunk brings the
// texts that it shows, and the shell none but its own.
import i18next from 'i18next';
import { expect, test } from 'vitest';
import { addMessages, chooseLanguage } from '.';
import english from './en';
import chinese from './zh-CN';

const SOURCES = import.meta.glob<string>('/src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const FOLDERS = import.meta.glob('/src/**/messages/index.ts', { eager: true });

type Texts = Map<string, string>;

function flat(node: object, path = ''): Texts {
  const out: Texts = new Map();
  for (const [key, value] of Object.entries(node)) {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === 'string') out.set(here, value);
    else for (const [k, v] of flat(value as object, here)) out.set(k, v);
  }
  return out;
}

const inAll = (language: string): object => i18next.getResourceBundle(language, 'translation') as object;
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? '').sort();

async function texts(): Promise<{ zh: Texts; en: Texts }> {
  await chooseLanguage('en');
  await chooseLanguage('zh-CN');
  return { zh: flat(inAll('zh-CN')), en: flat(inAll('en')) };
}

test('English has exactly the keys of Chinese', async () => {
  const { zh, en } = await texts();
  expect(zh.size).toBeGreaterThan(flat(chinese).size);
  expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
});

test('a text has the same placeholders in both languages', async () => {
  const { zh, en } = await texts();
  const differing = [...zh].filter(([key, text]) => placeholders(text).join() !== placeholders(en.get(key) ?? '').join());
  expect(differing.map(([key]) => key)).toEqual([]);
});

test('no text is left untranslated', async () => {
  const { zh, en } = await texts();
  const han = /\p{Script=Han}/u;
  const untranslated = [...en].filter(([key, text]) => han.test(text) && !key.endsWith('InItsOwnScript'));
  expect(untranslated.map(([key]) => key)).toEqual([]);
  const same = [...zh].filter(([key, text]) => han.test(text) && en.get(key) === text);
  expect(same.map(([key]) => key)).toEqual([]);
});

test('a change of language reaches the texts of every page, those that come later too', async () => {
  await chooseLanguage('en');
  expect(i18next.t('journal.title')).toBe('Journal');
  addMessages('alarms', { title: '迟到的' } as never, { title: 'Late' } as never);
  expect(i18next.t('alarms.title')).toBe('Late');
  await chooseLanguage('zh-CN');
  expect([i18next.t('alarms.title'), i18next.t('frame.product')]).toEqual(['迟到的', '明镜']);
});

/** The file that an import names, as the build would find it; none for packages and styles. */
function fileOf(spec: string, from: string): string | undefined {
  if (!spec.startsWith('.') && !spec.startsWith('@/')) return undefined;
  const { pathname } = new URL(spec.startsWith('@/') ? `/src/${spec.slice(2)}` : spec, `file://${from}`);
  const path = pathname.replace(/\/$/, '');
  return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((one) => one in SOURCES);
}

const LOADED_AT_ONCE = /^(?:import|export)\s+(?!type\b)(?:[^;']*?\sfrom\s+)?'([^']+)'/gm;
const LOADED_LATER = /\bimport\('([^']+)'\)/g;

const named = (pattern: RegExp, file: string): string[] =>
  [...(SOURCES[file] ?? '').matchAll(pattern)].flatMap((m) => fileOf(m[1] ?? '', file) ?? []);

/** Everything that is loaded with a file. */
function loadedWith(entry: string): Set<string> {
  const met = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (met.has(file)) continue;
    met.add(file);
    waiting.push(...named(LOADED_AT_ONCE, file));
  }
  return met;
}

const broughtBy = (files: Iterable<string>): Set<string> =>
  new Set([...files].flatMap((file) => [...(SOURCES[file] ?? '').matchAll(/^addMessages\('(\w+)'/gm)].map((m) => m[1] ?? '')));

/** The subjects of the keys that stand in a file: whole ones, and the fixed beginnings of put-together ones. */
function shownBy(file: string, keys: readonly string[]): string[] {
  return [...(SOURCES[file] ?? '').matchAll(/'([a-z]\w*\.[\w.]+)'|`([a-z]\w*\.[\w.]*)\$\{/g)].flatMap(([, whole, begun]) => {
    const known = keys.some((key) => (whole ? key === whole || key.startsWith(`${whole}_`) || key.startsWith(`${whole}.`) : key.startsWith(begun ?? '')));
    return known ? [(whole ?? begun ?? '').split('.')[0] ?? ''] : [];
  });
}

const ENTRIES = ['/src/main.tsx', ...new Set(Object.keys(SOURCES).flatMap((file) => named(LOADED_LATER, file)))].filter(
  (file) => !file.includes('/i18n/'),
);
const SHELL = ['/src/main.tsx', '/src/app/Console.tsx'];

test('every chunk brings the texts that it shows', async () => {
  const { zh } = await texts();
  const keys = [...zh.keys()];
  // A file is loaded with many chunks, and shows the same in each.
  const shown = new Map(Object.keys(SOURCES).map((file) => [file, [...new Set(shownBy(file, keys))]]));
  const missing = ENTRIES.flatMap((entry) => {
    const files = loadedWith(entry);
    const there = new Set([...Object.keys(chinese), ...broughtBy(files)]);
    return [...files].flatMap((file) => (shown.get(file) ?? []).filter((subject) => !there.has(subject)).map((subject) => `${entry}: ${subject} of ${file}`));
  });
  expect(ENTRIES.length).toBeGreaterThan(20);
  expect([...new Set(missing)]).toEqual([]);
});

test('the shell brings no texts of a page', () => {
  expect(Object.keys(FOLDERS).length).toBeGreaterThan(10);
  expect(SHELL.flatMap((entry) => [...broughtBy(loadedWith(entry))])).toEqual([]);
  expect(Object.keys(english)).toEqual(Object.keys(chinese));
});
