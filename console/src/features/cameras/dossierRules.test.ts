import { describe, expect, it } from 'vitest';
import { beyond, moves } from './dossierRules';

const FILED = { in_use: '2026-10-18', azimuth: 90, tilt: null };

describe('a camera in use is moved for a reason', () => {
  it('asks for it when one that was entered changes', () => {
    expect(moves(FILED, { azimuth: 120 }, '2026-11-23')).toBe(true);
    expect(moves(FILED, { azimuth: null }, '2026-11-23')).toBe(true);
  });
  it('asks nothing when it is entered first, put back, or something else changes', () => {
    expect(moves(FILED, { tilt: 10 }, '2026-11-23')).toBe(false);
    expect(moves(FILED, { azimuth: 90 }, '2026-11-23')).toBe(false);
    expect(moves(FILED, { height_m: 4 }, '2026-11-23')).toBe(false);
  });
  it('asks nothing before it is in use', () => {
    expect(moves(FILED, { azimuth: 120 }, '2026-10-17')).toBe(false);
    expect(moves({ ...FILED, in_use: null }, { azimuth: 120 }, '2026-11-23')).toBe(false);
  });
});

it('offers what was measured only where it says something else', () => {
  expect(beyond(null, { value: 30, source: 'plan' })).toBe(true);
  expect(beyond(30, { value: 30, source: 'plan' })).toBe(false);
  expect(beyond('h264', { value: 'h265', source: 'stream' })).toBe(true);
  expect(beyond('h264', undefined)).toBe(false);
});
