// One moving live picture with its watermark, hover bar, and the status line under it. The same everywhere.
import {
  CameraOutlined, CloseOutlined, ExpandOutlined, FullscreenOutlined, HistoryOutlined,
  InfoCircleOutlined, ShrinkOutlined, SoundOutlined,
} from '@ant-design/icons';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera, StreamKind } from '@/api/types';
import { snapshotAddress } from '@/api/cameras';
import { useLivePlayer } from '@/shared/player/useLivePlayer';
import { useSession } from '@/shared/session';
import { addressText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { CellStatus } from './CellStatus';
import { FactsPanel } from './FactsPanel';
import { PictureNote } from './PictureNote';
import { useZoom, type Zoom } from './useZoom';
import { Watermark } from './Watermark';
import './messages';
import './VideoCell.css';

interface Props {
  camera: Camera;
  /** Number of the cell on its wall, from 1; gives the test id. */
  cell: number;
  /** Opened behind another picture whose place it will take. */
  coming?: boolean;
  stream: StreamKind;
  /** Small cells show what fits: shape, name, recording. */
  small: boolean;
  enlarged: boolean;
  /** The only picture of its wall. */
  alone?: boolean;
  sounding: boolean;
  facts: boolean;
  onSound: () => void;
  onEnlarge: () => void;
  onFacts: () => void;
  onClear: () => void;
  onPlayback: () => void;
  onDiagnose: () => void;
}

/** Saves the server's JPEG of now under the camera's name and moment. */
export function saveSnapshot(camera: Camera): void {
  const link = document.createElement('a');
  link.href = snapshotAddress(camera.id, { stream: 'main' });
  link.download = `${camera.name}_${addressText(nowUs()).replaceAll(':', '')}.jpg`;
  link.click();
}

export function VideoCell(props: Props) {
  const { camera, cell, stream, small, enlarged, sounding } = props;
  const { t } = useTranslation();
  const session = useSession();
  const seat = useRef<HTMLDivElement>(null);
  const [tampered, setTampered] = useState(false);
  const onTampered = useCallback(() => setTampered(true), []);
  const hasSub = camera.streams.some((s) => s.kind === 'sub');
  const { facts, video, canvas, still } = useLivePlayer({
    channel: camera.id,
    stream,
    hasSub,
    pace: enlarged ? 'frame' : 'economy',
    software: enlarged || props.alone === true,
    stopped: tampered,
  });
  const zoom = useZoom(seat);
  const phase = tampered ? 'refused' : (facts?.phase ?? 'opening');
  const state = t(`picture.cell.state.${phase}`);
  const live = phase === 'playing';

  return (
    <div
      className="mj-cell"
      role="group"
      aria-label={t('picture.cell.group', { at: cell, name: camera.name, state })}
      data-testid={props.coming ? `coming-${cell}` : `cell-${cell}`}
      data-state={phase}
      data-frames={facts?.frames ?? 0}
      data-stream={facts?.stream ?? stream}
      data-decoder={facts?.decoder}
      data-channel={camera.id}
    >
      <div ref={seat} className="mj-picture" onDoubleClick={props.onEnlarge}>
        <Watermark text={session.watermark} onTampered={onTampered} />
        <div className="mj-picture-zoom" ref={zoom.stage}>
          <video ref={video} muted={!sounding} playsInline disablePictureInPicture disableRemotePlayback />
          <canvas ref={canvas} className="mj-picture-drawn" data-shown={live && facts?.decoder === 'wasm'} aria-hidden="true" />
          <canvas ref={still} className="mj-picture-still" data-shown={!live} data-lost={phase !== 'opening'} aria-hidden="true" />
        </div>
        <PictureNote facts={facts} phase={phase} tampered={tampered} small={small} onDiagnose={props.onDiagnose} />
        {zoom.times > 1 ? <ZoomMap zoom={zoom} /> : null}
        <div className="mj-picture-bar">
          <Act kind="quiet" icon={<HistoryOutlined />} label={t('picture.cell.playback')} shortcut="B" onAct={props.onPlayback} />
          {small ? null : (
            <>
              <Act
                kind="quiet"
                icon={<SoundOutlined />}
                label={t('picture.cell.sound')}
                shortcut="U"
                pressed={sounding}
                onAct={props.onSound}
              />
              <Act kind="quiet" icon={<CameraOutlined />} label={t('picture.cell.snapshot')} shortcut="S" onAct={() => saveSnapshot(camera)} />
              <Act kind="quiet" icon={<InfoCircleOutlined />} label={t('picture.cell.facts')} shortcut="D" pressed={props.facts} onAct={props.onFacts} />
            </>
          )}
          <Act
            kind="quiet"
            icon={enlarged ? <ShrinkOutlined /> : <ExpandOutlined />}
            label={t(enlarged ? 'picture.cell.restore' : 'picture.cell.enlarge')}
            shortcut="Enter"
            onAct={props.onEnlarge}
          />
          {small ? null : (
            <Act kind="quiet" icon={<FullscreenOutlined />} label={t('picture.cell.full')} onAct={() => void seat.current?.requestFullscreen()} />
          )}
          <Act kind="quiet" icon={<CloseOutlined />} label={t('picture.cell.clear')} shortcut="Del" onAct={props.onClear} />
        </div>
      </div>
      {props.facts && facts && !small ? <FactsPanel facts={facts} /> : null}
      <CellStatus camera={camera} facts={facts} phase={phase} small={small} onDiagnose={props.onDiagnose} />
    </div>
  );
}

/** How much of the picture is seen, and where that lies in it. */
function ZoomMap({ zoom }: { zoom: Zoom }) {
  const { t } = useTranslation();
  const part = `${100 / zoom.times}%`;
  return (
    <>
      <span className="mj-picture-badge">{t('picture.cell.zoom', { times: zoom.times.toFixed(1) })}</span>
      <span className="mj-picture-map" aria-hidden="true" data-testid="zoom-map">
        <i style={{ left: `${zoom.left * 100}%`, top: `${zoom.top * 100}%`, width: part, height: part }} />
      </span>
    </>
  );
}
