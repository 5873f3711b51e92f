// Entering a record of a plain register, or changing it in place. Of a change only what was changed is sent.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { systems } from '@/api/registers';
import { comma } from '@/shared/i18n';
import { textOr } from '@/shared/i18n/textOr';
import { useRegisters } from '@/shared/names/useRegisters';
import { Act } from '@/shared/ui/Act';
import { DayField, NumberField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { RecordForm, WhereFields } from './RecordForm';
import { CHOICES, PLACED, lackingOf, startOf } from './ledger';
import type { Content, Field, Ledger, Row } from './ledger';
import './messages';
import './Registers.css';

interface Props {
  ledger: Ledger;
  /** Absent: a new one. */
  row?: Row;
  division?: string;
  onDone: (row: Row) => void;
  onClose: () => void;
}

export function LedgerForm({ ledger, row, division = '', onDone, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { units } = useRegisters();
  const [start] = useState<Content>(() => startOf(ledger, row, division));
  const [content, setContent] = useState(start);
  const set = (change: Content) => setContent((before) => ({ ...before, ...change }));
  const organisation = (content.organisation as string) || (units[0]?.id ?? '');
  const changed = Object.fromEntries(Object.entries(content).filter(([name, value]) => value !== start[name] && !PLACED.has(name)));
  const save = useMutation({
    mutationFn: () => (row ? ledger.change(row.id, changed) : ledger.enter({ ...content, organisation })),
    onSuccess: async (kept) => {
      await Promise.all([ledger.name, 'record-changes', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onDone(kept);
    },
  });
  const faults = useFaults(save.error);
  const label = (name: string) => textOr(t, name === 'name' ? `registers.${ledger.name}.named` : `registers.member.${name}`, textOr(t, `registers.member.${name}`, name));
  const lacking = lackingOf(ledger, content);
  const unchanged = row !== undefined && Object.keys(changed).length === 0 ? t('registers.unchanged') : null;
  const why = lacking.length > 0 ? t('registers.lacking', { members: lacking.map(label).join(comma()) }) : unchanged;
  return (
    <RecordForm kind={ledger.name} title={t(`registers.${ledger.name}.enter`)} known={row !== undefined} what={t(`registers.${ledger.name}.one`)} why={why} save={save} onClose={onClose}>
      <TextField label={label('name')} mandatory most={100} focused value={content.name as string} fault={faults.name} testId={`${ledger.name}-name`} onChange={(name) => set({ name })} />
      {row ? null : (
        <WhereFields kind={ledger.name} division={content.division as string} organisation={organisation} units={units} fault={faults.organisation} onChange={set} />
      )}
      {ledger.fields.map((field) => (
        <LedgerField
          key={field.name}
          field={field}
          label={label(field.name)}
          value={content[field.name]}
          fault={faults[field.name]}
          testId={`${ledger.name}-${field.name}`}
          division={content.division as string}
          onChange={(value) => set({ [field.name]: value })}
        />
      ))}
    </RecordForm>
  );
}

interface FieldProps {
  field: Field;
  label: string;
  value: unknown;
  fault: string | undefined;
  testId: string;
  division: string;
  onChange: (value: unknown) => void;
}

function LedgerField({ field, label, value, fault, testId, division, onChange }: FieldProps) {
  const { t } = useTranslation();
  const { units } = useRegisters();
  const common = { label, fault, testId, mandatory: field.mandatory ?? false };
  const choice = (codes: readonly string[], of: 'post' | 'work') => (
    <SelectField {...common} value={value as string} options={codes.map((code) => ({ code, name: textOr(t, `registers.${of}.${code}`, code) }))} onChange={onChange} />
  );
  switch (field.kind) {
    case 'text':
      return <TextField {...common} value={value as string} onChange={onChange} />;
    case 'lines':
      return <TextField {...common} lines={2} most={2000} value={value as string} onChange={onChange} />;
    case 'day':
      return <DayField {...common} value={value as string | null} onChange={onChange} />;
    case 'number':
      return <NumberField {...common} value={value as number | null} onChange={onChange} />;
    case 'unit':
      return <SelectField {...common} value={value as string} none={t('registers.notEntered')} options={units.map((one) => ({ code: one.id, name: one.name }))} onChange={onChange} />;
    case 'system':
      return <OneSystem {...common} division={division} value={value as string | null} onChange={onChange} />;
    case 'systems':
      return <SomeSystems label={label} testId={testId} division={division} value={value as string[]} onChange={onChange} />;
    case 'post':
      return choice(CHOICES.post, 'post');
    case 'work':
      return choice(CHOICES.work, 'work');
  }
}

function useSystems(division: string) {
  const { data } = useQuery({
    queryKey: ['systems', 'choice', division],
    queryFn: ({ signal }) => systems({ under: division, limit: 500 }, signal),
    enabled: division !== '',
  });
  return data?.items ?? [];
}

function OneSystem({ division, value, onChange, ...seat }: { label: string; fault: string | undefined; testId: string; division: string; value: string | null; onChange: (value: unknown) => void }) {
  const { t } = useTranslation();
  const found = useSystems(division);
  return (
    <SelectField {...seat} value={value ?? ''} none={t('registers.notEntered')} options={found.map((one) => ({ code: one.id, name: one.name }))} onChange={(code) => onChange(code || null)} />
  );
}

/** Chosen one after the other; each can be taken out again. */
function SomeSystems({ label, testId, division, value, onChange }: { label: string; testId: string; division: string; value: string[]; onChange: (value: unknown) => void }) {
  const { t } = useTranslation();
  const found = useSystems(division);
  const names = Object.fromEntries(found.map((one) => [one.id, one.name]));
  return (
    <fieldset data-testid={testId}>
      <legend>{label}</legend>
      <ul className="mj-plain">
        {value.map((id) => (
          <li key={id}>
            {names[id] ?? id}{' '}
            <Act kind="quiet" onAct={() => onChange(value.filter((one) => one !== id))}>
              {t('registers.places.removePosition')}
            </Act>
          </li>
        ))}
      </ul>
      <SelectField
        label={t('registers.addSystem')}
        value=""
        none={t('registers.notEntered')}
        options={found.filter((one) => !value.includes(one.id)).map((one) => ({ code: one.id, name: one.name }))}
        testId={`${testId}-add`}
        onChange={(id) => {
          if (id) onChange([...value, id]);
        }}
      />
    </fieldset>
  );
}
