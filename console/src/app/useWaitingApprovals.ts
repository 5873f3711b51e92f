// What takes two persons and waits for this one, for the bell: what one asked for oneself or is concerned by does not.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { approvals } from '@/api/approvals';
import type { Approval } from '@/api/approvals';
import { useLive } from '@/shared/live';
import { useMay } from '@/shared/session';
import { waitingForMe } from './notices';

/** Undefined until the first answer, and for who may not be a second person. */
export function useWaitingApprovals(): Approval[] | undefined {
  const client = useQueryClient();
  const may = useMay('user.confirm');
  const query = useQuery({
    queryKey: ['approvals'],
    queryFn: ({ signal }) => approvals(signal),
    // They lapse by themselves, and nobody tells.
    refetchInterval: 60_000,
    enabled: may,
    select: waitingForMe,
  });
  useLive('account', () => void client.invalidateQueries({ queryKey: ['approvals'] }));
  return query.data;
}
