// What was typed into a filing's form and not saved yet. It is saved on wish, before every step, and when the form is left;
// only what differs from what stands there is sent.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { fillFiling } from '@/api/filings';
import type { FilingForm, FilingWhole } from '@/api/filings';
import { nowUs } from '@/shared/time/beijing';

export function useDraft(filing: FilingWhole) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<FilingForm>({});
  const [savedUs, setSavedUs] = useState<number | null>(null);
  const fill = useMutation({
    mutationFn: (content: FilingForm) => fillFiling(filing.id, content),
    onSuccess: async (kept, content) => {
      client.setQueryData(['filing', filing.id], kept);
      // What was typed while it was under way stays.
      setDraft((before) => Object.fromEntries(Object.entries(before).filter(([name, value]) => content[name as keyof FilingForm] !== value)));
      setSavedUs(nowUs());
      await client.invalidateQueries({ queryKey: ['filings'] });
    },
  });
  const waiting = Object.keys(draft).length > 0;
  return {
    draft,
    set: (change: FilingForm) => setDraft((before) => ({ ...before, ...change })),
    /** Resolves once everything is kept; rejects with the server's refusal. */
    save: async (): Promise<void> => {
      if (waiting) await fill.mutateAsync(draft);
    },
    waiting,
    running: fill.isPending,
    error: fill.error,
    savedUs,
  };
}

export type Draft = ReturnType<typeof useDraft>;
