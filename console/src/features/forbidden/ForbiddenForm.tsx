// Entering a prohibited place, or changing its record. Of a change only what was changed is sent.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeForbiddenPlace, enterForbiddenPlace } from '@/api/forbidden';
import type { ForbiddenPlace, ForbiddenPlaceWish } from '@/api/forbidden';
import { useWords } from '@/shared/law/useWords';
import { DivisionField } from '@/shared/names/DivisionField';
import { useRegisters } from '@/shared/names/useRegisters';
import { Act } from '@/shared/ui/Act';
import { DayField, NumberField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { ErrorNote } from '@/shared/ui/PanelState';
import './messages';

type Content = Required<Omit<ForbiddenPlaceWish, 'place' | 'outline'>>;

const EMPTY: Content = {
  name: '', kind: 'intimate_facility', division: '', organisation: '', longitude: null, latitude: null, radius_m: null, since: null,
  until: null, note: '',
};
const MEMBERS = Object.keys(EMPTY) as (keyof Content)[];

interface Props {
  /** Absent: a new one. */
  place?: ForbiddenPlace;
  division?: string;
  onDone: (place: ForbiddenPlace) => void;
  onClose: () => void;
}

export function ForbiddenForm({ place, division = '', onDone, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { units } = useRegisters();
  const { list } = useWords();
  const [start] = useState<Content>(() =>
    place ? (Object.fromEntries(MEMBERS.map((name) => [name, place[name]])) as unknown as Content) : { ...EMPTY, division },
  );
  const [content, setContent] = useState(start);
  const set = (change: Partial<Content>) => setContent((before) => ({ ...before, ...change }));
  const organisation = content.organisation || units[0]?.id || '';
  const changed = Object.fromEntries(MEMBERS.filter((name) => content[name] !== start[name]).map((name) => [name, content[name]]));
  const save = useMutation({
    mutationFn: () => (place ? changeForbiddenPlace(place.id, changed) : enterForbiddenPlace({ ...content, organisation })),
    onSuccess: async (kept) => {
      await Promise.all(
        ['forbidden-places', 'forbidden-place', 'record-changes', 'findings', 'compliance', 'decisions', 'rounds'].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      );
      onDone(kept);
    },
  });
  const faults = useFaults(save.error);
  const circle = content.longitude !== null && content.latitude !== null && content.radius_m !== null;
  const whole = content.name.trim() && content.division && organisation && (circle || place?.outline);
  const why = whole ? (place && Object.keys(changed).length === 0 ? t('registers.unchanged') : null) : t('forbidden.incomplete');
  const figure = (name: 'longitude' | 'latitude' | 'radius_m') => (
    <NumberField label={t(`registers.member.${name}`)} step="any" value={content[name]} fault={faults[name]} testId={`forbidden-${name}`} onChange={(value) => set({ [name]: value })} />
  );
  const day = (name: 'since' | 'until') => (
    <DayField label={t(`registers.member.${name}`)} value={content[name]} fault={faults[name]} testId={`forbidden-${name}`} onChange={(value) => set({ [name]: value })} />
  );
  return (
    <form
      className="mj-card mj-form"
      data-testid="forbidden-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !save.isPending) save.mutate();
      }}
    >
      <h2>{place ? t('registers.edit') : t('forbidden.enter')}</h2>
      <fieldset>
        <legend>{t('registers.groups.basics')}</legend>
        <TextField label={t('registers.member.name')} mandatory most={100} focused value={content.name} fault={faults.name} testId="forbidden-name" onChange={(name) => set({ name })} />
        <SelectField label={t('registers.member.kind')} mandatory value={content.kind} options={list('forbidden_kind') as { code: Content['kind']; name: string }[]} fault={faults.kind} testId="forbidden-kind" onChange={(kind) => set({ kind })} />
        <DivisionField value={content.division} onChange={(code) => set({ division: code })} />
        <SelectField
          label={t('registers.member.organisation')}
          mandatory
          value={organisation}
          options={units.map((one) => ({ code: one.id, name: one.name }))}
          fault={faults.organisation}
          testId="forbidden-organisation"
          onChange={(value) => set({ organisation: value })}
        />
      </fieldset>
      <fieldset>
        <legend>{t('forbidden.area')}</legend>
        <p className="mj-muted">{t('forbidden.areaHint')}</p>
        <div className="mj-form-columns">
          {figure('longitude')}
          {figure('latitude')}
          {figure('radius_m')}
        </div>
      </fieldset>
      <fieldset>
        <legend>{t('forbidden.dates')}</legend>
        <p className="mj-muted">{t('forbidden.datesHint')}</p>
        <div className="mj-form-columns">
          {day('since')}
          {day('until')}
        </div>
      </fieldset>
      <TextField label={t('registers.member.note')} lines={2} most={2000} value={content.note} testId="forbidden-note" onChange={(note) => set({ note })} />
      {save.isError ? <ErrorNote error={save.error} what={t('forbidden.one')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why ? { reason: why } : null} testId="forbidden-save">
          {save.isPending ? t('oversee.submitting') : place ? t('registers.save') : t('registers.enter')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}
