// Planned outages of a system: while one lasts, no fault order opens by itself. Times are Beijing time.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { outages, planOutage } from '@/api/orders';
import { useMay } from '@/shared/session';
import { momentText, parseWall } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { TextField, useFaults } from '@/shared/ui/fields';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import './messages';

export function Outages({ system }: { system: string }) {
  const { t } = useTranslation();
  const may = useMay('order.read');
  const [adding, setAdding] = useState(false);
  const refusal = useRefusal();
  const mayWrite = useMay('order.write');
  const query = useQuery({ queryKey: ['outages', system], queryFn: ({ signal }) => outages(system, signal), enabled: may });
  if (!may) return null;
  const rows = query.data ?? [];
  return (
    <section className="mj-card" data-testid="system-outages">
      <h2>{t('registers.outages.title')}</h2>
      <PanelState query={query} what={t('registers.outages.title')}>
        {query.isSuccess && rows.length === 0 ? <p className="mj-muted">{t('registers.outages.none')}</p> : null}
        <ul className="mj-plain">
          {rows.map((one) => (
            <li key={one.id}>
              {momentText(one.from_us)} – {momentText(one.until_us)} {one.reason} <span className="mj-muted">{one.entered_by_name}</span>
            </li>
          ))}
        </ul>
      </PanelState>
      {adding ? (
        <OutageForm system={system} onClose={() => setAdding(false)} />
      ) : (
        <Act testId="outage-plan" refusal={refusal(mayWrite, t('rights.permission.order.write'))} onAct={() => setAdding(true)}>
          {t('registers.outages.plan')}
        </Act>
      )}
    </section>
  );
}

function OutageForm({ system, onClose }: { system: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [wish, setWish] = useState({ from: '', until: '', reason: '' });
  const set = (change: Partial<typeof wish>) => setWish((before) => ({ ...before, ...change }));
  const from = parseWall(wish.from);
  const until = parseWall(wish.until);
  const send = useMutation({
    mutationFn: () => planOutage({ system, from_us: from ?? 0, until_us: until ?? 0, reason: wish.reason }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['outages', system] });
      onClose();
    },
  });
  const faults = useFaults(send.error);
  const why = from === null || until === null || !wish.reason.trim() ? t('registers.outages.incomplete') : null;
  return (
    <form
      className="mj-form"
      data-testid="outage-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !send.isPending) send.mutate();
      }}
    >
      <TextField label={t('registers.member.since')} mandatory hint={t('registers.outages.hint')} value={wish.from} fault={faults.from_us} testId="outage-from" onChange={(value) => set({ from: value })} />
      <TextField label={t('registers.member.until')} mandatory value={wish.until} fault={faults.until_us} testId="outage-until" onChange={(value) => set({ until: value })} />
      <TextField label={t('registers.outages.reason')} mandatory lines={2} most={2000} value={wish.reason} fault={faults.reason} testId="outage-reason" onChange={(reason) => set({ reason })} />
      {send.isError ? <ErrorNote error={send.error} what={t('registers.outages.plan')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why ? { reason: why } : null} testId="outage-send">
          {send.isPending ? t('oversee.submitting') : t('registers.enter')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}
