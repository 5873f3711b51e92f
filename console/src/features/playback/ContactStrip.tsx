// The contact strip of the finest zooms: nine key frames around the moment, the one that shows it in the middle. A press on
// one goes there.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CONTACT_FRAMES, CONTACT_MIDDLE, ContactFrames, placesOf, type ContactFrame } from '@/shared/playback/contact-frames';
import type { PlaybackPlayer } from '@/shared/playback/playback-player';
import { clockMsText, type Micros } from '@/shared/time/axis';
import { Watermark } from '@/shared/video/Watermark';

interface Props {
  player: PlaybackPlayer;
  name: string;
  atUs: Micros;
  watermark: string;
  onGo: (atUs: Micros) => void;
}

const NOTHING: { frames: ContactFrame[]; failed: boolean } = { frames: [], failed: false };

export function ContactStrip({ player, name, atUs, watermark, onGo }: Props) {
  const { t } = useTranslation();
  const strip = useRef<ContactFrames | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const [{ frames, failed }, setShown] = useState(NOTHING);

  useEffect(() => {
    const shown = new ContactFrames(player.segmentIndex, player.recorded, () =>
      setShown({ frames: shown.frames, failed: shown.fault !== null }),
    );
    strip.current = shown;
    return () => {
      shown.close();
      setShown(NOTHING);
    };
  }, [player]);

  useEffect(() => strip.current?.show(atUs), [atUs, player]);

  // Where the strip is wider than the screen, the moment comes first.
  useEffect(() => {
    const box = list.current;
    if (box) box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
  }, [frames.length]);

  const stop = useCallback(() => {
    strip.current?.close();
    setShown(NOTHING);
  }, []);
  const places = placesOf(
    frames.map((frame) => frame.wallUs),
    atUs,
  );
  const shown = frames
    .map((frame, index) => ({ ...frame, place: places[index] ?? -1 }))
    .filter(({ place }) => place >= 0 && place < CONTACT_FRAMES);
  return (
    <div className="mj-play-strip" data-testid="contact-strip">
      <span className="mj-play-strip-name">
        {t('playback.strip')} · {name}
      </span>
      <ol ref={list}>
        {shown.map(({ wallUs, picture, place }) => (
          <li key={wallUs} style={{ gridColumn: place + 1 }}>
            <button
              type="button"
              aria-current={place === CONTACT_MIDDLE ? 'true' : undefined}
              aria-label={t('playback.stripGo', { time: clockMsText(wallUs) })}
              data-wall-us={wallUs}
              data-shown={picture !== null}
              onClick={() => onGo(wallUs)}
            >
              <span className="mj-play-strip-picture">
                {picture ? (
                  <>
                    <Watermark text={watermark} onTampered={stop} />
                    <Picture picture={picture} />
                  </>
                ) : failed ? (
                  t('playback.noPicture')
                ) : null}
              </span>
              {clockMsText(wallUs)}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Picture({ picture }: { picture: ImageBitmap }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext('2d')?.drawImage(picture, 0, 0);
  }, [picture]);
  return <canvas ref={canvas} width={picture.width} height={picture.height} aria-hidden="true" />;
}
