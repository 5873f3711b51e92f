// The alarms that nobody has claimed yet, as the status bar and the bell show them: one question for both.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { alarms } from '@/api/operations';
import type { Alarm } from '@/api/operations';
import { useLive } from '@/shared/live';
import { useMay } from '@/shared/session';

const MOST = 50;

export interface NewAlarms {
  /** Undefined until the first answer, and for who may not see alarms. */
  items: Alarm[] | undefined;
  total: number;
}

export function useNewAlarms(): NewAlarms {
  const client = useQueryClient();
  const may = useMay('alarm.read');
  const query = useQuery({
    queryKey: ['alarms', 'new'],
    queryFn: ({ signal }) => alarms({ state: 'new', limit: MOST }, signal),
    refetchInterval: 15_000,
    enabled: may,
  });
  useLive('alarm', () => void client.invalidateQueries({ queryKey: ['alarms'] }));
  return { items: query.data?.items, total: query.data?.total ?? 0 };
}
