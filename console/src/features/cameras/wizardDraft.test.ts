import { expect, test } from 'vitest';
import { EMPTY, read, write } from './wizardDraft';

const DAY_MS = 86_400_000;
const kept = write({ draft: { ...EMPTY, url: 'rtsp://10.0.0.9/1', password: 'far-from-secret', audio: true }, step: 2, atMs: 1000 });

test('a draft comes back as it was left, without the password', () => {
  expect(kept).not.toContain('far-from-secret');
  expect(read(kept, 2000)).toEqual({ draft: { ...EMPTY, url: 'rtsp://10.0.0.9/1', audio: true }, step: 2, atMs: 1000 });
});

test('after thirty days it is gone', () => {
  expect(read(kept, 1000 + 30 * DAY_MS)).not.toBeNull();
  expect(read(kept, 1001 + 30 * DAY_MS)).toBeNull();
});

test('what is not a draft is none, and a strange member falls back', () => {
  expect(read('{', 0)).toBeNull();
  expect(read(null, 0)).toBeNull();
  expect(read('{"draft":{"url":7,"name":"x"},"step":1,"atMs":0}', 0)?.draft).toEqual({ ...EMPTY, name: 'x' });
});
