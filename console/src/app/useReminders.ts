// What one was reminded of and has not taken note of, for the bell: told in the night, looked for each minute.
import { useQuery } from '@tanstack/react-query';
import { reminders } from '@/api/reminders';

export function useReminders() {
  const query = useQuery({ queryKey: ['reminders'], queryFn: ({ signal }) => reminders(signal), refetchInterval: 60_000 });
  return { items: query.data?.items ?? [], total: query.data?.total ?? 0 };
}
