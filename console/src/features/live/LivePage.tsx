// The live wall: tree, toolbar, grid, and the keys that do everything the mouse does. State lives in the address.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '@/api/types';
import { useKeys } from '@/shared/keys';
import { addressText, nowUs } from '@/shared/time/beijing';
import { saveSnapshot } from '@/shared/video/VideoCell';
import { wallStands } from '@/shared/wall';
import { CameraTree } from './CameraTree';
import { useAlarmCells } from './useAlarmCells';
import { useFirstWall } from './useFirstWall';
import { useScreens } from './useScreens';
import { useTour } from './useTour';
import { useWall } from './useWall';
import { WallGrid } from './WallGrid';
import type { WallActs } from './WallGrid';
import { WallToolbar } from './WallToolbar';
import { GRIDS, cellCount, fill, neighbour, place, roundOf, swap } from './wall';
import './messages';
import './LivePage.css';

const EVEN: string[] = ['1', '4', '9', '16', '25'];
const BACK_US = 30_000_000;

export default function LivePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const page = useRef<HTMLDivElement>(null);
  const [wall, setWall] = useWall();
  useFirstWall(wall, setWall);
  const tour = useTour(wall, setWall);
  const [tree, setTree] = useState(true);
  const [enlarged, setEnlarged] = useState<number | null>(null);
  const [sounding, setSounding] = useState<number | null>(null);
  const [facts, setFacts] = useState(false);
  const [moving, setMoving] = useState(false);
  const [said, setSaid] = useState('');
  const [filledWith, setFilledWith] = useState<string[]>([]);
  const alarmCells = useAlarmCells(wall.alarms);
  const selected = alarmCells.shown.get(wall.selected)?.channel ?? wall.cells.get(wall.selected);
  const alarmStands = alarmCells.shown.size > 0;
  const tourRuns = tour.channels.length > 0 && !tour.held;
  const holdTour = tour.hold;
  useEffect(() => {
    if (alarmStands && tourRuns) holdTour();
    // Only its coming holds the tour: who lets it go on meanwhile has decided so.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [alarmStands]);
  const cameraOf = (id: string): Camera | undefined => client.getQueryData<Camera>(['camera', id]);

  const put = (channel: string): void => {
    const next = (wall.selected % cellCount(wall.grid)) + 1;
    setWall({ ...place(wall, wall.selected, channel), selected: next });
  };
  const latestPut = useRef(put);
  useEffect(() => {
    latestPut.current = put;
  });
  useEffect(() => wallStands((channel) => latestPut.current(channel)), []);

  const fillAll = (channels: string[]): void => {
    const { wall: filled, left } = fill(wall, channels);
    setWall(filled);
    setFilledWith(channels);
    setSaid(left.length > 0 ? t('live.tree.fillHint', { count: filled.cells.size, all: channels.length }) : '');
  };
  const screens = useScreens({
    onTake: (channel) => put(channel),
    onTaken: (channel, to) => {
      const cells = new Map(wall.cells);
      const cell = [...cells].find(([, one]) => one === channel)?.[0];
      if (cell !== undefined) cells.delete(cell);
      setWall({ ...wall, cells });
      setSaid(t('live.screens.handed', { screen: to }));
    },
  });
  const hand = (direction: 1 | -1): void => {
    if (selected === undefined) setSaid(t('live.screens.noPicture'));
    else if (screens.hand(selected, direction) === null) setSaid(t('live.screens.alone'));
  };
  const full = (): void => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void page.current?.requestFullscreen();
  };
  const playback = (channel: string): void => {
    void navigate({ to: '/playback', search: { c: channel, t: addressText(nowUs() - BACK_US) } });
  };
  const acts: WallActs = {
    select: (cell) => {
      if (cell !== wall.selected) setWall({ ...wall, selected: cell }, 'replace');
      if (tour.channels.length > 0 && !tour.held) tour.hold();
    },
    drop: (cell, channels) => {
      const [only] = channels;
      if (channels.length === 1 && only) setWall({ ...place(wall, cell, only), selected: cell });
      else fillAll(channels);
    },
    swap: (from, to) => setWall(swap(wall, from, to)),
    enlarge: (cell) => setEnlarged((now) => (now === cell || (!wall.cells.has(cell) && !alarmCells.shown.has(cell)) ? null : cell)),
    clear: (cell) => {
      const cells = new Map(wall.cells);
      cells.delete(cell);
      setEnlarged(null);
      setWall({ ...wall, cells });
    },
    sound: (cell) => setSounding((now) => (now === cell ? null : cell)),
    facts: () => setFacts((f) => !f),
    playback,
    diagnose: (channel) => void navigate({ to: `/cameras/${channel}/diagnosis` }),
  };
  useWallKeys({ wall, setWall, acts, enlarged, setEnlarged, moving, setMoving, selected, snapshot: () => {
    const camera = selected ? cameraOf(selected) : undefined;
    if (camera) saveSnapshot(camera);
  }, full, toggleTree: () => setTree((s) => !s), hold: tour.hold, claim: alarmCells.claimOldest, hand });

  const movingName = moving && selected ? (cameraOf(selected)?.name ?? selected) : null;
  return (
    <div ref={page} className="mj-live" data-tree={tree}>
      {tree ? <CameraTree onPick={put} onPickAll={fillAll} /> : null}
      <section className="mj-live-main">
        <WallToolbar wall={wall} round={roundOf(wall, filledWith)} tour={tour} screens={screens} onWall={setWall} onTree={() => setTree((s) => !s)} onFull={full} />
        {said || movingName ? (
          <p className="mj-live-said" role="status">
            {movingName ? t('live.moving', { name: movingName }) : said}
          </p>
        ) : null}
        <WallGrid wall={wall} enlarged={enlarged} sounding={sounding} facts={facts} coming={tour.coming} alarms={alarmCells} acts={acts} />
      </section>
    </div>
  );
}

