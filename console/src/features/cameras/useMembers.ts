// The members of a dossier, as the server lists them: they stay as they are while it runs.
import { useQuery } from '@tanstack/react-query';
import { dossierMembers, type Member } from '@/api/dossiers';

const NONE: Member[] = [];

export function useMembers(): Member[] {
  return useQuery({ queryKey: ['dossier-members'], queryFn: ({ signal }) => dossierMembers(signal), staleTime: Infinity }).data ?? NONE;
}
