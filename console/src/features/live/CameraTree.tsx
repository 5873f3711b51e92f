// Find and pick cameras: divisions and units unfold lazily, a search asks the server and keeps the ancestors of hits.
// Rows are virtual: a hundred thousand nodes draw as many rows as fit.
import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { treeSearch, treeUnder } from '@/api/cameras';
import { cameraStatus } from '@/shared/cameraStatus';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import { flatten, loneBranch } from './treeRows';
import type { TreeRow } from './treeRows';

interface Props {
  onPick: (channel: string) => void;
  /** Everything visible below a node, for the whole grid. */
  onPickAll: (channels: string[]) => void;
}

const REFRESH_MS = 10_000;

function useTree(text: string, open: ReadonlySet<string>) {
  const searching = text.length > 0;
  const found = useQuery({
    queryKey: ['tree', 'q', text],
    queryFn: ({ signal }) => treeSearch(text, signal),
    enabled: searching,
  });
  const root = useQuery({
    queryKey: ['tree', 'under', null],
    queryFn: ({ signal }) => treeUnder(null, signal),
    refetchInterval: REFRESH_MS,
  });
  const branches = useQueries({
    queries: [...open].map((id) => ({
      queryKey: ['tree', 'under', id],
      queryFn: async ({ signal }: { signal: AbortSignal }) => treeUnder(id, signal),
      refetchInterval: REFRESH_MS,
    })),
    combine: (results) => results.flatMap((r) => r.data ?? []),
  });
  const nodes = useMemo(
    () => (searching ? (found.data ?? []) : [...(root.data ?? []), ...branches]),
    [searching, found.data, root.data, branches],
  );
  return { query: searching ? found : root, nodes };
}

export function CameraTree({ onPick, onPickAll }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(0);
  const root = useQuery({ queryKey: ['tree', 'under', null], queryFn: ({ signal }) => treeUnder(null, signal) });
  // The topmost level is unfolded from the start, and below it whatever stands alone: a single division tells nobody anything.
  const open = useMemo(() => {
    const tops = (root.data ?? []).filter((n) => n.kind !== 'camera' && !closed.has(n.id)).map((n) => n.id);
    return new Set([...tops, ...opened]);
  }, [root.data, opened, closed]);
  const { query, nodes } = useTree(asked, open);
  const lone = asked ? undefined : loneBranch(nodes, open, closed);
  if (lone !== undefined) setOpened(new Set([...opened, lone]));
  const rows = useMemo(() => flatten(nodes, asked ? null : open), [nodes, asked, open]);
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => 26, overscan: 8 });

  const toggle = (row: TreeRow): void => {
    const id = row.node.id;
    const unfold = !open.has(id);
    setOpened((before) => new Set(unfold ? [...before, id] : [...before].filter((x) => x !== id)));
    setClosed((before) => new Set(unfold ? [...before].filter((x) => x !== id) : [...before, id]));
  };
  const act = (row: TreeRow | undefined, all: boolean): void => {
    if (!row) return;
    if (row.node.kind === 'camera') onPick(row.node.id);
    else if (all) onPickAll(below(rows, row));
    else toggle(row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const row = rows[at];
    if (event.key === 'ArrowDown') setAt(Math.min(rows.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'ArrowRight' && event.target === scroll.current && row && !open.has(row.node.id)) toggle(row);
    else if (event.key === 'ArrowLeft' && event.target === scroll.current && row && open.has(row.node.id)) toggle(row);
    else if (event.key === 'Enter') {
      const firstCamera = asked && rows[at]?.node.kind !== 'camera' ? rows.find((r) => r.node.kind === 'camera') : row;
      act(firstCamera, event.ctrlKey);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    virtual.scrollToIndex(at);
  };

  return (
    <aside className="mj-tree" aria-label={t('live.tree.what')} onKeyDown={onKeyDown}>
      <input
        className="mj-tree-search"
        type="search"
        placeholder={t('live.tree.search')}
        aria-label={t('live.tree.search')}
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          setAt(0);
        }}
        data-testid="tree-search"
      />
      <div ref={scroll} className="mj-tree-rows" role="tree" tabIndex={0} aria-label={t('live.tree.what')}>
        <PanelState
          query={query}
          what={t('live.tree.what')}
          empty={rows.length === 0 ? <p className="mj-empty">{asked ? t('live.tree.none', { text: asked }) : t('live.tree.empty')}</p> : undefined}
        >
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index];
              return row ? (
                <Row key={row.node.id} row={row} top={item.start} current={item.index === at} unfolded={asked !== '' || open.has(row.node.id)} part={asked}
                  onClick={(all) => {
                    setAt(item.index);
                    act(row, all);
                  }} channels={() => below(rows, row)} />
              ) : null;
            })}
          </div>
        </PanelState>
      </div>
    </aside>
  );
}

function below(rows: TreeRow[], parent: TreeRow): string[] {
  const from = rows.indexOf(parent) + 1;
  const rest = rows.slice(from);
  const until = rest.findIndex((r) => r.depth <= parent.depth);
  return (until < 0 ? rest : rest.slice(0, until)).filter((r) => r.node.kind === 'camera').map((r) => r.node.id);
}

interface RowProps {
  row: TreeRow;
  top: number;
  current: boolean;
  unfolded: boolean;
  part: string;
  onClick: (all: boolean) => void;
  channels: () => string[];
}

function Row({ row, top, current, unfolded, part, onClick, channels }: RowProps) {
  const { node, depth } = row;
  const camera = node.kind === 'camera';
  return (
    <div
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={current}
      aria-expanded={camera ? undefined : unfolded}
      className="mj-tree-row"
      style={{ transform: `translateY(${top}px)`, paddingLeft: 6 + depth * 14 }}
      draggable
      onDragStart={(e) => e.dataTransfer.setData('application/x-mingjing-channels', (camera ? [node.id] : channels()).join(','))}
      onClick={(e) => (camera ? undefined : onClick(e.ctrlKey))}
      onDoubleClick={() => (camera ? onClick(false) : undefined)}
      data-testid={camera ? `tree-${node.id}` : undefined}
      title={node.name}
    >
      {camera ? <StatusShape status={cameraStatus(node.camera)} word="hidden" /> : <span className="mj-tree-fold">{unfolded ? <CaretDownOutlined /> : <CaretRightOutlined />}</span>}
      <span className="mj-tree-name">
        <Marked text={node.name} part={part} />
      </span>
      {camera ? null : (
        <span className="mj-tree-count" data-low={node.online < node.total}>
          {node.online}/{node.total}
        </span>
      )}
    </div>
  );
}

function Marked({ text, part }: { text: string; part: string }) {
  const at = part ? text.toLowerCase().indexOf(part.toLowerCase()) : -1;
  if (at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + part.length)}</mark>
      {text.slice(at + part.length)}
    </>
  );
}

