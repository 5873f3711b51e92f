// Entering what an acceptance found. Of a change only what was changed is sent; lists are sent whole.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { acceptProject, acceptanceChecklist } from '@/api/projects';
import type { Acceptance, AcceptancePatch, Check, Defect, Member, DocumentWish, ProjectDocument, ProjectWhole } from '@/api/projects';
import { inLanguage } from '@/shared/i18n';
import { useWords } from '@/shared/law/useWords';
import { dateText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';
import { DayField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { filed } from './archive';
import './messages';
import './Building.css';

type Content = Pick<
  Acceptance,
  | 'trial_from' | 'trial_until' | 'report_lab' | 'report_number' | 'report_date' | 'checks' | 'members' | 'opinions' | 'conclusion' | 'concluded'
  | 'defects' | 'documents' | 'handed_over' | 'standards'
>;

const EMPTY: Content = {
  standards: [], trial_from: null, trial_until: null, report_lab: '', report_number: '', report_date: null, checks: [], members: [],
  opinions: { construction: '', technical: '', document: '' }, conclusion: '', concluded: null, defects: [], documents: [], handed_over: null,
};
const MEMBERS = Object.keys(EMPTY) as (keyof Content)[];
const PARTIES = ['construction', 'technical', 'document'] as const;

export function AcceptanceForm({ project, onClose }: { project: ProjectWhole; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { list } = useWords();
  const today = dateText(nowUs());
  const [start] = useState<Content>(() => ({ ...EMPTY, ...(project.acceptance ? Object.fromEntries(MEMBERS.map((name) => [name, project.acceptance?.[name]])) : {}) }));
  const [content, setContent] = useState(start);
  const set = (change: Partial<Content>) => setContent((before) => ({ ...before, ...change }));
  const changed = Object.fromEntries(MEMBERS.filter((name) => content[name] !== start[name]).map((name) => [name, content[name]])) as AcceptancePatch;
  const save = useMutation({
    mutationFn: () =>
      acceptProject(project.id, {
        ...changed,
        ...(changed.standards ? { standards: changed.standards.filter((one) => one.trim()) } : {}),
        ...(changed.documents ? { documents: changed.documents.map(wished) } : {}),
      }),
    onSuccess: async (kept) => {
      client.setQueryData(['project', project.id], kept);
      await Promise.all(['projects', 'record-changes', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onClose();
    },
  });
  const faults = useFaults(save.error);
  const why = Object.keys(changed).length === 0 ? { reason: t('registers.unchanged') } : null;
  const conclusions = list('conclusion') as { code: Content['conclusion']; name: string }[];
  const day = (name: 'trial_from' | 'trial_until' | 'report_date' | 'concluded' | 'handed_over', label: string, latest?: string) => (
    <DayField label={label} value={content[name]} {...(latest ? { latest } : {})} fault={faults[name]} testId={`accept-${name}`} onChange={(value) => set({ [name]: value })} />
  );
  return (
    <form
      className="mj-card mj-form"
      data-testid="acceptance-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !save.isPending) save.mutate();
      }}
    >
      <h2>{t('building.accept.edit')}</h2>
      <div className="mj-form-columns">
        <SelectField label={t('building.accept.conclusion')} value={content.conclusion} none={t('building.project.noConclusion')} options={conclusions} fault={faults.conclusion} testId="accept-conclusion" onChange={(conclusion) => set({ conclusion })} />
        {day('concluded', t('building.accept.concluded'), today)}
        {day('handed_over', t('building.accept.handedOver'), today)}
        {day('trial_from', t('building.accept.trialFrom'))}
        {day('trial_until', t('building.accept.trialUntil'))}
      </div>
      <div className="mj-form-columns">
        {PARTIES.map((party) => (
          <SelectField
            key={party}
            label={`${t('building.accept.opinions')} · ${t(`building.accept.party.${party}`)}`}
            value={content.opinions[party] ?? ''}
            none={t('registers.notEntered')}
            options={conclusions}
            testId={`accept-opinion-${party}`}
            onChange={(value) => set({ opinions: { ...content.opinions, [party]: value } })}
          />
        ))}
      </div>
      <div className="mj-form-columns">
        <TextField label={t('building.accept.reportLab')} value={content.report_lab} fault={faults.report_lab} testId="accept-report_lab" onChange={(report_lab) => set({ report_lab })} />
        <TextField label={t('building.accept.reportNumber')} value={content.report_number} fault={faults.report_number} testId="accept-report_number" onChange={(report_number) => set({ report_number })} />
        {day('report_date', t('building.accept.reportDate'))}
      </div>
      <TextField label={t('building.accept.standards')} hint={t('building.accept.standardsHint')} lines={3} most={2000} value={content.standards.join('\n')} fault={faults.standards} testId="accept-standards" onChange={(text) => set({ standards: text.split('\n') })} />
      <Rows<Defect>
        title={t('building.accept.defects')}
        add={t('building.accept.addDefect')}
        testId="defect"
        rows={content.defects}
        fresh={() => ({ what: '', cure: '', cured: null, retested: null, retest: '' })}
        onChange={(defects) => set({ defects })}
      >
        {(one, put) => (
          <>
            <TextField label={t('building.accept.defect.what')} mandatory value={one.what} fault={faults.what} testId="defect-what" onChange={(what) => put({ what })} />
            <TextField label={t('building.accept.defect.cure')} value={one.cure ?? ''} testId="defect-cure" onChange={(cure) => put({ cure })} />
            <DayField label={t('building.accept.defect.cured')} value={one.cured ?? null} latest={today} testId="defect-cured" onChange={(cured) => put({ cured })} />
            <DayField label={t('building.accept.defect.retested')} value={one.retested ?? null} latest={today} testId="defect-retested" onChange={(retested) => put({ retested })} />
            <SelectField
              label={t('building.accept.defect.retest')}
              value={one.retest ?? ''}
              none={t('registers.notEntered')}
              options={(['passed', 'failed'] as const).map((code) => ({ code, name: t(`building.accept.retest.${code}`) }))}
              testId="defect-retest"
              onChange={(retest) => put({ retest })}
            />
          </>
        )}
      </Rows>
      <Checks checks={content.checks} onChange={(checks) => set({ checks })} />
      <Rows<Member>
        title={t('building.accept.members')}
        add={t('building.accept.addMember')}
        testId="member"
        rows={content.members}
        fresh={() => ({ name: '', unit: '', post: '', expert: false, party: '' })}
        onChange={(members) => set({ members })}
      >
        {(one, put) => (
          <>
            <TextField label={t('building.accept.member.name')} mandatory most={100} value={one.name} testId="member-name" onChange={(name) => put({ name })} />
            <TextField label={t('building.accept.member.unit')} value={one.unit ?? ''} testId="member-unit" onChange={(unit) => put({ unit })} />
            <TextField label={t('building.accept.member.post')} value={one.post ?? ''} testId="member-post" onChange={(post) => put({ post })} />
            <SelectField
              label={t('building.accept.member.party')}
              value={one.party ?? ''}
              none={t('registers.notEntered')}
              options={PARTIES.map((code) => ({ code, name: t(`building.accept.party.${code}`) }))}
              testId="member-party"
              onChange={(party) => put({ party })}
            />
            <label className="mj-check">
              <input type="checkbox" checked={one.expert ?? false} onChange={(event) => put({ expert: event.target.checked })} />
              {t('building.accept.member.expert')}
            </label>
          </>
        )}
      </Rows>
      <Documents project={project.id} documents={content.documents} onChange={(documents) => set({ documents })} />
      {save.isError ? <ErrorNote error={save.error} what={t('building.accept.title')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why} testId="accept-save">
          {save.isPending ? t('oversee.submitting') : t('registers.save')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}

interface RowsProps<Row> {
  title: string;
  add: string;
  testId: string;
  rows: Row[];
  fresh: () => Row;
  onChange: (rows: Row[]) => void;
  children: (row: Row, put: (change: Partial<Row>) => void) => ReactNode;
}

function Rows<Row>({ title, add, testId, rows, fresh, onChange, children }: RowsProps<Row>) {
  const { t } = useTranslation();
  return (
    <fieldset>
      <legend>{title}</legend>
      {rows.map((row, at) => (
        <div key={at} className="mj-list-row" data-testid={`${testId}-${at}`}>
          {children(row, (change) => onChange(rows.map((one, index) => (index === at ? { ...one, ...change } : one))))}
          <Act kind="link" onAct={() => onChange(rows.filter((_, index) => index !== at))}>
            {t('building.accept.remove')}
          </Act>
        </div>
      ))}
      <Act testId={`${testId}-add`} onAct={() => onChange([...rows, fresh()])}>
        {add}
      </Act>
    </fieldset>
  );
}

function Checks({ checks, onChange }: { checks: Check[]; onChange: (checks: Check[]) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ['acceptance-checklist'], queryFn: ({ signal }) => acceptanceChecklist(signal), staleTime: Infinity });
  const put = (item: string, change: Partial<Check> | null) => {
    const others = checks.filter((one) => one.item !== item);
    const before = checks.find((one) => one.item === item) ?? { item, result: 'passed' as const, value: '' };
    onChange(change ? [...others, { ...before, ...change }] : others);
  };
  return (
    <fieldset>
      <legend>{t('building.accept.checks')}</legend>
      {(data?.items ?? []).map((line) => {
        const found = checks.find((one) => one.item === line.item);
        return (
          <div key={line.item} className="mj-list-row" data-testid={`check-${line.item}`}>
            <SelectField
              label={`${inLanguage(line.title, line.title_en)} · ${line.standard}`}
              value={found?.result ?? ''}
              none={t('registers.notEntered')}
              options={(['passed', 'failed', 'not_applicable'] as const).map((code) => ({ code, name: t(`building.accept.result.${code}`) }))}
              testId={`check-result-${line.item}`}
              onChange={(result) => put(line.item, result ? { result } : null)}
            />
            {line.value ? (
              <TextField label={inLanguage(line.value, line.value_en)} value={found?.value ?? ''} testId={`check-value-${line.item}`} onChange={(value) => put(line.item, { value })} />
            ) : null}
          </div>
        );
      })}
    </fieldset>
  );
}

/** What the server knows by itself is not told to it. */
function wished(one: DocumentWish): DocumentWish {
  const { group, title, dated = null, size_bytes = null, sha256 } = one;
  return { group, title, dated, size_bytes, sha256 };
}

function Documents({ project, documents, onChange }: { project: string; documents: ProjectDocument[]; onChange: (documents: ProjectDocument[]) => void }) {
  const { t } = useTranslation();
  const { list, word } = useWords();
  const [group, setGroup] = useState<ProjectDocument['group']>('design');
  const take = useMutation({
    mutationFn: async (file: File) => ({ file, found: await filed(project, file) }),
    onSuccess: ({ file, found }) => {
      if (found) onChange([...documents, { group, title: file.name.slice(0, 100), dated: null, size_bytes: file.size, ...found }]);
    },
  });
  return (
    <fieldset>
      <legend>{t('building.accept.documents')}</legend>
      <p className="mj-muted">{t('building.accept.documentHint')}</p>
      {documents.map((one, at) => (
        <div key={`${one.title} ${one.sha256}`} className="mj-list-row">
          <span>
            {word('archive_group', one.group)} · {one.title}
          </span>
          {one.kept ? null : <span className="mj-muted">{t('building.accept.keptByUnit')}</span>}
          <span className="mj-code mj-digest">{one.sha256}</span>
          <Act kind="link" onAct={() => onChange(documents.filter((_, index) => index !== at))}>
            {t('building.accept.remove')}
          </Act>
        </div>
      ))}
      <div className="mj-list-row">
        <SelectField label={t('building.accept.document.group')} value={group} options={list('archive_group') as { code: ProjectDocument['group']; name: string }[]} testId="document-group" onChange={setGroup} />
        <label className="mj-field">
          {t('building.accept.addDocument')}
          <input
            type="file"
            className="mj-input"
            data-testid="document-file"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) take.mutate(file);
            }}
          />
        </label>
        {take.isError ? <ErrorNote error={take.error} what={t('building.accept.addDocument')} /> : null}
        {take.isPending ? <span>{t('building.accept.digesting')}</span> : null}
        {take.data?.found === null ? <span role="alert">{t('building.accept.noDigest')}</span> : null}
      </div>
    </fieldset>
  );
}
