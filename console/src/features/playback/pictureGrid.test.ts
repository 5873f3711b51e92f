import { describe, expect, it } from 'vitest';
import { columnsFor } from './pictureGrid';

describe('columns of the pictures', () => {
  it('lays nine side by side in a low wide box, and three by three in a tall one', () => {
    expect(columnsFor(9, 1076, 335, 24)).toBe(5);
    expect(columnsFor(9, 1640, 900, 24)).toBe(3);
  });

  it('puts two beside each other on a desk and below each other on a phone', () => {
    expect(columnsFor(2, 1076, 430, 24)).toBe(2);
    expect(columnsFor(2, 360, 420, 24)).toBe(1);
  });

  it('gives one picture the whole box', () => {
    expect(columnsFor(1, 1076, 430, 24)).toBe(1);
  });
});
