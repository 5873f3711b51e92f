import { expect, test } from 'vitest';
import type { TreeNode } from '@/api/types';
import { flatten } from './treeRows';

const node = (id: string, parent: string | null, kind: TreeNode['kind'] = 'camera'): TreeNode => ({ id, kind, name: id, parent, online: 1, total: 1, camera: null });

const NODES = [node('42', null, 'division'), node('or_1', '42', 'organisation'), node('ch_1', 'or_1'), node('ch_2', '42')];

test('a search’s answer is wholly unfolded, ancestors first', () => {
  expect(flatten(NODES, null).map((r) => `${r.depth}${r.node.id}`)).toEqual(['042', '1or_1', '2ch_1', '1ch_2']);
});

test('a folded branch hides what is below it', () => {
  expect(flatten(NODES, new Set(['42'])).map((r) => r.node.id)).toEqual(['42', 'or_1', 'ch_2']);
});

test('a node with an unknown parent is a root, and a circle ends', () => {
  expect(flatten([node('a', 'gone')], null)).toHaveLength(1);
  expect(flatten([node('a', 'b'), node('b', 'a')], null)).toEqual([]);
});
