// The alarms that stand in this wall's alarm cells: asked, seated, claimed, put back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { alarms, claimAlarm } from '@/api/operations';
import type { Alarm } from '@/api/operations';
import { useLive } from '@/shared/live';
import { useMay, useSession } from '@/shared/session';
import { forWall, seat } from './alarmSeats';

const MOST = 50;
const ASK_EVERY_MS = 15_000;

export interface AlarmCells {
  /** By cell, from 1. */
  shown: ReadonlyMap<number, Alarm>;
  /** Claims the oldest unclaimed alarm; false where there is none. */
  claimOldest: () => boolean;
  claim: (id: string) => void;
  /** What was in the cell comes back. The alarm stays open, in the bottom line and in the queue. */
  putBack: (id: string) => void;
}

export function useAlarmCells(cells: ReadonlySet<number>): AlarmCells {
  const client = useQueryClient();
  const person = useSession().user.id;
  const enabled = useMay('alarm.read') && cells.size > 0;
  const mayClaim = useMay('alarm.handle');
  const [back, setBack] = useState<ReadonlySet<string>>(new Set());
  const [before, setBefore] = useState<ReadonlyMap<number, string>>(new Map());
  const ask = (state: string) => ({
    queryKey: ['alarms', state],
    queryFn: ({ signal }: { signal: AbortSignal }) => alarms({ state, limit: MOST }, signal),
    refetchInterval: ASK_EVERY_MS,
    enabled,
  });
  const fresh = useQuery(ask('new')).data;
  const claimed = useQuery(ask('claimed')).data;
  useLive('alarm', () => void client.invalidateQueries({ queryKey: ['alarms'] }));
  const claiming = useMutation({
    mutationFn: claimAlarm,
    onSettled: () => client.invalidateQueries({ queryKey: ['alarms'] }),
  });
  const open = useMemo(
    () => (enabled ? forWall([...(fresh?.items ?? []), ...(claimed?.items ?? [])], person, back) : []),
    [enabled, fresh, claimed, person, back],
  );
  const seats = useMemo(() => seat(open, [...cells], before), [open, cells, before]);
  // Kept for the next time, so that an alarm stays in its cell; equal seats are not set again.
  if (String([...seats]) !== String([...before])) setBefore(seats);
  const shown = useMemo(() => {
    const byId = new Map(open.map((one) => [one.id, one]));
    return new Map([...seats].flatMap(([cell, id]) => (byId.has(id) ? [[cell, byId.get(id) as Alarm] as const] : [])));
  }, [open, seats]);
  return {
    shown,
    claimOldest: () => {
      const oldest = open.find((one) => one.state === 'new');
      if (!oldest || !mayClaim) return false;
      claiming.mutate(oldest.id);
      return true;
    },
    claim: (id) => claiming.mutate(id),
    putBack: (id) => setBack((now) => new Set([...now, id])),
  };
}
