import { expect, test } from 'vitest';
import { CONTACT_MIDDLE, nextWanted, placesOf } from './contact-frames';

test('the frame that shows the moment stands in the middle of the strip, also where there are few before it', () => {
  expect(placesOf([0, 2, 4, 6], 5)).toEqual([CONTACT_MIDDLE - 2, CONTACT_MIDDLE - 1, CONTACT_MIDDLE, CONTACT_MIDDLE + 1]);
  expect(placesOf([4, 6], 4)).toEqual([CONTACT_MIDDLE, CONTACT_MIDDLE + 1]);
  expect(placesOf([], 4)).toEqual([]);
});

test('the picture nearest to the moment is fetched first', () => {
  const frames = [0, 2, 4, 6].map((wallUs) => ({ wallUs }));
  expect(nextWanted(frames, () => false, 5)?.wallUs).toBe(4);
  expect(nextWanted(frames, (us) => us === 4 || us === 6, 5)?.wallUs).toBe(2);
  expect(nextWanted(frames, () => true, 5)).toBeUndefined();
});
