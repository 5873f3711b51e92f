// Find and act: one field, results in groups, the first preselected. Cameras are asked of the server (name, pinyin
// initials, number, address); pages and actions are known here. It never searches picture content.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent as ReactKeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { treeSearch } from '@/api/cameras';
import type { TreeNode } from '@/api/types';
import { putOnWall } from '@/shared/wall';
import { addressText, nowUs } from '@/shared/time/beijing';
import { chooseTheme } from '@/shared/theme/appearance';
import { StatusShape } from '@/shared/ui/StatusShape';
import { useOpenPages } from './Rail';
import { cameraStatus } from '@/shared/cameraStatus';

interface Hit {
  id: string;
  group: 'cameras' | 'pages' | 'actions';
  label: ReactNode;
  path?: string;
  open: (how: 'open' | 'wall' | 'back') => void;
}

const MOST = 8;

/** The matched letters marked. */
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

function pathOf(node: TreeNode, all: Map<string, TreeNode>): string {
  const names: string[] = [];
  let parent = node.parent ? all.get(node.parent) : undefined;
  while (parent && names.length < 6) {
    names.unshift(parent.name);
    parent = parent.parent ? all.get(parent.parent) : undefined;
  }
  return names.join(' › ');
}

function useCameraHits(text: string): { hits: Hit[]; waiting: boolean } {
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ['tree', 'q', text],
    queryFn: ({ signal }) => treeSearch(text, signal),
    enabled: text.length > 0,
  });
  const hits = useMemo(() => {
    const all = new Map((query.data ?? []).map((n) => [n.id, n]));
    return (query.data ?? [])
      .filter((n) => n.kind === 'camera')
      .slice(0, MOST)
      .map((node): Hit => {
        const id = node.camera?.id ?? node.id;
        return {
          id: `camera-${node.id}`,
          group: 'cameras',
          label: (
            <>
              <StatusShape status={cameraStatus(node.camera)} word="hidden" /> <Marked text={node.name} part={text} />
            </>
          ),
          path: pathOf(node, all),
          open: (how) => {
            if (how === 'back') {
              void navigate({ to: '/playback', search: { c: id, t: addressText(nowUs() - 30_000_000) } });
            } else if (!putOnWall(id)) {
              void navigate({ to: '/live', search: { g: '1', c: `1:${id}` } });
            }
          },
        };
      });
  }, [query.data, text, navigate]);
  return { hits, waiting: query.isPending && query.isFetching };
}

function useLocalHits(text: string, onHelp: () => void): Hit[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const pages = useOpenPages();
  const acting = text.startsWith('>');
  const wanted = (acting ? text.slice(1) : text).trim().toLowerCase();
  const actions: [string, string, () => void][] = [
    ['light', `${t('frame.menu.theme')}: ${t('frame.menu.themeLight')}`, () => chooseTheme('light')],
    ['dark', `${t('frame.menu.theme')}: ${t('frame.menu.themeDark')}`, () => chooseTheme('dark')],
    ['contrast', `${t('frame.menu.theme')}: ${t('frame.menu.themeContrast')}`, () => chooseTheme('contrast')],
    ['keys', t('frame.menu.shortcuts'), onHelp],
  ];
  const pageHits = acting
    ? []
    : pages.flatMap((page): Hit[] => {
        if (!page.name) return [];
        const label = t(`frame.pages.${page.name}`);
        if (!label.toLowerCase().includes(wanted) && !page.path.includes(wanted)) return [];
        return [
          {
            id: `page-${page.path}`,
            group: 'pages',
            label: <Marked text={label} part={wanted} />,
            path: page.path,
            open: () => void navigate({ to: page.path }),
          },
        ];
      });
  const actionHits = actions
    .filter(([id, label]) => (acting || wanted) && (label.toLowerCase().includes(wanted) || id.includes(wanted)))
    .map(([id, label, open]): Hit => ({ id: `act-${id}`, group: 'actions', label: <Marked text={label} part={wanted} />, open }));
  return [...pageHits.slice(0, MOST), ...actionHits.slice(0, MOST)];
}

export function Palette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const asked = useDeferredValue(text.trim());
  const cameras = useCameraHits(asked.startsWith('>') ? '' : asked);
  const local = useLocalHits(text, onHelp);
  const hits = [...cameras.hits, ...local];
  const selected = Math.min(at, Math.max(0, hits.length - 1));
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const open = (index: number, how: 'open' | 'wall' | 'back'): void => {
    const hit = hits[index];
    if (!hit) return;
    onClose();
    hit.open(how);
  };
  const onKeyDown = (event: ReactKeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setAt((selected + (event.key === 'ArrowDown' ? 1 : hits.length - 1)) % Math.max(1, hits.length));
    } else if (event.key === 'Enter') {
      open(selected, event.ctrlKey ? 'wall' : event.altKey ? 'back' : 'open');
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      onClose();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="mj-veil" onMouseDown={(e) => e.target === e.currentTarget && onClose()}>
      <div className="mj-sheet" role="dialog" aria-label={t('frame.find')}>
        <input
          className="mj-palette-input"
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-hits"
          aria-activedescendant={hits[selected]?.id}
          aria-label={t('frame.find')}
          placeholder={t('frame.palette.placeholder')}
          value={text}
          onChange={(e) => {
            setText(e.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          data-testid="palette-input"
        />
        <div id="palette-hits" role="listbox" ref={list} aria-label={t('frame.find')}>
          {hits.map((hit, i) => (
            <div key={hit.id}>
              {hits[i - 1]?.group !== hit.group ? (
                <div className="mj-palette-group">{t(`frame.palette.${hit.group}`)}</div>
              ) : null}
              <div
                id={hit.id}
                role="option"
                aria-selected={i === selected}
                className="mj-palette-hit"
                onMouseMove={() => setAt(i)}
                onClick={(e) => open(i, e.ctrlKey ? 'wall' : e.altKey ? 'back' : 'open')}
              >
                <span>{hit.label}</span>
                {hit.path ? <span className="mj-palette-path">{hit.path}</span> : null}
              </div>
            </div>
          ))}
          {cameras.waiting ? <p className="mj-palette-group">{t('frame.palette.searching')}</p> : null}
          {!cameras.waiting && hits.length === 0 ? <p className="mj-empty">{t('frame.palette.none')}</p> : null}
        </div>
        <div className="mj-palette-foot">{t('frame.palette.hint')}</div>
      </div>
    </div>
  );
}
