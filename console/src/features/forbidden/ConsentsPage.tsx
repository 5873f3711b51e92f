// Consents of secret units to cameras in their neighbourhood, and the form that enters one.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { consents, enterConsent, forbiddenPlaces } from '@/api/forbidden';
import type { Consent, ConsentWish } from '@/api/forbidden';
import { PlaceTabs } from '@/features/registers/PlaceTabs';
import { useAddress } from '@/shared/address';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { DayField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { everyRow, PAGE_ROWS, useRows } from '@/shared/useRows';
import { ConsentCameras } from './ConsentCameras';
import './messages';

export default function ConsentsPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const mayWrite = useMay('register.write');
  const { zone } = address;
  const { query, rows, total } = useRows(['secret-consents', { zone }], (after, signal) => consents({ zone, limit: PAGE_ROWS, after }, signal));
  const title = t('forbidden.consent.title');
  return (
    <Sheet
      title={title}
      lead={query.isSuccess ? t('registers.count', { shown: rows.length, total }) : null}
      testId="secret-consents-page"
      acts={
        <Act kind="primary" testId="consent-enter" refusal={refusal(mayWrite, t('rights.permission.register.write'))} onAct={() => change({ add: '1' })}>
          {t('forbidden.consent.enter')}
        </Act>
      }
      bar={<PlaceTabs current="secret-consents" />}
      beside={address.add === '1' && mayWrite ? <ConsentForm zone={zone ?? ''} onClose={() => change({ add: undefined }, 'replace')} /> : undefined}
    >
      <PanelState query={query} what={title} empty={query.isSuccess && rows.length === 0 ? <Empty>{t('forbidden.consent.none')}</Empty> : undefined}>
        <RecordTable<Consent>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `consent-${one.id}`}
          caption={t('forbidden.consent.caption')}
          columns={[
            { key: 'name', title: t('forbidden.consent.name'), cell: (one) => one.name, by: (one) => one.name },
            { key: 'number', title: t('forbidden.consent.number'), cell: (one) => one.number || '—', by: (one) => one.number },
            { key: 'zone', title: t('forbidden.consent.zone'), cell: (one) => <Link to={`/forbidden-places/${one.zone}`}>{one.zone_name}</Link>, by: (one) => one.zone_name },
            { key: 'given', title: t('forbidden.consent.given'), cell: (one) => one.given, by: (one) => one.given },
            { key: 'until', title: t('forbidden.consent.until'), cell: (one) => one.until ?? t('forbidden.always'), by: (one) => one.until ?? '9999' },
            { key: 'cameras', title: t('forbidden.consent.cameras'), cell: (one) => <Covered consent={one} /> },
            { key: 'points', title: t('forbidden.consent.points'), cell: (one) => one.points || '—' },
          ]}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}

function Covered({ consent: { cameras } }: { consent: Consent }) {
  const { t } = useTranslation();
  if (cameras.length === 0) return t('forbidden.consent.all');
  return cameras.map((id, at) => (
    <span key={id}>
      {at > 0 ? '、' : ''}
      <Link to={`/cameras/${id}`}>
        <NameText id={id} />
      </Link>
    </span>
  ));
}

function ConsentForm({ zone, onClose }: { zone: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const zones = useQuery({
    queryKey: ['forbidden-places', 'secret'],
    queryFn: ({ signal }) => everyRow((after) => forbiddenPlaces({ kind: 'secret_neighbour', limit: 500, after }, signal)),
  });
  const [content, setContent] = useState<Required<Omit<ConsentWish, 'given'>> & { given: string | null }>({
    zone, name: '', number: '', given: null, until: null, cameras: [], points: '',
  });
  const set = (change: Partial<typeof content>) => setContent((before) => ({ ...before, ...change }));
  const chosen = content.zone || zones.data?.[0]?.id || '';
  const save = useMutation({
    mutationFn: (wish: ConsentWish) => enterConsent(wish),
    onSuccess: async () => {
      await Promise.all(['secret-consents', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onClose();
    },
  });
  const faults = useFaults(save.error);
  const { given } = content;
  const why = chosen && content.name.trim() && given ? null : t('forbidden.consent.incomplete');
  return (
    <form
      className="mj-card mj-form"
      data-testid="consent-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (given && !why && !save.isPending) save.mutate({ ...content, given, zone: chosen });
      }}
    >
      <h2>{t('forbidden.consent.enter')}</h2>
      {zones.isSuccess && zones.data.length === 0 ? (
        <p>
          {t('forbidden.consent.noZone')}{' '}
          <Link to="/forbidden-places" search={{ add: '1' }}>
            {t('forbidden.consent.toZones')}
          </Link>
        </p>
      ) : null}
      <SelectField label={t('forbidden.consent.zone')} mandatory value={chosen} options={(zones.data ?? []).map((one) => ({ code: one.id, name: one.name }))} fault={faults.zone} testId="consent-zone" onChange={(value) => set({ zone: value })} />
      <TextField label={t('forbidden.consent.name')} mandatory most={100} value={content.name} fault={faults.name} testId="consent-name" onChange={(name) => set({ name })} />
      <TextField label={t('forbidden.consent.number')} most={100} value={content.number} fault={faults.number} testId="consent-number" onChange={(number) => set({ number })} />
      <DayField label={t('forbidden.consent.given')} mandatory value={given} fault={faults.given} testId="consent-given" onChange={(value) => set({ given: value })} />
      <DayField label={t('forbidden.consent.until')} value={content.until} fault={faults.until} testId="consent-until" onChange={(until) => set({ until })} />
      <ConsentCameras zone={zones.data?.find((one) => one.id === chosen)} chosen={content.cameras} onChange={(cameras) => set({ cameras })} />
      <TextField label={t('forbidden.consent.points')} lines={2} most={2000} value={content.points} testId="consent-points" onChange={(points) => set({ points })} />
      {save.isError ? <ErrorNote error={save.error} what={t('forbidden.consent.enter')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why ? { reason: why } : null} testId="consent-save">
          {save.isPending ? t('oversee.submitting') : t('registers.enter')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}
