// The wall's toolbar: grid, saved layouts, tour, full screen. 32 px, above the pictures and never on them.
import { FullscreenOutlined, MenuFoldOutlined, PlayCircleOutlined, StopOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '@/shared/ui/Act';
import { useMay } from '@/shared/session';
import { Layouts } from './Layouts';
import { DWELL_S } from './useTour';
import type { Tour } from './useTour';
import { GRIDS, MOST_ALARM_CELLS, withAlarmCells } from './wall';
import type { GridId, Wall } from './wall';

interface Props {
  wall: Wall;
  tour: Tour;
  onWall: (wall: Wall) => void;
  onTour: (dwellS: number) => void;
  onTree: () => void;
  onFull: () => void;
}

function gridName(grid: GridId): string {
  return grid.replace('p', '+');
}

function GridIcon({ grid }: { grid: GridId }) {
  return <span aria-hidden="true">{gridName(grid)}</span>;
}

const DWELLS_S = [5, 10, 15, 30, 60, 120, 300];

export function WallToolbar({ wall, tour, onWall, onTour, onTree, onFull }: Props) {
  const { t } = useTranslation();
  const mayAlarms = useMay('alarm.read');
  const [dwellS, setDwellS] = useState(DWELL_S);
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
        <Act kind="quiet" icon={<PlayCircleOutlined />} onAct={() => onTour(dwellS)} testId="tour-start">
          {t('live.toolbar.tourStart')}
        </Act>
      )}
      {tour.channels.length > 0 ? null : (
        <select className="mj-select" aria-label={t('live.toolbar.tour')} value={dwellS} data-testid="tour-dwell" onChange={(event) => setDwellS(Number(event.target.value))}>
          {DWELLS_S.map((seconds) => (
            <option key={seconds} value={seconds}>
              {t('live.toolbar.dwell', { seconds })}
            </option>
          ))}
        </select>
      )}
      {mayAlarms ? (
        <select className="mj-select" aria-label={t('live.alarm.cells')} value={wall.alarms.size} data-testid="alarm-cells" onChange={(event) => onWall(withAlarmCells(wall, Number(event.target.value)))}>
          {Array.from({ length: MOST_ALARM_CELLS + 1 }, (_, count) => (
            <option key={count} value={count}>
              {t('live.alarm.count', { count })}
            </option>
          ))}
        </select>
      ) : null}
      <span className="mj-wall-said mj-wall-end">{t('live.toolbar.automatic')}</span>
      <Act kind="quiet" icon={<FullscreenOutlined />} label={t('live.toolbar.full')} shortcut="F" onAct={onFull} />
    </div>
  );
}