interface KeySeat {
  wall: ReturnType<typeof useWall>[0];
  setWall: ReturnType<typeof useWall>[1];
  acts: WallActs;
  enlarged: number | null;
  setEnlarged: (cell: number | null) => void;
  moving: boolean;
  setMoving: (moving: boolean) => void;
  selected: string | undefined;
  snapshot: () => void;
  full: () => void;
  toggleTree: () => void;
  hold: () => void;
  claim: () => boolean;
  /** The selected picture to the screen beside this one. */
  hand: (direction: 1 | -1) => void;
}

function useWallKeys(seat: KeySeat): void {
  const { t } = useTranslation();
  const { wall, setWall, acts, selected } = seat;
  const done = (act: () => void) => (): undefined => {
    act();
  };
  const grid = (step: number): void => {
    const at = EVEN.indexOf(wall.grid);
    const next = EVEN[Math.min(EVEN.length - 1, Math.max(0, (at < 0 ? 2 : at) + step))];
    setWall({ ...wall, grid: GRIDS.find((g) => g === next) ?? wall.grid });
  };
  const arrows = (event: KeyboardEvent): boolean | undefined => {
    if (event.target instanceof HTMLElement && event.target.closest('.mj-tree')) return false;
    const next = neighbour(wall.grid, wall.selected, event.key);
    if (seat.moving) setWall(swap(wall, wall.selected, next));
    else setWall({ ...wall, selected: next }, 'replace');
    return undefined;
  };
  const enter = (event: KeyboardEvent): boolean | undefined => {
    if (event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement) return false;
    acts.enlarge(wall.selected);
    return undefined;
  };
  const escape = (): boolean | undefined => {
    if (seat.moving) seat.setMoving(false);
    else if (seat.enlarged !== null) seat.setEnlarged(null);
    else return false;
    return undefined;
  };
  const bindings = useMemo(() => [
      ['1-9', t('live.keys.select')], ['←→↑↓', t('live.keys.move')], ['Enter', t('live.keys.enlarge')], ['Esc', t('live.keys.out')],
      ['B', t('live.keys.back')], ['S', t('live.keys.snapshot')], ['[', t('live.keys.smaller')], [']', t('live.keys.larger')],
      ['\\', t('live.keys.tree')], ['F', t('live.keys.full')], ['Space', t('live.keys.hold')], ['M', t('live.keys.swap')],
      ['Del', t('live.keys.clear')], ['D', t('live.keys.details')], ['U', t('live.keys.sound')], ['A', t('live.keys.claim')],
      ['Ctrl Shift ArrowRight', t('live.keys.nextScreen')], ['Ctrl Shift ArrowLeft', t('live.keys.previousScreen')],
    ] as const, [t]);
  const does: Record<string, (event: KeyboardEvent) => boolean | undefined> = {
    '1-9': (event) => {
      const cell = Number(event.key);
      if (cell <= cellCount(wall.grid)) setWall({ ...wall, selected: cell }, 'replace');
      return undefined;
    },
    '←→↑↓': arrows,
    Enter: enter,
    Esc: escape,
    B: done(() => selected && acts.playback(selected)),
    S: done(seat.snapshot),
    '[': done(() => grid(-1)),
    ']': done(() => grid(1)),
    '\\': done(seat.toggleTree),
    F: done(seat.full),
    Space: (event) => {
      if (event.target instanceof HTMLButtonElement) return false;
      seat.hold();
      return undefined;
    },
    M: done(() => seat.setMoving(!seat.moving && selected !== undefined)),
    Del: done(() => acts.clear(wall.selected)),
    D: done(acts.facts),
    U: done(() => acts.sound(wall.selected)),
    A: () => (seat.claim() ? undefined : false),
    'Ctrl Shift ArrowRight': done(() => seat.hand(1)),
    'Ctrl Shift ArrowLeft': done(() => seat.hand(-1)),
  };
  useKeys(bindings.map(([keys, meaning]) => ({ keys, meaning, act: does[keys] ?? (() => false) })));
}
