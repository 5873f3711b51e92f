// This window among the screens of the desk: hears which others are open, takes what is handed to it, hands on its own.
import { useEffect, useRef, useState } from 'react';
import { useAddress } from '@/shared/address';
import { freeScreen, readScreen, screenBeside, type Word } from './screens';

const CHANNEL = 'mingjing.screens';

export interface Screens {
  /** This one, from 1. */
  readonly screen: number;
  /** All that are open, this one among them. */
  readonly open: readonly number[];
  /** Hands a camera on; the screen that it goes to, or null where there is none. */
  hand: (channel: string, direction: 1 | -1) => number | null;
  /** Opens one more; its number, or null where there are enough. */
  openNext: () => number | null;
}

interface Acts {
  /** Another screen hands a camera to this one. */
  onTake: (channel: string) => void;
  /** What was handed on has arrived. */
  onTaken: (channel: string, to: number) => void;
}

export function useScreen(): number {
  const [address] = useAddress();
  return readScreen(address.screen);
}

export function useScreens(acts: Acts): Screens {
  const screen = useScreen();
  const [others, setOthers] = useState<readonly number[]>([]);
  const latest = useRef(acts);
  const air = useRef<BroadcastChannel | null>(null);
  useEffect(() => {
    latest.current = acts;
  });
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return undefined;
    const channel = new BroadcastChannel(CHANNEL);
    air.current = channel;
    const say = (word: Word): void => channel.postMessage(word);
    const leave = (): void => say({ say: 'gone', screen });
    channel.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data.say === 'who') say({ say: 'here', screen });
      if (data.say === 'here') setOthers((now) => [...new Set([...now, data.screen])]);
      if (data.say === 'gone') setOthers((now) => now.filter((one) => one !== data.screen));
      if (data.say === 'take' && data.to === screen) {
        latest.current.onTake(data.channel);
        say({ ...data, say: 'taken' });
      }
      if (data.say === 'taken' && data.from === screen) latest.current.onTaken(data.channel, data.to);
    };
    say({ say: 'here', screen });
    say({ say: 'who' });
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
      channel.close();
      air.current = null;
      setOthers([]);
    };
  }, [screen]);
  const open = [...new Set([screen, ...others])].sort((a, b) => a - b);
  return {
    screen,
    open,
    hand: (channel, direction) => {
      const to = screenBeside(screen, open, direction);
      if (to !== null) air.current?.postMessage({ say: 'take', from: screen, to, channel } satisfies Word);
      return to;
    },
    openNext: () => {
      const next = freeScreen(open);
      if (next !== null) window.open(`/live?screen=${next}`, '_blank', 'noopener,popup,width=1280,height=720');
      return next;
    },
  };
}
