// Both languages have the same keys, the same placeholders, and differ wherever they hold words.
import { expect, test } from 'vitest';
import en from './en';
import zh from './zh-CN';

function flat(node: object, path = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(node)) {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === 'string') out.set(here, value);
    else for (const [k, v] of flat(value as object, here)) out.set(k, v);
  }
  return out;
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? '').sort();

const chinese = flat(zh);
const english = flat(en);

test('English has exactly the keys of Chinese', () => {
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
});

test('a text has the same placeholders in both languages', () => {
  const differing = [...chinese].filter(
    ([key, text]) => placeholders(text).join() !== placeholders(english.get(key) ?? '').join(),
  );
  expect(differing.map(([key]) => key)).toEqual([]);
});

test('no text is left untranslated', () => {
  const han = /\p{Script=Han}/u;
  const untranslated = [...english].filter(([key, text]) => han.test(text) && !key.endsWith('InItsOwnScript'));
  expect(untranslated.map(([key]) => key)).toEqual([]);
  const same = [...chinese].filter(([key, text]) => han.test(text) && english.get(key) === text);
  expect(same.map(([key]) => key)).toEqual([]);
});
