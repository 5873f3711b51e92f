// A moving live picture with its watermark and what keeps it from moving; no controls. Where one looks once, and goes on.
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera, StreamKind } from '@/api/types';
import { useLivePlayer } from '@/shared/player/useLivePlayer';
import { useSession } from '@/shared/session';
import { PictureNote } from './PictureNote';
import { Watermark } from './Watermark';
import './messages';
import './VideoCell.css';

interface Props {
  camera: Camera;
  stream: StreamKind;
  onDiagnose: () => void;
}

export function PlainPicture({ camera, stream, onDiagnose }: Props) {
  const { t } = useTranslation();
  const session = useSession();
  const [tampered, setTampered] = useState(false);
  const onTampered = useCallback(() => setTampered(true), []);
  const { facts, video, canvas, still } = useLivePlayer({
    channel: camera.id, stream, hasSub: false, pace: 'frame', software: true, stopped: tampered,
  });
  const phase = tampered ? 'refused' : (facts?.phase ?? 'opening');
  return (
    <div className="mj-picture mj-picture-plain" role="group" aria-label={camera.name} data-testid="plain-picture" data-state={phase} data-frames={facts?.frames ?? 0}>
      <Watermark text={session.watermark} onTampered={onTampered} />
      <div className="mj-picture-zoom">
        <video ref={video} muted playsInline disablePictureInPicture disableRemotePlayback aria-label={t(`picture.cell.${stream}`)} />
        <canvas ref={canvas} className="mj-picture-drawn" data-shown={phase === 'playing' && facts?.decoder === 'wasm'} aria-hidden="true" />
        <canvas ref={still} className="mj-picture-still" data-shown={phase !== 'playing'} data-lost={phase !== 'opening'} aria-hidden="true" />
      </div>
      <PictureNote facts={facts} phase={phase} tampered={tampered} small={false} onDiagnose={onDiagnose} />
    </div>
  );
}
