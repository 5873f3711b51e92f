// A flat answer of nodes with parents, as rows in the order and depth that a tree is drawn in. Pure.
import type { TreeNode } from '@/api/types';

export interface TreeRow {
  node: TreeNode;
  depth: number;
}

/** `open` null means everything is unfolded (a search's answer). A node whose parent is absent is a root. */
export function flatten(nodes: TreeNode[], open: ReadonlySet<string> | null): TreeRow[] {
  const known = new Map(nodes.map((n) => [n.id, n]));
  const children = new Map<string | null, TreeNode[]>();
  for (const node of known.values()) {
    const parent = node.parent !== null && known.has(node.parent) ? node.parent : null;
    const siblings = children.get(parent) ?? [];
    siblings.push(node);
    children.set(parent, siblings);
  }
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  const walk = (parent: string | null, depth: number): void => {
    for (const node of children.get(parent) ?? []) {
      if (seen.has(node.id)) continue;
      seen.add(node.id);
      rows.push({ node, depth });
      if (open === null || open.has(node.id)) walk(node.id, depth + 1);
    }
  };
  walk(null, 0);
  return rows;
}

/** The next folded branch that has no sibling, unless somebody folded it by hand. */
export function loneBranch(nodes: TreeNode[], open: ReadonlySet<string>, closed: ReadonlySet<string>): string | undefined {
  const siblings = new Map<string | null, TreeNode[]>();
  for (const node of nodes) siblings.set(node.parent, [...(siblings.get(node.parent) ?? []), node]);
  const alone = [...siblings.values()].flatMap((level) => (level.length === 1 ? level : []));
  return alone.find((node) => node.kind !== 'camera' && !open.has(node.id) && !closed.has(node.id))?.id;
}
