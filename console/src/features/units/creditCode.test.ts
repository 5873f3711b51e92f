import { expect, test } from 'vitest';
import { isCreditCode } from './creditCode';

test.each(['91420100MA4KLLKW84', '11420115MB1234567Q'])('the check digit of %s is told', (code) => {
  const right = Array.from('0123456789ABCDEFGHJKLMNPQRTUWXY').filter((last) => isCreditCode(code.slice(0, -1) + last));
  expect(right).toHaveLength(1);
});

test.each(['', '1142011', '11420115MB123456IQ', '11420115mb1234567q', '11420115MB1234567Q0'])('%j is no code', (code) => {
  expect(isCreditCode(code)).toBe(false);
});
