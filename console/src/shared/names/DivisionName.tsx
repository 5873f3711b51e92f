// The name of a division in the place of its code, which stays within reach.
import { useQuery } from '@tanstack/react-query';
import { divisions } from '@/api/accounts';
import { divisionAbove } from './paths';

export function DivisionName({ code }: { code: string }) {
  const above = divisionAbove(code);
  const query = useQuery({
    queryKey: ['divisions', above],
    queryFn: ({ signal }) => divisions(above, signal),
    staleTime: 600_000,
  });
  return <span title={code}>{query.data?.find((one) => one.code === code)?.name ?? code}</span>;
}
