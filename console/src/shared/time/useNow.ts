// The browser's clock as state, moving once a period and aligned to it.
import { useEffect, useState } from 'react';
import { nowUs } from './beijing';

export function useNow(periodMs = 1000): number {
  const [now, setNow] = useState(nowUs);
  useEffect(() => {
    let timer: number | undefined;
    const tick = (): void => {
      setNow(nowUs());
      timer = window.setTimeout(tick, periodMs - (Date.now() % periodMs));
    };
    tick();
    return () => window.clearTimeout(timer);
  }, [periodMs]);
  return now;
}
