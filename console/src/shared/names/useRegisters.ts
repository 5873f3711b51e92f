// Roles and units, which everybody signed in may read: lists that seldom change.
import { useQuery } from '@tanstack/react-query';
import { roles as readRoles, units as readUnits } from '@/api/accounts';

export function useRegisters() {
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => readRoles(signal), staleTime: 600_000 });
  const units = useQuery({ queryKey: ['units'], queryFn: ({ signal }) => readUnits(signal), staleTime: 60_000 });
  return { roles: roles.data ?? [], units: units.data ?? [] };
}
