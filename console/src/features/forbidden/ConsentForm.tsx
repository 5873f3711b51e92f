// The form of a secret unit's consent: to enter one, or to change one that stands, with what was changed on it below.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeConsent, enterConsent, forbiddenPlaces } from '@/api/forbidden';
import type { Consent, ConsentWish } from '@/api/forbidden';
import { RecordChanges } from '@/features/registers/RecordParts';
import { Act } from '@/shared/ui/Act';
import { DayField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { ErrorNote } from '@/shared/ui/PanelState';
import { everyRow } from '@/shared/useRows';
import { ConsentCameras } from './ConsentCameras';
import './messages';

interface Props {
  /** The one that is changed; none: a new one is entered. Its neighbourhood stays. */
  consent?: Consent;
  zone: string;
  onClose: () => void;
}

export function ConsentForm({ consent, zone, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const zones = useQuery({
    queryKey: ['forbidden-places', 'secret'],
    queryFn: ({ signal }) => everyRow((after) => forbiddenPlaces({ kind: 'secret_neighbour', limit: 500, after }, signal)),
  });
  const [content, setContent] = useState<Required<Omit<ConsentWish, 'given'>> & { given: string | null }>(() => ({
    zone: consent?.zone ?? zone,
    name: consent?.name ?? '',
    number: consent?.number ?? '',
    given: consent?.given ?? null,
    until: consent?.until ?? null,
    cameras: consent?.cameras ?? [],
    points: consent?.points ?? '',
  }));
  const set = (change: Partial<typeof content>) => setContent((before) => ({ ...before, ...change }));
  const chosen = content.zone || zones.data?.[0]?.id || '';
  const save = useMutation({
    mutationFn: async ({ zone: around, ...wish }: ConsentWish) => {
      await (consent ? changeConsent(consent.id, wish) : enterConsent({ zone: around, ...wish }));
    },
    onSuccess: async () => {
      await Promise.all(['secret-consents', 'record-changes', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onClose();
    },
  });
  const faults = useFaults(save.error);
  const title = t(consent ? 'forbidden.consent.change' : 'forbidden.consent.enter');
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
      <h2>{title}</h2>
      {!consent && zones.isSuccess && zones.data.length === 0 ? (
        <p>
          {t('forbidden.consent.noZone')}{' '}
          <Link to="/forbidden-places" search={{ add: '1' }}>
            {t('forbidden.consent.toZones')}
          </Link>
        </p>
      ) : null}
      {consent ? (
        <p>
          <span className="mj-muted">{t('forbidden.consent.zone')}</span> <Link to={`/forbidden-places/${consent.zone}`}>{consent.zone_name}</Link>
        </p>
      ) : (
        <SelectField
          label={t('forbidden.consent.zone')}
          mandatory
          value={chosen}
          options={(zones.data ?? []).map((one) => ({ code: one.id, name: one.name }))}
          fault={faults.zone}
          testId="consent-zone"
          onChange={(value) => set({ zone: value })}
        />
      )}
      <TextField label={t('forbidden.consent.name')} mandatory most={100} value={content.name} fault={faults.name} testId="consent-name" onChange={(name) => set({ name })} />
      <TextField label={t('forbidden.consent.number')} most={100} value={content.number} fault={faults.number} testId="consent-number" onChange={(number) => set({ number })} />
      <DayField label={t('forbidden.consent.given')} mandatory value={given} fault={faults.given} testId="consent-given" onChange={(value) => set({ given: value })} />
      <DayField label={t('forbidden.consent.until')} value={content.until} fault={faults.until} testId="consent-until" onChange={(until) => set({ until })} />
      <ConsentCameras zone={zones.data?.find((one) => one.id === chosen)} chosen={content.cameras} onChange={(cameras) => set({ cameras })} />
      <TextField label={t('forbidden.consent.points')} lines={2} most={2000} value={content.points} testId="consent-points" onChange={(points) => set({ points })} />
      {save.isError ? <ErrorNote error={save.error} what={title} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why ? { reason: why } : null} testId="consent-save">
          {save.isPending ? t('oversee.submitting') : t(consent ? 'registers.save' : 'registers.enter')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
      {consent ? <RecordChanges register="secret-consents" id={consent.id} /> : null}
    </form>
  );
}
