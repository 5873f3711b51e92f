// The grid of cells: what stands in each, selecting, dropping, enlarging in place. Pictures only; controls stand elsewhere.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { camera as readCamera } from '@/api/cameras';
import { Problem } from '@/api/problem';
import { VideoCell } from '@/shared/video/VideoCell';
import { AlarmLine } from './AlarmLine';
import type { AlarmCells } from './useAlarmCells';
import { shapeOf } from './wall';
import type { Wall } from './wall';

export const CHANNELS = 'application/x-mingjing-channels';
const CELL = 'application/x-mingjing-cell';
const MAIN_FROM_PX = 640;
const SMALL_BELOW_PX = 260;

export interface WallActs {
  select: (cell: number) => void;
  drop: (cell: number, channels: string[]) => void;
  swap: (from: number, to: number) => void;
  enlarge: (cell: number) => void;
  clear: (cell: number) => void;
  sound: (cell: number) => void;
  facts: () => void;
  playback: (channel: string) => void;
  diagnose: (channel: string) => void;
}

interface Props {
  wall: Wall;
  enlarged: number | null;
  sounding: number | null;
  facts: boolean;
  /** What is opened behind the shown picture of a cell, to take its place without a black moment. */
  coming: ReadonlyMap<number, string>;
  alarms: AlarmCells;
  acts: WallActs;
}

function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1000);
  useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

export function WallGrid({ wall, enlarged, sounding, facts, coming, alarms, acts }: Props) {
  const shape = shapeOf(wall.grid);
  const [box, width] = useWidth();
  const onDrop = (event: DragEvent, cell: number): void => {
    event.preventDefault();
    const from = event.dataTransfer.getData(CELL);
    const channels = event.dataTransfer.getData(CHANNELS).split(',').filter(Boolean);
    if (from) acts.swap(Number(from), cell);
    else if (channels.length > 0) acts.drop(cell, channels);
  };
  return (
    <div
      ref={box}
      className="mj-wall"
      style={{ gridTemplate: `repeat(${shape.rows}, minmax(0, 1fr)) / repeat(${shape.columns}, minmax(0, 1fr))` }}
      data-testid="wall"
      data-grid={wall.grid}
    >
      {shape.places.map(([column, row, w, h], index) => {
        const cell = index + 1;
        const large = enlarged === cell;
        const cellWidth = large ? width : (width * w) / shape.columns;
        const alarm = alarms.shown.get(cell);
        const channel = alarm?.channel ?? wall.cells.get(cell);
        // Both have the channel for a key: what was opened behind goes on playing when it comes to the front.
        const seated = [...new Set([channel, alarm ? undefined : coming.get(cell)])].filter((one) => one !== undefined);
        return (
          <div
            key={cell}
            className="mj-wall-cell"
            data-selected={wall.selected === cell}
            data-enlarged={large}
            data-alarm={alarm !== undefined}
            style={large ? undefined : { gridArea: `${row} / ${column} / span ${h} / span ${w}` }}
            draggable={channel !== undefined && !alarm}
            onDragStart={(e) => e.dataTransfer.setData(CELL, String(cell))}
            onDragOver={(e) => e.preventDefault()}
            onDrop={(e) => onDrop(e, cell)}
            onMouseDown={() => acts.select(cell)}
          >
            {alarm ? <AlarmLine alarm={alarm} cells={alarms} /> : null}
            {channel === undefined ? <EmptyCell cell={cell} forAlarms={wall.alarms.has(cell)} small={cellWidth < SMALL_BELOW_PX} /> : null}
            {seated.map((one) => (
              <div key={one} className="mj-wall-seat" data-coming={one !== channel} inert={one !== channel}>
                <FilledCell
                  cell={cell}
                  coming={one !== channel}
                  channel={one}
                  width={cellWidth}
                  enlarged={large}
                  alone={shape.places.length === 1}
                  sounding={sounding === cell && one === channel}
                  facts={facts && wall.selected === cell}
                  acts={acts}
                />
              </div>
            ))}
          </div>
        );
      })}
    </div>
  );
}

function EmptyCell({ cell, forAlarms, small }: { cell: number; forAlarms: boolean; small: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="mj-wall-empty" data-testid={`cell-${cell}`} data-state="empty" role="group" aria-label={t('picture.cell.empty')}>
      <span aria-hidden="true">{forAlarms ? '▲' : '＋'}</span>
      {forAlarms ? t('live.alarm.cell') : small ? null : t('picture.cell.emptyHint')}
    </div>
  );
}

interface FilledProps {
  cell: number;
  coming: boolean;
  channel: string;
  width: number;
  enlarged: boolean;
  alone: boolean;
  sounding: boolean;
  facts: boolean;
  acts: WallActs;
}

function FilledCell({ cell, coming, channel, width, enlarged, alone, sounding, facts, acts }: FilledProps) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['camera', channel],
    queryFn: ({ signal }) => readCamera(channel, signal),
    refetchInterval: 5000,
  });
  const camera = query.data;
  if (!camera) {
    const absent = query.error instanceof Problem && query.error.status === 404;
    return (
      <div className="mj-wall-empty" data-testid={coming ? `coming-${cell}` : `cell-${cell}`} data-state={absent ? 'invisible' : 'opening'}>
        {absent ? t('picture.cell.invisible') : t('picture.cell.awaitingPicture')}
      </div>
    );
  }
  const hasSub = camera.streams.some((s) => s.kind === 'sub');
  const stream = !hasSub || enlarged || width >= MAIN_FROM_PX ? 'main' : 'sub';
  return (
    <VideoCell
      camera={camera}
      cell={cell}
      coming={coming}
      stream={stream}
      small={width < SMALL_BELOW_PX}
      enlarged={enlarged}
      alone={alone}
      sounding={sounding}
      facts={facts}
      onSound={() => acts.sound(cell)}
      onEnlarge={() => acts.enlarge(cell)}
      onFacts={acts.facts}
      onClear={() => acts.clear(cell)}
      onPlayback={() => acts.playback(camera.id)}
      onDiagnose={() => acts.diagnose(camera.id)}
    />
  );
}
