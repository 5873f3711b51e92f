// The wall's toolbar: grid, saved layouts, tour, full screen. 32 px, above the pictures and never on them.
import { FullscreenOutlined, MenuFoldOutlined, SwitcherOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Act } from '@/shared/ui/Act';
import { useMay } from '@/shared/session';
import { Layouts } from './Layouts';
import { MOST_SCREENS } from './screens';
import { Tours } from './Tours';
import type { Screens } from './useScreens';
import type { Tour } from './useTour';
import { GRIDS, MOST_ALARM_CELLS, withAlarmCells } from './wall';
import type { GridId, Wall } from './wall';

interface Props {
  wall: Wall;
  /** What a tour of this wall would show. */
  round: string[];
  tour: Tour;
  screens: Screens;
  onWall: (wall: Wall) => void;
  onTree: () => void;
  onFull: () => void;
}

function gridName(grid: GridId): string {
  return grid.replace('p', '+');
}

function GridIcon({ grid }: { grid: GridId }) {
  return <span aria-hidden="true">{gridName(grid)}</span>;
}

export function WallToolbar({ wall, round, tour, screens, onWall, onTree, onFull }: Props) {
  const { t } = useTranslation();
  const mayAlarms = useMay('alarm.read');
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
      <Tours grid={wall.grid} round={round} tour={tour} />
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
      {screens.open.length > 1 ? (
        <span className="mj-wall-said" data-testid="screen">
          {t('live.screens.this', { screen: screens.screen, of: screens.open.length })}
        </span>
      ) : null}
      <Act
        kind="quiet"
        icon={<SwitcherOutlined />}
        label={t('live.screens.open')}
        refusal={screens.open.length < MOST_SCREENS ? null : { reason: t('live.screens.enough', { most: MOST_SCREENS }) }}
        onAct={() => screens.openNext()}
        testId="screen-open"
      />
      <Act kind="quiet" icon={<FullscreenOutlined />} label={t('live.toolbar.full')} shortcut="F" onAct={onFull} />
    </div>
  );
}
