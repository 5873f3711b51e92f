// The picture under the pointer: the key frame at or before the moment, 160×90, with its true time.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaybackPlayer } from '@/shared/playback/playback-player';
import { StillScreens } from '@/shared/playback/still-screen';
import { StillView } from '@/shared/playback/still-view';
import { clockMsText, type Micros } from '@/shared/time/axis';
import { Watermark } from '@/shared/video/Watermark';

interface Props {
  player: PlaybackPlayer;
  atUs: Micros;
  /** Within the timeline. */
  x: number;
  watermark: string;
}

export function HoverPicture({ player, atUs, x, watermark }: Props) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<StillView | null>(null);
  const [shown, setShown] = useState<{ layer: string; wallUs: Micros | null }>({ layer: 'still', wallUs: null });

  useEffect(() => {
    if (!video.current || !canvas.current) return undefined;
    const screens = new StillScreens(video.current, canvas.current);
    const stills = new StillView(player.segmentIndex, player.recorded, (mime) => screens.for(mime, true), () => {
      setShown({ layer: screens.layer, wallUs: stills.inGap || stills.fault ? null : stills.shownUs });
    });
    view.current = stills;
    return () => {
      stills.close();
      screens.close();
    };
  }, [player]);

  useEffect(() => view.current?.show(atUs), [atUs, player]);

  return (
    <div
      className="mj-play-hover"
      style={{ left: `clamp(0px, ${Math.round(x - 80)}px, calc(100% - 162px))` }}
      data-testid="hover-picture"
      data-layer={shown.layer}
      data-wall-us={shown.wallUs ?? undefined}
    >
      <video ref={video} className="mj-play-still" muted playsInline disablePictureInPicture />
      <canvas ref={canvas} className="mj-play-drawn" aria-hidden="true" />
      <Watermark text={watermark} onTampered={() => view.current?.close()} />
      <span>{shown.wallUs === null ? t('playback.noPicture') : clockMsText(shown.wallUs)}</span>
    </div>
  );
}
