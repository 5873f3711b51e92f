// One group of a dossier's members: read first, edited together. What the platform knows by itself is offered beside what is
// filed, and taken over by a click, never typed. To move a camera in use asks for the reason.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeDossier, type Dossier, type Measured, type Member } from '@/api/dossiers';
import { inLanguage } from '@/shared/i18n';
import { RuleBasis } from '@/shared/law/Citation';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { DayField, NumberField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { ErrorNote } from '@/shared/ui/PanelState';
import { CodesField, DossierValue, SystemField } from './DossierValue';
import { useWords } from '@/shared/law/useWords';
import { beyond, moves, type Values } from './dossierRules';
import { PositionField } from './PositionField';

const RULES: Partial<Record<Member['group'], string>> = { identity: 'DOS-01', position: 'FIX-01', device: 'FIX-02' };

interface Props {
  group: Member['group'];
  members: Member[];
  dossier: Dossier;
  editing: boolean;
  onEdit: (edit: boolean) => void;
}

export function DossierGroup({ group, members, dossier, editing, onEdit }: Props) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const mayWrite = useMay('register.write');
  const rule = RULES[group];
  const values = dossier as unknown as Values;
  const shown = members.filter((one) => one.mandatory || values[one.field] !== null || dossier.measured[one.field]);
  return (
    <section className="mj-card" id={`group-${group}`} data-testid={`dossier-${group}`}>
      <h2>
        {t(`cameras.dossier.groups.${group}`)} {rule ? <RuleBasis rule={rule} /> : null}
        {editing ? null : (
          <Act kind="link" testId={`dossier-edit-${group}`} refusal={refusal(mayWrite, t('rights.permission.register.write'))} onAct={() => onEdit(true)}>
            {t('cameras.dossier.edit')}
          </Act>
        )}
      </h2>
      {editing && mayWrite ? (
        <GroupForm key={dossier.camera} members={members} dossier={dossier} onDone={() => onEdit(false)} />
      ) : (
        <dl className="mj-facts">
          {shown.map((one) => (
            <div key={one.field}>
              <dt title={one.anchor || undefined}>
                {one.mandatory ? <span className="mj-mandatory">★ </span> : null}
                {inLanguage(one.zh, one.en)}
              </dt>
              <dd>
                <DossierValue member={one} value={values[one.field]} />
                {beyond(values[one.field], dossier.measured[one.field]) ? <MeasuredNote member={one} measured={dossier.measured[one.field]} /> : null}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function MeasuredNote({ member, measured }: { member: Member; measured: Measured | undefined }) {
  const { t } = useTranslation();
  if (!measured) return null;
  return (
    <span className="mj-measured" data-testid={`measured-${member.field}`}>
      {t(`cameras.dossier.source.${measured.source}`)}: <DossierValue member={member} value={measured.value} />
    </span>
  );
}

function GroupForm({ members, dossier, onDone }: { members: Member[]; dossier: Dossier; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [patch, setPatch] = useState<Values>({});
  const [reason, setReason] = useState('');
  const filed = dossier as unknown as Values;
  const went = moves(filed, patch);
  const save = useMutation({
    mutationFn: () => changeDossier(dossier.camera, { ...patch, ...(went ? { move_reason: reason.trim() } : {}) }),
    onSuccess: async (made) => {
      client.setQueryData(['dossier', dossier.camera], made);
      await client.invalidateQueries({ queryKey: ['findings', { subject: dossier.camera }] });
      await client.invalidateQueries({ queryKey: ['dossier-changes', dossier.camera] });
      onDone();
    },
  });
  const faults = useFaults(save.error);
  const refused =
    Object.keys(patch).length === 0
      ? { reason: t('cameras.record.unchanged') }
      : went && !reason.trim()
        ? { reason: t('cameras.dossier.moveNeedsReason') }
        : null;
  return (
    <form
      className="mj-form mj-dossier-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {members.map((one) => (
        <MemberField
          key={one.field}
          member={one}
          value={one.field in patch ? patch[one.field] : filed[one.field]}
          measured={dossier.measured[one.field]}
          fault={faults[one.field]}
          system={textOf('system' in patch ? patch.system : filed.system)}
          onChange={(value) => setPatch((before) => ({ ...before, [one.field]: value }))}
        />
      ))}
      {went ? (
        <TextField label={t('cameras.dossier.moveReason')} mandatory value={reason} testId="move-reason" hint={t('cameras.dossier.moveHint')} onChange={setReason} />
      ) : null}
      {save.isError ? <ErrorNote error={save.error} what={t('cameras.dossier.title')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit testId="dossier-save" refusal={refused}>
          {save.isPending ? t('oversee.submitting') : t('cameras.record.save')}
        </Act>
        <Act onAct={onDone}>{t('cameras.record.cancel')}</Act>
      </div>
    </form>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface FieldProps {
  member: Member;
  value: unknown;
  measured: Measured | undefined;
  fault: string | undefined;
  /** The system that it belongs to by this form; empty for none. */
  system: string;
  onChange: (value: unknown) => void;
}

function MemberField({ member, value, measured, fault, system, onChange }: FieldProps) {
  const { t } = useTranslation();
  const { list } = useWords();
  const label = inLanguage(member.zh, member.en);
  const seat = { label, mandatory: member.mandatory, fault, testId: `member-${member.field}` };
  const own = inLanguage(member.hint, member.hint_en);
  const offered = measured && beyond(value, measured) ? measured : null;
  const hint = offered ? (
    <>
      {own} {t(`cameras.dossier.source.${offered.source}`)}: <DossierValue member={member} value={offered.value} />{' '}
      <Act kind="link" testId={`take-${member.field}`} onAct={() => onChange(offered.value)}>
        {t('cameras.dossier.take')}
      </Act>
    </>
  ) : (
    own || undefined
  );
  const text = textOf(value);
  if (member.kind === 'number' || member.kind === 'integer') {
    return <NumberField {...seat} hint={hint} value={typeof value === 'number' ? value : null} step={member.kind === 'number' ? 'any' : 1} onChange={onChange} />;
  }
  if (member.kind === 'day') return <DayField {...seat} hint={hint} value={text || null} onChange={onChange} />;
  if (member.kind === 'code') {
    return <SelectField {...seat} hint={hint} value={text} options={list(member.words)} none={t('cameras.dossier.notEntered')} onChange={(code) => onChange(code || null)} />;
  }
  if (member.kind === 'flag') {
    const options = [
      { code: 'yes', name: t('cameras.dossier.yes') },
      { code: 'no', name: t('cameras.dossier.no') },
    ];
    const chosen = value === true ? 'yes' : value === false ? 'no' : '';
    return <SelectField {...seat} hint={hint} value={chosen} options={options} none={t('cameras.dossier.notEntered')} onChange={(code) => onChange(code === '' ? null : code === 'yes')} />;
  }
  if (member.kind === 'codes') return <CodesField label={label} mandatory={member.mandatory} options={list(member.words)} value={text} onChange={onChange} />;
  if (member.field === 'system') return <SystemField {...seat} value={text} onChange={onChange} />;
  if (member.field === 'position') return <PositionField {...seat} value={text} system={system} onChange={onChange} />;
  return <TextField {...seat} hint={hint} value={text} onChange={(typed) => onChange(typed || null)} />;
}
