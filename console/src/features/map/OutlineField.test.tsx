// The typed twin of drawing an outline: what is typed is the outline, and what cannot be read is said with its line.
import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { OutlineField } from './OutlineField';
import type { Outlined } from './OutlineField';

it('takes an outline as it is typed, and says which line is none', () => {
  const told: Outlined[] = [];
  const square = [[114, 30], [114.01, 30], [114.01, 30.01]];
  render(<OutlineField value={square} middle={null} fault={undefined} testId="outline" onChange={(one) => told.push(one)} />);
  const box = screen.getByTestId('outline');
  expect(box).toHaveProperty('value', '114, 30\n114.01, 30\n114.01, 30.01');
  fireEvent.change(box, { target: { value: '114, 30\n114.02, 30\n114.01 30.01' } });
  expect(told.at(-1)).toEqual({ ring: [[114, 30], [114.02, 30], [114.01, 30.01]], readable: true });
  fireEvent.change(box, { target: { value: '114, 30\n东门' } });
  expect(told.at(-1)).toEqual({ ring: null, readable: false });
  expect(screen.getByRole('alert').textContent).toContain('2');
  fireEvent.change(box, { target: { value: '' } });
  expect(told.at(-1)).toEqual({ ring: null, readable: true });
});
