// The name of a division in the place of its code, which stays within reach.
import { useQuery } from '@tanstack/react-query';
import { divisions } from '@/api/accounts';

/** `path`: codes from the province down, `420000/420100/420115/`. */
export function DivisionName({ path }: { path: string }) {
  const [code, under] = path.split('/').filter(Boolean).reverse();
  const query = useQuery({
    queryKey: ['divisions', under ?? null],
    queryFn: ({ signal }) => divisions(under ?? null, signal),
    staleTime: 600_000,
    enabled: code !== undefined,
  });
  if (code === undefined) return null;
  return <span title={code}>{query.data?.find((one) => one.code === code)?.name ?? code}</span>;
}
