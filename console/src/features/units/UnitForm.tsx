// Entering a unit, or changing its record. Of a change only what was changed is sent; what one kind alone has is asked of
// that kind alone.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeUnit, enterUnit } from '@/api/units';
import type { Unit, UnitPatch, UnitWish } from '@/api/units';
import { useWords } from '@/shared/law/useWords';
import { DivisionField } from '@/shared/names/DivisionField';
import { useRegisters } from '@/shared/names/useRegisters';
import { Act } from '@/shared/ui/Act';
import { SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { ErrorNote } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import { CONTACTS } from './contacts';
import { isCreditCode } from './creditCode';
import './messages';

const DETAILS = { public_security: ['level', 'organ_level'], department: ['function', 'function'], assisting: ['assistance', 'assistance'] } as const;
const MEMBERS = ['name', 'kind', 'level', 'function', 'assistance', 'credit_code', 'division', 'address', ...CONTACTS] as const;
type Member = (typeof MEMBERS)[number];
type Content = Record<Member, string>;

interface Props {
  /** Absent: a new one. */
  unit?: Unit;
  onDone: (unit: Unit) => void;
  onClose: () => void;
}

function contentOf(unit: Unit | undefined): Content {
  const values: Record<string, unknown> = { kind: 'other', ...unit, ...unit?.contacts };
  const said = (value: unknown) => (typeof value === 'string' ? value : '');
  return Object.fromEntries(MEMBERS.map((name) => [name, said(values[name])])) as Content;
}

/** What differs, contacts beside the rest. */
function changesOf(content: Content, start: Content): UnitPatch {
  const changed = MEMBERS.filter((name) => content[name] !== start[name]);
  const part = (names: readonly Member[]) => Object.fromEntries(names.map((name) => [name, content[name] || null]));
  const contacts = changed.filter((name) => (CONTACTS as readonly string[]).includes(name));
  return { ...part(changed.filter((name) => !contacts.includes(name))), ...(contacts.length > 0 ? { contacts: part(contacts) } : {}) };
}

export function UnitForm({ unit, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { units } = useRegisters();
  const { list } = useWords();
  const [start] = useState(() => contentOf(unit));
  const [content, setContent] = useState(start);
  const [parent, setParent] = useState(unit?.parent ?? '');
  const set = (change: Partial<Content>) => setContent((before) => ({ ...before, ...change }));
  const changes = changesOf(content, start);
  const save = useMutation({
    mutationFn: () => (unit ? changeUnit(unit.id, changes) : enterUnit({ ...changes, name: content.name, kind: content.kind, parent: parent || null } as UnitWish)),
    onSuccess: async (kept) => {
      await Promise.all(['units', 'unit', 'record-changes', 'name'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onDone(kept);
    },
  });
  const faults = useFaults(save.error);
  const detail = DETAILS[content.kind as keyof typeof DETAILS] as (typeof DETAILS)[keyof typeof DETAILS] | undefined;
  const why = !content.name.trim() ? t('units.incomplete') : unit && Object.keys(changes).length === 0 ? t('units.unchanged') : null;
  const text = (name: 'name' | 'address' | (typeof CONTACTS)[number], more: { mandatory?: boolean; most?: number; focused?: boolean } = {}) => (
    <TextField label={t(`units.member.${name}`)} value={content[name]} fault={faults[name]} testId={`unit-${name}`} onChange={(value) => set({ [name]: value })} {...more} />
  );
  return (
    <form
      className="mj-card mj-form"
      data-testid="unit-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !save.isPending) save.mutate();
      }}
    >
      <h2>{unit ? t('units.edit') : t('units.enter')}</h2>
      <fieldset>
        <legend>{t('units.groups.basics')}</legend>
        {text('name', { mandatory: true, most: 100, focused: true })}
        <SelectField
          label={t('units.member.kind')}
          value={content.kind}
          options={list('unit_kind')}
          fault={faults.kind}
          testId="unit-kind"
          onChange={(kind) => set({ kind, level: '', function: '', assistance: '' })}
        />
        {detail ? (
          <SelectField
            label={t(`units.member.${detail[0]}`)}
            mandatory
            value={content[detail[0]]}
            none={t('units.notEntered')}
            options={list(detail[1])}
            fault={faults[detail[0]]}
            testId={`unit-${detail[0]}`}
            onChange={(value) => set({ [detail[0]]: value })}
          />
        ) : null}
        {unit ? null : (
          <SelectField
            label={t('units.member.parent')}
            value={parent}
            none={t('units.topmost')}
            options={units.map((one) => ({ code: one.id, name: one.name }))}
            testId="unit-parent"
            onChange={setParent}
          />
        )}
        <TextField
          label={t('units.member.credit_code')}
          value={content.credit_code}
          most={18}
          fault={faults.credit_code}
          hint={content.credit_code ? <CodeCheck code={content.credit_code} /> : t('units.codeHint')}
          testId="unit-credit_code"
          onChange={(value) => set({ credit_code: value.trim().toUpperCase() })}
        />
      </fieldset>
      <fieldset>
        <legend>{t('units.groups.seat')}</legend>
        <DivisionField value={content.division} onChange={(code) => set({ division: code })} />
        {text('address')}
      </fieldset>
      <fieldset>
        <legend>{t('units.groups.contacts')}</legend>
        {CONTACTS.map((name) => (
          <div key={name}>{text(name, { most: name.endsWith('phone') ? 40 : 100 })}</div>
        ))}
      </fieldset>
      {save.isError ? <ErrorNote error={save.error} what={t('units.one')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why ? { reason: why } : null} testId="unit-save">
          {save.isPending ? t('oversee.submitting') : unit ? t('units.save') : t('units.enter')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}

function CodeCheck({ code }: { code: string }) {
  const { t } = useTranslation();
  if (code.length < 18) return t('units.codeShort', { count: 18 - code.length });
  return isCreditCode(code) ? <StatusShape status="ok" label={t('units.codeRight')} /> : <StatusShape status="failed" label={t('units.codeWrong')} />;
}
