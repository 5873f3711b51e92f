// Entering a prohibited place, or changing its record. Of a change only what was changed is sent.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeForbiddenPlace, enterForbiddenPlace } from '@/api/forbidden';
import type { ForbiddenPlace, ForbiddenPlaceWish } from '@/api/forbidden';
import { OutlineField } from '@/features/map/OutlineField';
import { RecordForm, WhereFields } from '@/features/registers/RecordForm';
import { useWords } from '@/shared/law/useWords';
import { useRegisters } from '@/shared/names/useRegisters';
import { DayField, NumberField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import './messages';

type Content = Required<Omit<ForbiddenPlaceWish, 'place'>>;

const EMPTY: Content = {
  name: '', kind: 'intimate_facility', division: '', organisation: '', longitude: null, latitude: null, radius_m: null, outline: null, since: null,
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
  const [readable, setReadable] = useState(true);
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
  const whole = content.name.trim() && content.division && organisation && readable && (circle || content.outline !== null);
  const why = whole ? (place && Object.keys(changed).length === 0 ? t('registers.unchanged') : null) : t('forbidden.incomplete');
  const figure = (name: 'longitude' | 'latitude' | 'radius_m') => (
    <NumberField label={t(`registers.member.${name}`)} step="any" value={content[name]} fault={faults[name]} testId={`forbidden-${name}`} onChange={(value) => set({ [name]: value })} />
  );
  const day = (name: 'since' | 'until') => (
    <DayField label={t(`registers.member.${name}`)} value={content[name]} fault={faults[name]} testId={`forbidden-${name}`} onChange={(value) => set({ [name]: value })} />
  );
  return (
    <RecordForm kind="forbidden" title={t('forbidden.enter')} known={place !== undefined} what={t('forbidden.one')} why={why} save={save} onClose={onClose}>
      <fieldset>
        <legend>{t('registers.groups.basics')}</legend>
        <TextField label={t('registers.member.name')} mandatory most={100} focused value={content.name} fault={faults.name} testId="forbidden-name" onChange={(name) => set({ name })} />
        <SelectField label={t('registers.member.kind')} mandatory value={content.kind} options={list('forbidden_kind') as { code: Content['kind']; name: string }[]} fault={faults.kind} testId="forbidden-kind" onChange={(kind) => set({ kind })} />
        <WhereFields kind="forbidden" division={content.division} organisation={organisation} units={units} fault={faults.organisation} onChange={set} />
      </fieldset>
      <fieldset>
        <legend>{t('forbidden.area')}</legend>
        <p className="mj-muted">{t('forbidden.areaHint')}</p>
        <div className="mj-form-columns">
          {figure('longitude')}
          {figure('latitude')}
          {figure('radius_m')}
        </div>
        <OutlineField
          value={content.outline}
          middle={content.longitude !== null && content.latitude !== null ? [content.longitude, content.latitude] : null}
          fault={faults.outline}
          testId="forbidden-outline"
          onChange={(one) => {
            setReadable(one.readable);
            set({ outline: one.ring as Content['outline'] });
          }}
        />
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
    </RecordForm>
  );
}
