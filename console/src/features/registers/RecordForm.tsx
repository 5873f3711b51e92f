// The form of a register's record: what every one of them has, so that each brings its own fields and nothing else.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DivisionField } from '@/shared/names/DivisionField';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';
import { SelectField } from '@/shared/ui/fields';
import './messages';

interface Props {
  /** Names test ids: `place-form`, `place-save`. */
  kind: string;
  /** Of a new record; one that is there is changed. */
  title: string;
  known: boolean;
  /** What could not be saved. */
  what: string;
  /** Why it cannot be saved as it stands. */
  why: string | null;
  save: { isPending: boolean; isError: boolean; error: unknown; mutate: () => void };
  onClose: () => void;
  children: ReactNode;
}

export function RecordForm({ kind, title, known, what, why, save, onClose, children }: Props) {
  const { t } = useTranslation();
  return (
    <form
      className="mj-card mj-form"
      data-testid={`${kind}-form`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !save.isPending) save.mutate();
      }}
    >
      <h2>{known ? t('registers.edit') : title}</h2>
      {children}
      {save.isError ? <ErrorNote error={save.error} what={what} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why ? { reason: why } : null} testId={`${kind}-save`}>
          {save.isPending ? t('oversee.submitting') : known ? t('registers.save') : t('registers.enter')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}

interface WhereProps {
  kind: string;
  division: string;
  organisation: string;
  units: readonly { id: string; name: string }[];
  fault: string | undefined;
  /** What the unit is to the record, where it is more than the unit that answers for it. */
  label?: string;
  onChange: (change: { division: string } | { organisation: string }) => void;
}

/** Where a record lies and whose it is. */
export function WhereFields({ kind, division, organisation, units, fault, label, onChange }: WhereProps) {
  const { t } = useTranslation();
  return (
    <>
      <DivisionField value={division} onChange={(code) => onChange({ division: code })} />
      <SelectField
        label={label ?? t('registers.member.organisation')}
        mandatory
        value={organisation}
        options={units.map((one) => ({ code: one.id, name: one.name }))}
        fault={fault}
        testId={`${kind}-organisation`}
        onChange={(value) => onChange({ organisation: value })}
      />
    </>
  );
}
