// Entering a place with its key positions, or changing its record in place. Of a change only what was changed is sent;
// positions go together, as the server takes them.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changePlace, enterPlace } from '@/api/registers';
import type { Place, PlaceWish, PositionWish } from '@/api/registers';
import { OutlineField } from '@/features/map/OutlineField';
import { useWords } from '@/shared/law/useWords';
import { useRegisters } from '@/shared/names/useRegisters';
import { Act } from '@/shared/ui/Act';
import { DayField, NumberField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { RecordForm, WhereFields } from './RecordForm';
import './messages';
import './Registers.css';

type Content = Required<PlaceWish>;

const EMPTY: Content = {
  name: '', division: '', organisation: '', category: '', subcategory: '', national_class: '', address: '', longitude: null,
  latitude: null, outline: null, key_protected_unit: false, counter_terror_target: false, citation: '', designated: null, note: '', positions: [],
};
const MEMBERS = Object.keys(EMPTY) as (keyof Content)[];

interface Props {
  /** Absent: a new one. */
  place?: Place;
  division?: string;
  onDone: (place: Place) => void;
  onClose: () => void;
}

function contentOf(place: Place): Content {
  const positions = place.positions.map(({ id, kind, name, longitude, latitude }) => ({ id, kind, name, longitude, latitude }));
  return { ...(Object.fromEntries(MEMBERS.map((name) => [name, place[name]])) as unknown as Content), positions };
}

export function PlaceForm({ place, division = '', onDone, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { units } = useRegisters();
  const { list, word, below } = useWords();
  const [start] = useState<Content>(() => (place ? contentOf(place) : { ...EMPTY, division }));
  const [content, setContent] = useState(start);
  const [readable, setReadable] = useState(true);
  const set = (change: Partial<Content>) => setContent((before) => ({ ...before, ...change }));
  const organisation = content.organisation || units[0]?.id || '';
  const changed = Object.fromEntries(MEMBERS.filter((name) => content[name] !== start[name]).map((name) => [name, content[name]]));
  const save = useMutation({
    mutationFn: () => (place ? changePlace(place.id, changed) : enterPlace({ ...content, organisation })),
    onSuccess: async (kept) => {
      await Promise.all(
        ['places', 'place', 'record-changes', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      );
      onDone(kept);
    },
  });
  const faults = useFaults(save.error);
  const incomplete = !content.name.trim() || !content.division || !organisation ? t('registers.incomplete') : null;
  const why = incomplete ?? (readable ? null : t('registers.places.outlineUnread')) ?? (place && Object.keys(changed).length === 0 ? t('registers.unchanged') : null);
  const text = (name: 'name' | 'address' | 'citation' | 'note', more: { mandatory?: boolean; lines?: number; most?: number; focused?: boolean; hint?: string } = {}) => (
    <TextField label={t(`registers.member.${name}`)} value={content[name]} fault={faults[name]} testId={`place-${name}`} onChange={(value) => set({ [name]: value })} {...more} />
  );
  const degrees = (name: 'longitude' | 'latitude') => (
    <NumberField label={t(`registers.member.${name}`)} step="any" value={content[name]} fault={faults[name]} testId={`place-${name}`} onChange={(value) => set({ [name]: value })} />
  );
  const flag = (name: 'key_protected_unit' | 'counter_terror_target') => (
    <label className="mj-check">
      <input type="checkbox" checked={content[name]} data-testid={`place-${name}`} onChange={(event) => set({ [name]: event.target.checked })} />
      {t(`registers.member.${name}`)}
    </label>
  );
  return (
    <RecordForm kind="place" title={t('registers.places.enter')} known={place !== undefined} what={t('registers.places.one')} why={why} save={save} onClose={onClose}>
      <fieldset>
        <legend>{t('registers.groups.basics')}</legend>
        {text('name', { mandatory: true, most: 100, focused: true })}
        <WhereFields kind="place" division={content.division} organisation={organisation} units={units} fault={faults.organisation} onChange={set} />
      </fieldset>
      <fieldset>
        <legend>{t('registers.groups.place')}</legend>
        <SelectField
          label={t('registers.member.category')}
          value={content.category}
          none={t('registers.notEntered')}
          options={list('category')}
          fault={faults.category}
          testId="place-category"
          onChange={(value) => set({ category: value as Content['category'], subcategory: '' })}
        />
        <SelectField
          label={t('registers.member.subcategory')}
          value={content.subcategory}
          none={t('registers.notEntered')}
          options={below(content.category).map((code) => ({ code, name: word('subcategory', code) }))}
          fault={faults.subcategory}
          testId="place-subcategory"
          onChange={(value) => set({ subcategory: value })}
        />
        {content.category === 'other_statutory' ? text('citation', { mandatory: true, hint: t('registers.places.citationHint') }) : null}
        <SelectField
          label={t('registers.member.national_class')}
          value={content.national_class}
          none={t('registers.notEntered')}
          options={list('national_class')}
          fault={faults.national_class}
          testId="place-national_class"
          onChange={(value) => set({ national_class: value as Content['national_class'] })}
        />
      </fieldset>
      <Positions rows={content.positions} fault={faults.positions} onChange={(positions) => set({ positions })} />
      <fieldset>
        <legend>{t('registers.groups.location')}</legend>
        {text('address')}
        <div className="mj-form-columns">
          {degrees('longitude')}
          {degrees('latitude')}
        </div>
        <OutlineField
          value={content.outline}
          middle={content.longitude !== null && content.latitude !== null ? [content.longitude, content.latitude] : null}
          fault={faults.outline}
          testId="place-outline"
          onChange={(one) => {
            setReadable(one.readable);
            set({ outline: one.ring as Content['outline'] });
          }}
        />
      </fieldset>
      <fieldset>
        <legend>{t('registers.groups.protection')}</legend>
        {flag('key_protected_unit')}
        {flag('counter_terror_target')}
        <DayField label={t('registers.member.designated')} value={content.designated} fault={faults.designated} testId="place-designated" onChange={(value) => set({ designated: value })} />
      </fieldset>
      {text('note', { lines: 2, most: 2000 })}
    </RecordForm>
  );
}

interface PositionsProps {
  rows: PositionWish[];
  fault: string | undefined;
  onChange: (rows: PositionWish[]) => void;
}

function Positions({ rows, fault, onChange }: PositionsProps) {
  const { t } = useTranslation();
  const { list } = useWords();
  const put = (at: number, change: Partial<PositionWish>) => onChange(rows.map((row, index) => (index === at ? { ...row, ...change } : row)));
  return (
    <fieldset data-testid="place-positions">
      <legend>{t('registers.places.positions')}</legend>
      {rows.map((row, at) => (
        <div key={row.id ?? `new-${at}`} className="mj-position-row">
          <SelectField
            label={t('registers.places.kind')}
            value={row.kind}
            options={list('position') as { code: PositionWish['kind']; name: string }[]}
            testId={`position-kind-${at}`}
            onChange={(kind) => put(at, { kind })}
          />
          <TextField label={t('registers.member.name')} most={100} value={row.name} testId={`position-name-${at}`} onChange={(name) => put(at, { name })} />
          <Act kind="quiet" onAct={() => onChange(rows.filter((_, index) => index !== at))}>
            {t('registers.places.removePosition')}
          </Act>
        </div>
      ))}
      {fault ? <span className="mj-fault">{fault}</span> : null}
      <div>
        <Act testId="position-add" onAct={() => onChange([...rows, { kind: 'entrance', name: '' }])}>
          {t('registers.places.addPosition')}
        </Act>
      </div>
    </fieldset>
  );
}
