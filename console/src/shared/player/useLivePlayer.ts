// The player in a component: started when mounted, closed when it goes; React only reads its facts.
import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { StreamKind } from '@/api/types';
import { LivePlayer } from './livePlayer';
import type { PlayerFacts } from './livePlayer';
import { liveTicket } from './tickets';
import type { Pace } from './wire';

interface Wish {
  channel: string;
  stream: StreamKind;
  hasSub: boolean;
  pace: Pace;
  /** Whether our own decoder may be used where the browser has none: one large picture at a time. */
  software: boolean;
  /** Set when the picture must not play (watermark removed). */
  stopped: boolean;
}

const SUBPROTOCOL = 'mingjing.live.1';

export interface LiveView {
  facts: PlayerFacts | null;
  video: RefObject<HTMLVideoElement | null>;
  /** Where our own decoder draws. */
  canvas: RefObject<HTMLCanvasElement | null>;
  /** Holds the last frame while no new one comes. */
  still: RefObject<HTMLCanvasElement | null>;
}

function keepFrame(video: HTMLVideoElement, drawn: HTMLCanvasElement | null, still: HTMLCanvasElement | null): void {
  const decoded = drawn !== null && drawn.dataset.shown === 'true';
  if (!still || (!decoded && (video.videoWidth === 0 || video.readyState < 2))) return;
  still.width = decoded ? drawn.width : video.videoWidth;
  still.height = decoded ? drawn.height : video.videoHeight;
  still.getContext('2d')?.drawImage(decoded ? drawn : video, 0, 0);
}

export function useLivePlayer({ channel, stream, hasSub, pace, software, stopped }: Wish): LiveView {
  const video = useRef<HTMLVideoElement>(null);
  const drawn = useRef<HTMLCanvasElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const player = useRef<LivePlayer | null>(null);
  const paceNow = useRef(pace);
  const [facts, setFacts] = useState<PlayerFacts | null>(null);

  useEffect(() => {
    paceNow.current = pace;
    player.current?.setPace(pace);
  }, [pace]);

  useEffect(() => {
    const element = video.current;
    const canvas = still.current;
    const picture = drawn.current;
    if (!element || stopped) return undefined;
    const live = new LivePlayer({
      video: element,
      stream,
      hasSub,
      canvas: software ? drawn.current : null,
      pace: paceNow.current,
      ticketFor: (kind) => liveTicket(channel, kind),
      openSocket: (url) => new WebSocket(url, SUBPROTOCOL),
      onChange: setFacts,
      beforeBlank: () => keepFrame(element, picture, canvas),
    });
    player.current = live;
    return () => {
      // The old picture stays on the canvas until the next stream's first frame.
      keepFrame(element, picture, canvas);
      live.close();
      player.current = null;
    };
  }, [channel, stream, hasSub, software, stopped]);

  return { facts, video, canvas: drawn, still };
}
