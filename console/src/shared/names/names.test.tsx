import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Session } from '@/api/types';
import { SessionContext } from '@/shared/session';
import { identified } from './identifiers';
import { Named } from './Named';

const CAMERA = 'ch_k2x2p4q7m2aa';
const PERSON = 'us_k3v7q2m5x4ab';

const session = (...permissions: string[]) => ({ permissions, user: { id: 'us_aaaaaaaaaaaa', name: '本人' } }) as unknown as Session;

function show(id: string | string[], who: Session, answer: unknown = { items: [] }): string[] {
  const asked: string[] = [];
  const ids = [id].flat();
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address);
    return Promise.resolve(Response.json(answer));
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SessionContext value={{ session: who, leave: () => undefined }}>
        {ids.map((id) => (
          <Named key={id} id={id} />
        ))}
      </SessionContext>
    </QueryClientProvider>,
  );
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

test('an identifier tells what it stands for, a stream its camera, and nothing else is one', () => {
  expect(identified(CAMERA)).toEqual({ kind: 'camera', id: CAMERA });
  expect(identified(`${CAMERA}.sub`)).toEqual({ kind: 'camera', id: CAMERA, stream: 'sub' });
  expect(identified(PERSON)?.kind).toBe('person');
  expect(['al_k3v7q2m5x4ab', 'us_short', '东门岗亭', `${CAMERA}_1795651200.mp4`].map(identified)).toEqual([null, null, null, null]);
});

test('a camera in scope is shown by its name, its stream in words, the identifier beside it', async () => {
  show(`${CAMERA}.main`, session('camera.read'), { items: [{ id: CAMERA, name: '东门岗亭' }] });
  expect(await screen.findByText('东门岗亭')).toBeTruthy();
  expect(screen.getByText('主码流')).toBeTruthy();
  expect(screen.getByText(`${CAMERA}.main`)).toBeTruthy();
});

test('a camera that the register does not show stays an identifier', async () => {
  const asked = show(CAMERA, session('camera.read'));
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  expect(screen.getByTestId(`named-${CAMERA}`).textContent).toBe(CAMERA);
});

test('who may read the journal but no camera has the name of its registration', async () => {
  const asked = show(CAMERA, session('journal.read'), { items: [{ facts: { name: '东门岗亭' } }] });
  expect((await screen.findByText('东门岗亭')).title).toBe('登记时的名称');
  expect(asked[0]).toContain('what=camera.register');
});

test('nothing is asked where the person has no right to the answer, nor about themselves', async () => {
  expect(show(CAMERA, session('video.live'))).toEqual([]);
  expect(show(PERSON, session('camera.read'))).toEqual([]);
  expect(show('us_aaaaaaaaaaaa', session())).toEqual([]);
  expect(await screen.findByText('本人')).toBeTruthy();
});

test('names of units come from one list, asked for once for all that a page shows', async () => {
  const units = [{ id: 'or_k3v7q2m5x4ab', name: '实验小学' }, { id: 'or_k3v7q2m5x4ac', name: '金口卫生院' }];
  const asked = show(['or_k3v7q2m5x4ab', 'or_k3v7q2m5x4ac', 'or_k3v7q2m5x4ad'], session(), { items: units });
  expect(await screen.findByText('实验小学')).toBeTruthy();
  expect(screen.getByText('金口卫生院')).toBeTruthy();
  expect(screen.getByTestId('named-or_k3v7q2m5x4ad').textContent).toBe('or_k3v7q2m5x4ad');
  expect(asked).toHaveLength(1);
});
