// The wall's toolbar: grid, saved layouts, tour, full screen. 32 px, above the pictures and never on them.
import { FullscreenOutlined, MenuFoldOutlined, PlayCircleOutlined, SaveOutlined, StopOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { layouts, saveLayout } from '@/api/layouts';
import { Act } from '@/shared/ui/Act';
import { problemText } from '@/shared/ui/PanelState';
import type { Tour } from './useTour';
import { GRIDS } from './wall';
import type { GridId, Wall } from './wall';

interface Props {
  wall: Wall;
  tour: Tour;
  onWall: (wall: Wall) => void;
  onTour: () => void;
  onTree: () => void;
  onFull: () => void;
}

function gridName(grid: GridId): string {
  return grid.replace('p', '+');
}

function GridIcon({ grid }: { grid: GridId }) {
  return <span aria-hidden="true">{gridName(grid)}</span>;
}

export function WallToolbar({ wall, tour, onWall, onTour, onTree, onFull }: Props) {
  const { t } = useTranslation();
  return (
    <div className="mj-wall-bar" role="toolbar" aria-label={t('live.toolbar.grid')}>
      <Act kind="quiet" icon={<MenuFoldOutlined />} label={t('live.toolbar.tree')} shortcut="\" onAct={onTree} />
      <Layouts wall={wall} onWall={onWall} />
      <span className="mj-wall-grids">
        {GRIDS.map((grid) => (
          <Act key={grid} kind="quiet" pressed={wall.grid === grid} label={`${t('live.toolbar.grid')} ${gridName(grid)}`} testId={`grid-${grid}`} onAct={() => onWall({ ...wall, grid })}>
            <GridIcon grid={grid} />
          </Act>
        ))}
      </span>
      {tour.channels.length > 0 ? (
        <>
          <Act kind="quiet" icon={<StopOutlined />} onAct={tour.stop}>
            {t('live.toolbar.tourStop')}
          </Act>
          <span className="mj-wall-said" data-testid="tour">
            {tour.held ? t('live.toolbar.tourHold') : t('live.toolbar.tourPage', { at: tour.page + 1, of: tour.pages, seconds: tour.left })}
          </span>
        </>
      ) : (
        <Act kind="quiet" icon={<PlayCircleOutlined />} onAct={onTour} testId="tour-start">
          {t('live.toolbar.tourStart')}
        </Act>
      )}
      <span className="mj-wall-said mj-wall-end">{t('live.toolbar.automatic')}</span>
      <Act kind="quiet" icon={<FullscreenOutlined />} label={t('live.toolbar.full')} shortcut="F" onAct={onFull} />
    </div>
  );
}

function Layouts({ wall, onWall }: { wall: Wall; onWall: (wall: Wall) => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({ queryKey: ['layouts'], queryFn: layouts, staleTime: 60_000 });
  const [name, setName] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: saveLayout,
    onSuccess: () => {
      setName(null);
      void client.invalidateQueries({ queryKey: ['layouts'] });
    },
  });
  const open = (id: string): void => {
    const layout = query.data?.find((l) => l.id === id);
    if (!layout) return;
    const cells = new Map(Object.entries(layout.content.cells).map(([cell, channel]): [number, string] => [Number(cell), channel]));
    onWall({ grid: GRIDS.find((g) => g === layout.content.grid) ?? wall.grid, cells, selected: 1 });
  };
  if (name !== null) {
    return (
      <form
        className="mj-wall-save"
        onSubmit={(event) => {
          event.preventDefault();
          const cells = Object.fromEntries([...wall.cells].map(([cell, channel]) => [String(cell), channel]));
          save.mutate({ name, shared: false, content: { grid: wall.grid, cells } });
        }}
      >
        <input className="mj-tree-search" autoFocus required maxLength={60} value={name} placeholder={t('live.toolbar.saveAs')} aria-label={t('live.toolbar.saveAs')} onChange={(e) => setName(e.target.value)} onKeyDown={(e) => e.key === 'Escape' && setName(null)} />
        <Act submit kind="primary">
          {t('live.toolbar.save')}
        </Act>
        {save.error ? <span role="alert">{problemText(save.error, i18n.language).text}</span> : null}
      </form>
    );
  }
  return (
    <>
      <select className="mj-select" aria-label={t('live.toolbar.layout')} value="" onChange={(e) => open(e.target.value)} data-testid="layouts">
        <option value="">{t('live.toolbar.layout')}</option>
        {(query.data ?? []).map((layout) => (
          <option key={layout.id} value={layout.id}>
            {layout.name}
          </option>
        ))}
      </select>
      <Act kind="quiet" icon={<SaveOutlined />} label={t('live.toolbar.save')} onAct={() => setName('')} testId="layout-save" />
    </>
  );
}
