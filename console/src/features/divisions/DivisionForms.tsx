// What may be done with a division: entered, renamed, moved or given another code, ended. Each says what follows from it
// before it is done; moves and ends take a reason, which the journal keeps.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { changeDivision, enterDivision, moveDivision } from '@/api/units';
import type { Division } from '@/api/units';
import { Act } from '@/shared/ui/Act';
import { DayField, TextField, useFaults } from '@/shared/ui/fields';
import { ErrorNote } from '@/shared/ui/PanelState';
import './messages';

export const DIVISION_KEYS = ['divisions', 'division', 'record-changes', 'names'] as const;

interface Done {
  onDone: (kept: Division) => void;
  onClose: () => void;
}

interface FormProps extends Done {
  title: string;
  lead?: string;
  verb: string;
  /** Why it cannot be sent yet; null where it can. */
  why: string | null;
  act: () => Promise<Division>;
  children: (faults: Record<string, string>) => ReactNode;
}

function Form({ title, lead, verb, why, act, onDone, onClose, children }: FormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: act,
    onSuccess: async (kept) => {
      await Promise.all(DIVISION_KEYS.map((key) => client.invalidateQueries({ queryKey: [key] })));
      onDone(kept);
    },
  });
  const faults = useFaults(save.error);
  return (
    <form
      className="mj-form"
      data-testid="division-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !save.isPending) save.mutate();
      }}
    >
      <h3>{title}</h3>
      {lead ? <p className="mj-muted">{lead}</p> : null}
      {children(faults)}
      {save.isError ? <ErrorNote error={save.error} what={title} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why ? { reason: why } : null} testId="division-save">
          {save.isPending ? t('oversee.submitting') : verb}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}

export function RenameForm({ found, ...done }: Done & { found: Division }) {
  const { t } = useTranslation();
  const [name, setName] = useState(found.name);
  const same = name.trim() === found.name || !name.trim();
  return (
    <Form title={t('divisions.acts.rename')} verb={t('divisions.acts.rename')} why={same ? t('divisions.unchanged') : null} act={() => changeDivision(found.code, { name: name.trim() })} {...done}>
      {(faults) => <TextField label={t('divisions.member.name')} mandatory most={100} value={name} fault={faults.name} testId="division-name" onChange={setName} />}
    </Form>
  );
}

export function MoveForm({ found, ...done }: Done & { found: Division }) {
  const { t } = useTranslation();
  const [parent, setParent] = useState(found.parent ?? '');
  const [code, setCode] = useState(found.code);
  const [since, setSince] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const moved = code !== found.code || parent !== (found.parent ?? '');
  const why = !moved ? t('divisions.unchanged') : reason.trim() ? null : t('divisions.reasonMissing');
  const wish = {
    ...(parent !== (found.parent ?? '') ? { parent } : {}),
    ...(code !== found.code ? { code, ...(since ? { since } : {}) } : {}),
    reason: reason.trim(),
  };
  return (
    <Form title={t('divisions.acts.move')} lead={t('divisions.moveLead')} verb={t('divisions.acts.move')} why={why} act={() => moveDivision(found.code, wish)} {...done}>
      {(faults) => (
        <>
          <TextField label={t('divisions.member.parent')} most={12} value={parent} fault={faults.parent} testId="division-parent" onChange={(value) => setParent(value.trim())} />
          <TextField label={t('divisions.member.code')} most={12} value={code} fault={faults.code} testId="division-code" onChange={(value) => setCode(value.trim())} />
          {code !== found.code ? <DayField label={t('divisions.since')} value={since} fault={faults.since} testId="division-since" onChange={setSince} /> : null}
          <TextField label={t('divisions.reason')} mandatory most={300} value={reason} fault={faults.reason} testId="division-reason" onChange={setReason} />
        </>
      )}
    </Form>
  );
}

export function EndForm({ found, ...done }: Done & { found: Division }) {
  const { t } = useTranslation();
  const [ended, setEnded] = useState<string | null>(null);
  const [successor, setSuccessor] = useState('');
  const [reason, setReason] = useState('');
  const wish = { ...(ended ? { ended } : {}), ...(successor ? { successor } : {}), reason: reason.trim() };
  const why = !ended && !successor ? t('divisions.endMissing') : reason.trim() ? null : t('divisions.reasonMissing');
  return (
    <Form title={t('divisions.acts.end')} lead={t('divisions.endLead')} verb={t('divisions.acts.end')} why={why} act={() => changeDivision(found.code, wish)} {...done}>
      {(faults) => (
        <>
          <DayField label={t('divisions.member.valid_to')} value={ended} fault={faults.ended} testId="division-ended" onChange={setEnded} />
          <TextField label={t('divisions.member.successor')} most={12} value={successor} fault={faults.successor} testId="division-successor" onChange={(value) => setSuccessor(value.trim())} />
          <TextField label={t('divisions.reason')} mandatory most={300} value={reason} fault={faults.reason} testId="division-reason" onChange={setReason} />
        </>
      )}
    </Form>
  );
}

export function EnterForm({ under, ...done }: Done & { under: string }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [parent, setParent] = useState('');
  const [civil, setCivil] = useState('');
  const [from, setFrom] = useState<string | null>(null);
  const zone = /[A-Z]/.test(code);
  const wish = { code, name: name.trim(), ...(parent ? { parent } : {}), ...(zone && civil ? { civil_code: civil } : {}), ...(from ? { valid_from: from } : {}) };
  return (
    <Form title={t('divisions.enter')} lead={t('divisions.enterLead', { under })} verb={t('divisions.enter')} why={code && name.trim() ? null : t('divisions.incomplete')} act={() => enterDivision(wish)} {...done}>
      {(faults) => (
        <>
          <TextField label={t('divisions.member.code')} mandatory most={12} value={code} fault={faults.code} testId="division-code" onChange={(value) => setCode(value.trim().toUpperCase())} />
          <TextField label={t('divisions.member.name')} mandatory most={100} value={name} fault={faults.name} testId="division-name" onChange={setName} />
          <TextField label={t('divisions.member.parent')} most={12} hint={t('divisions.parentHint')} value={parent} fault={faults.parent} testId="division-parent" onChange={(value) => setParent(value.trim())} />
          {zone ? <TextField label={t('divisions.member.civil_code')} mandatory most={12} value={civil} fault={faults.civil_code} testId="division-civil" onChange={(value) => setCivil(value.trim())} /> : null}
          <DayField label={t('divisions.member.valid_from')} value={from} fault={faults.valid_from} testId="division-from" onChange={setFrom} />
        </>
      )}
    </Form>
  );
}
