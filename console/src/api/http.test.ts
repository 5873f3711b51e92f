import { afterEach, expect, test, vi } from 'vitest';
import { post, whenProofIsWanted } from './http';
import { Problem } from './problem';

const answer = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
const refused = () => answer(403, { code: 'AUTH-014', title: '', detail: '', second_factor: true });

/** Answers in this order, then the last for ever; gives what was sent. */
function served(...answers: (() => Response)[]): { bodies: unknown[] } {
  const bodies: unknown[] = [];
  const fetched = vi.fn((_: string, init: RequestInit) => {
    bodies.push(init.body);
    return Promise.resolve((answers.length > 1 ? answers.shift() : answers[0])?.() ?? answer(500, {}));
  });
  vi.stubGlobal('fetch', fetched);
  return { bodies };
}

afterEach(() => vi.unstubAllGlobals());

test('a call that wants a proof is repeated unchanged once it is given', async () => {
  const sent = served(refused, () => answer(200, { done: true }));
  const asked: boolean[] = [];
  const forget = whenProofIsWanted((wanted) => {
    asked.push(wanted.details.second_factor === true);
    return Promise.resolve(true);
  });
  expect(await post('/exports', { reason: 'x' })).toEqual({ done: true });
  expect(asked).toEqual([true]);
  expect(sent.bodies).toEqual(['{"reason":"x"}', '{"reason":"x"}']);
  forget();
});

test('a call that stays unproven stays refused and is not sent again', async () => {
  const sent = served(refused);
  const forget = whenProofIsWanted(() => Promise.resolve(false));
  await expect(post('/exports')).rejects.toBeInstanceOf(Problem);
  expect(sent.bodies).toHaveLength(1);
  forget();
});

test('two calls refused at once ask once', async () => {
  served(refused, refused, () => answer(200, {}));
  let asked = 0;
  const forget = whenProofIsWanted(async () => {
    asked += 1;
    await Promise.resolve();
    return true;
  });
  await Promise.all([post('/tokens'), post('/exports')]);
  expect(asked).toBe(1);
  forget();
});
