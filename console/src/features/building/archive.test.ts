import { afterEach, expect, it, vi } from 'vitest';
import { keepProjectFile } from '@/api/projects';
import { filed } from './archive';

vi.mock('@/api/projects', () => ({ keepProjectFile: vi.fn(() => Promise.resolve({ sha256: 'ab' })) }));
afterEach(() => vi.clearAllMocks());

it('keeps a picture with the server, which names its digest', async () => {
  expect(await filed('pj_1', new File(['x'], 'a.pdf', { type: 'application/pdf' }))).toEqual({ sha256: 'ab', kept: true });
});

it('lets no other file leave the house: its digest is entered', async () => {
  vi.stubGlobal('isSecureContext', true);
  // Neither files nor digests are read where the tests run.
  vi.stubGlobal('crypto', { subtle: { digest: () => Promise.resolve(new Uint8Array(32).buffer) } });
  for (const file of [new File(['x'], 'a.dwg'), new File([new Uint8Array(10 * 1024 * 1024 + 1)], 'large.pdf', { type: 'application/pdf' })]) {
    const found = await filed('pj_1', Object.assign(file, { arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)) }));
    expect(found?.kept).toBe(false);
    expect(found?.sha256).toBe('0'.repeat(64));
  }
  expect(keepProjectFile).not.toHaveBeenCalled();
  vi.unstubAllGlobals();
});

it('has no digest where the browser takes none', async () => {
  vi.stubGlobal('isSecureContext', false);
  expect(await filed('pj_1', new File(['x'], 'a.dwg'))).toBeNull();
  vi.unstubAllGlobals();
});
