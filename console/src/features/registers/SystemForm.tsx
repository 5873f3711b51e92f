// Entering a video system, or changing its record in place. Of a change only what was changed is sent.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeSystem, enterSystem, places } from '@/api/registers';
import type { SystemPatch, SystemWish, VideoSystem } from '@/api/registers';
import { useWords } from '@/shared/law/useWords';
import { useRegisters } from '@/shared/names/useRegisters';
import { DayField, NumberField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { RecordForm, WhereFields } from './RecordForm';
import './messages';
import './Registers.css';

type Content = Required<SystemWish> & Pick<Required<SystemPatch>, 'dismantle_planned' | 'dismantled'>;
type Text = 'name' | 'address' | 'necessity' | 'duty_basis' | 'note';
type Unit = 'building_unit' | 'maintainer' | 'entrusted_operator';

const EMPTY: Content = {
  name: '', division: '', organisation: '', regime: '', category: '', purposes: [], necessity: '', duty_basis: '', funding: '', place: null,
  building_unit: null, maintainer: null, entrusted_operator: null, retention_days: 30, address: '', network: '', in_use: null,
  note: '', dismantle_planned: null, dismantled: null,
};
const MEMBERS = Object.keys(EMPTY) as (keyof Content)[];
/** What a system is not entered with: it comes later. */
const LATER = new Set<keyof Content>(['dismantle_planned', 'dismantled']);

interface Props {
  /** Absent: a new one. */
  system?: VideoSystem;
  /** Where a new one most likely stands. */
  division?: string;
  onDone: (system: VideoSystem) => void;
  onClose: () => void;
}

function contentOf(system: VideoSystem): Content {
  return Object.fromEntries(MEMBERS.map((name) => [name, system[name]])) as unknown as Content;
}

function wishOf(content: Content): SystemWish {
  return Object.fromEntries(MEMBERS.filter((name) => !LATER.has(name)).map((name) => [name, content[name]])) as unknown as SystemWish;
}

export function SystemForm({ system, division = '', onDone, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { units } = useRegisters();
  const { list } = useWords();
  const [start] = useState<Content>(() => (system ? contentOf(system) : { ...EMPTY, division }));
  const [content, setContent] = useState(start);
  const set = (change: Partial<Content>) => setContent((before) => ({ ...before, ...change }));
  const around = useQuery({
    queryKey: ['places', 'choice', content.division],
    queryFn: ({ signal }) => places({ under: content.division, limit: 500 }, signal),
    enabled: content.division !== '',
  });
  const organisation = content.organisation || units[0]?.id || '';
  const changed = Object.fromEntries(MEMBERS.filter((name) => content[name] !== start[name]).map((name) => [name, content[name]]));
  const save = useMutation({
    mutationFn: () => (system ? changeSystem(system.id, changed) : enterSystem(wishOf({ ...content, organisation }))),
    onSuccess: async (kept) => {
      // A system that changes may owe a filing, and is judged anew.
      await Promise.all(
        ['systems', 'system', 'record-changes', 'filings', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      );
      onDone(kept);
    },
  });
  const faults = useFaults(save.error);
  const incomplete = !content.name.trim() || !content.division || !organisation ? t('registers.incomplete') : null;
  const why = incomplete ?? (system && Object.keys(changed).length === 0 ? t('registers.unchanged') : null);
  const text = (name: Text, more: { mandatory?: boolean; lines?: number; most?: number; focused?: boolean } = {}) => (
    <TextField label={t(`registers.member.${name}`)} value={content[name]} fault={faults[name]} testId={`system-${name}`} onChange={(value) => set({ [name]: value })} {...more} />
  );
  const unit = (name: Unit) => (
    <SelectField
      label={t(`registers.member.${name}`)}
      value={content[name] ?? ''}
      none={t('registers.notEntered')}
      options={units.map((one) => ({ code: one.id, name: one.name }))}
      fault={faults[name]}
      testId={`system-${name}`}
      onChange={(value) => set({ [name]: value || null })}
    />
  );
  const day = (name: 'in_use' | 'dismantle_planned' | 'dismantled', hint?: string) => (
    <DayField label={t(`registers.member.${name}`)} value={content[name]} hint={hint} fault={faults[name]} testId={`system-${name}`} onChange={(value) => set({ [name]: value })} />
  );
  const coded = (name: 'regime' | 'category' | 'funding' | 'network') => (
    <SelectField
      label={t(`registers.member.${name}`)}
      value={content[name]}
      none={t('registers.notEntered')}
      options={list(name)}
      fault={faults[name]}
      testId={`system-${name}`}
      onChange={(value) => set({ [name]: value })}
    />
  );
  return (
    <RecordForm kind="system" title={t('registers.system.enter')} known={system !== undefined} what={t('registers.system.one')} why={why} save={save} onClose={onClose}>
      <fieldset>
        <legend>{t('registers.groups.basics')}</legend>
        {text('name', { mandatory: true, most: 100, focused: true })}
        <WhereFields kind="system" division={content.division} organisation={organisation} units={units} fault={faults.organisation} onChange={(change) => set('division' in change ? { ...change, place: null } : change)} />
      </fieldset>
      <fieldset>
        <legend>{t('registers.groups.scope')}</legend>
        {coded('regime')}
        {coded('category')}
        <Purposes chosen={content.purposes} onChange={(purposes) => set({ purposes })} />
        {text('necessity', { lines: 2, most: 2000 })}
        {content.regime === 'art9' ? text('duty_basis') : null}
      </fieldset>
      <fieldset>
        <legend>{t('registers.groups.filing')}</legend>
        <div className="mj-form-columns">
          {day('in_use', t('registers.system.inUseHint'))}
          <NumberField
            label={t('registers.member.retention_days')}
            value={content.retention_days}
            fault={faults.retention_days}
            testId="system-retention_days"
            onChange={(value) => set({ retention_days: value ?? 0 })}
          />
          {coded('network')}
        </div>
        {text('address')}
        <SelectField
          label={t('registers.member.place')}
          value={content.place ?? ''}
          none={t('registers.notEntered')}
          options={(around.data?.items ?? []).map((one) => ({ code: one.id, name: one.name }))}
          fault={faults.place}
          testId="system-place"
          onChange={(value) => set({ place: value || null })}
        />
      </fieldset>
      <fieldset>
        <legend>{t('registers.groups.upkeep')}</legend>
        {coded('funding')}
        <div className="mj-form-columns">
          {unit('building_unit')}
          {unit('maintainer')}
          {unit('entrusted_operator')}
        </div>
      </fieldset>
      {system ? (
        <fieldset>
          <legend>{t('registers.groups.dismantling')}</legend>
          <div className="mj-form-columns">
            {day('dismantle_planned')}
            {day('dismantled')}
          </div>
        </fieldset>
      ) : null}
      {text('note', { lines: 2, most: 2000 })}
    </RecordForm>
  );
}

function Purposes({ chosen, onChange }: { chosen: Content['purposes']; onChange: (purposes: Content['purposes']) => void }) {
  const { t } = useTranslation();
  const { list } = useWords();
  return (
    <div className="mj-field" role="group" aria-label={t('registers.member.purposes')}>
      <span>{t('registers.member.purposes')}</span>
      {list('purpose').map(({ code, name }) => {
        const one = code as Content['purposes'][number];
        return (
          <label key={code} className="mj-check">
            <input
              type="checkbox"
              checked={chosen.includes(one)}
              onChange={(event) => onChange(event.target.checked ? [...chosen, one] : chosen.filter((other) => other !== one))}
            />
            {name}
          </label>
        );
      })}
    </div>
  );
}
