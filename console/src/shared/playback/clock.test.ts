import { expect, test } from 'vitest';
import { MasterClock, isKeyFrameRate, nextRate } from './master-clock';
import { JUMP_MS, steer } from './steering';

test('the clock runs at its rate, stands while held and goes on from there', () => {
  const clock = new MasterClock(1_000_000, 0);
  clock.play(0);
  clock.setRate(2, 1000);
  expect(clock.read(1500).positionUs).toBe(1_000_000 + 1_000_000 + 1_000_000);
  clock.hold(1500);
  expect(clock.read(9000).positionUs).toBe(3_000_000);
  clock.release(9000);
  expect(clock.read(9500).positionUs).toBe(4_000_000);
});

test('backwards is a negative rate', () => {
  const clock = new MasterClock(10_000_000, 0);
  clock.play(0);
  clock.setRate(-4, 0);
  expect(clock.read(1000).positionUs).toBe(6_000_000);
});

test('the hand moves the position and release plays from there', () => {
  const clock = new MasterClock(0, 0);
  clock.scrubTo(5_000_000, 10);
  expect(clock.read(5000)).toMatchObject({ positionUs: 5_000_000, mode: 'scrubbing' });
  const before = clock.read(5000).jumps;
  clock.endScrub(6_000_000, 5000, true);
  expect(clock.read(5000)).toMatchObject({ positionUs: 6_000_000, mode: 'playing', jumps: before + 1 });
});

test('J and L walk the rates through standing speed into backwards', () => {
  expect(nextRate(1, 1)).toBe(2);
  expect(nextRate(16, 1)).toBe(16);
  expect(nextRate(0.25, -1)).toBe(-1);
  expect(nextRate(-1, -1)).toBe(-2);
  expect(isKeyFrameRate(4)).toBe(false);
  expect(isKeyFrameRate(8)).toBe(true);
  expect(isKeyFrameRate(-1)).toBe(true);
});

test('nine pictures with different start delays and frame jitter come within 100 ms and stay there', () => {
  // A picture runs at its playback rate with a speed error of up to 0.3 %, and is steered 25 times a second.
  for (let camera = 0; camera < 9; camera += 1) {
    let pictureMs = -40 * camera;
    let rate = 1;
    let worstLate = 0;
    for (let nowMs = 0; nowMs < 60_000; nowMs += 40) {
      const driftMs = pictureMs - nowMs;
      const steering = steer(driftMs, 1);
      if (steering.act === 'jump') pictureMs = nowMs;
      else rate = steering.playbackRate;
      pictureMs += 40 * rate * (1 + 0.003 * Math.sin(camera + nowMs / 700));
      if (nowMs > 5_000) worstLate = Math.max(worstLate, Math.abs(pictureMs - nowMs - 40));
    }
    expect(worstLate).toBeLessThanOrEqual(100);
  }
});

test('a large difference is jumped, not stretched', () => {
  expect(steer(JUMP_MS + 1, 1)).toEqual({ act: 'jump' });
  expect(steer(10, 1)).toEqual({ act: 'speed', playbackRate: 1 });
});
