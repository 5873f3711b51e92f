import { expect, test } from 'vitest';
import { after, wayOf } from './steps';

test('who owes nothing goes straight in', () => {
  expect(after(wayOf({ must_change_password: false, must_enrol: false }), 'credentials')).toBeNull();
});

test('a one-time password comes before a second factor, and the role comes last', () => {
  const way = wayOf({ must_change_password: true, must_enrol: true });
  expect(way).toEqual(['credentials', 'password', 'factor', 'role']);
  expect(after(way, 'password')).toBe('factor');
  expect(after(way, 'role')).toBeNull();
});

test('a demanded factor stands alone where the password is already one’s own', () => {
  expect(wayOf({ must_change_password: false, must_enrol: true })).toEqual(['credentials', 'factor', 'role']);
});
