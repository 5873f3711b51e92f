// Entering a project, or changing it: what it delivers, who builds, and the days of each stage.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { constructionPlan, constructionPlans } from '@/api/planning';
import { changeProject, enterProject } from '@/api/projects';
import type { ProjectWhole, ProjectWish } from '@/api/projects';
import { systems } from '@/api/registers';
import { RecordForm } from '@/features/registers/RecordForm';
import { useWords } from '@/shared/law/useWords';
import { DivisionField } from '@/shared/names/DivisionField';
import { useRegisters } from '@/shared/names/useRegisters';
import { useMay } from '@/shared/session';
import { DayField, NumberField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import './messages';
import './Building.css';

interface Props {
  /** Absent: a new one. */
  project?: ProjectWhole;
  division?: string;
  onDone: (project: { id: string }) => void;
  onClose: () => void;
}

const MAIN = ['main_design', 'main_construction', 'main_acceptance', 'main_use'] as const;
const VIDEO = ['video_design', 'video_construction', 'video_use'] as const;
const UNITS = ['designer', 'contractor', 'inspector'] as const;
type Content = Required<Omit<ProjectWish, 'places'>>;

function contentOf(project: ProjectWhole): Content {
  const days = Object.fromEntries(project.stages.map((one) => [`main_${one.stage}`, one.main]));
  const { name, kind, division, organisation, funding, system, plan_item, longitude, latitude, main_works, designer, inspector, contract, note } = project;
  return {
    name, kind, division, organisation, funding, system, plan_item, longitude, latitude, main_works, designer, inspector, contract, note,
    contractor: project.contractor, video_design: project.video_design, video_construction: project.video_construction,
    video_use: project.video_use, main_design: days.main_design ?? null, main_construction: days.main_construction ?? null,
    main_acceptance: days.main_acceptance ?? null, main_use: days.main_use ?? null,
  };
}

function emptyIn(division: string): Content {
  return {
    name: '', kind: 'new', division, organisation: '', funding: '', system: null, plan_item: null, longitude: null, latitude: null,
    main_works: '', designer: null, contractor: null, inspector: null, contract: '', note: '', main_design: null,
    main_construction: null, main_acceptance: null, main_use: null, video_design: null, video_construction: null, video_use: null,
  };
}

export function ProjectForm({ project, division = '', onDone, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { units } = useRegisters();
  const { list } = useWords();
  const [start] = useState<Content>(() => (project ? contentOf(project) : emptyIn(division)));
  const [content, setContent] = useState(start);
  const [plan, setPlan] = useState(project?.plan ?? '');
  const set = (change: Partial<Content>) => setContent((before) => ({ ...before, ...change }));
  const mayRegisters = useMay('register.read');
  const around = useQuery({
    queryKey: ['systems', 'choice', content.division],
    queryFn: ({ signal }) => systems({ under: content.division, limit: 500 }, signal),
    enabled: content.division !== '' && mayRegisters,
  });
  const mayPlans = useMay('planning.read');
  const plans = useQuery({ queryKey: ['construction-plans', 'choice'], queryFn: ({ signal }) => constructionPlans({ limit: 100 }, signal), enabled: mayPlans });
  const whole = useQuery({ queryKey: ['construction-plan', plan], queryFn: ({ signal }) => constructionPlan(plan, signal), enabled: mayPlans && plan !== '' });
  const organisation = content.organisation || units[0]?.id || '';
  const names = Object.keys(content) as (keyof Content)[];
  const changed = Object.fromEntries(names.filter((name) => content[name] !== start[name]).map((name) => [name, content[name]]));
  const save = useMutation({
    mutationFn: () => (project ? changeProject(project.id, changed) : enterProject({ ...content, organisation })),
    onSuccess: async (kept) => {
      await Promise.all(['projects', 'project', 'record-changes', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onDone(kept);
    },
  });
  const faults = useFaults(save.error);
  const incomplete = !content.name.trim() || !content.division || !organisation ? t('building.project.incomplete') : null;
  const why = incomplete ?? (project && Object.keys(changed).length === 0 ? t('registers.unchanged') : null);
  const choice = (name: 'system' | (typeof UNITS)[number], label: string, options: { code: string; name: string }[]) => (
    <SelectField key={name} label={label} value={content[name] ?? ''} none={t('registers.notEntered')} options={options} fault={faults[name]} testId={`project-${name}`} onChange={(value) => set({ [name]: value || null })} />
  );
  const days = (members: readonly (typeof MAIN | typeof VIDEO)[number][]) => (
    <div className="mj-form-columns">
      {members.map((name) => (
        <DayField key={name} label={t(`registers.member.${name}`)} value={content[name]} fault={faults[name]} testId={`project-${name}`} onChange={(value) => set({ [name]: value })} />
      ))}
    </div>
  );
  const unitOptions = units.map((one) => ({ code: one.id, name: one.name }));
  return (
    <RecordForm kind="project" title={t('building.project.enter')} known={project !== undefined} what={t('building.project.one')} why={why} save={save} onClose={onClose}>
      <fieldset>
        <legend>{t('building.project.basics')}</legend>
        <TextField label={t('registers.member.name')} mandatory most={100} focused value={content.name} fault={faults.name} testId="project-name" onChange={(name) => set({ name })} />
        <DivisionField value={content.division} onChange={(code) => set({ division: code, system: null })} />
        <div className="mj-form-columns">
          <SelectField label={t('building.project.kind')} mandatory value={content.kind} options={list('project_kind') as { code: Content['kind']; name: string }[]} fault={faults.kind} testId="project-kind" onChange={(kind) => set({ kind })} />
          <SelectField label={t('registers.member.funding')} value={content.funding} none={t('registers.notEntered')} options={list('funding') as { code: Content['funding']; name: string }[]} fault={faults.funding} testId="project-funding" onChange={(funding) => set({ funding })} />
          {choice('system', t('building.project.system'), (around.data?.items ?? []).map((one) => ({ code: one.id, name: one.name })))}
        </div>
        {mayPlans ? (
          <div className="mj-form-columns">
            <SelectField label={t('building.project.plan')} value={plan} none={t('registers.notEntered')} options={(plans.data?.items ?? []).map((one) => ({ code: one.id, name: one.name }))} testId="project-plan" onChange={setPlan} />
            <SelectField label={t('building.project.planItem')} value={content.plan_item ?? ''} none={t('registers.notEntered')} options={(whole.data?.items ?? []).map((one) => ({ code: one.id, name: one.name }))} fault={faults.plan_item} testId="project-plan_item" onChange={(value) => set({ plan_item: value || null })} />
          </div>
        ) : null}
        <TextField label={t('building.project.mainWorks')} hint={t('building.project.mainWorksHint')} value={content.main_works} fault={faults.main_works} testId="project-main_works" onChange={(main_works) => set({ main_works })} />
        <div className="mj-form-columns">
          <NumberField label={t('registers.member.longitude')} step="any" value={content.longitude} fault={faults.longitude} testId="project-longitude" onChange={(longitude) => set({ longitude })} />
          <NumberField label={t('registers.member.latitude')} step="any" value={content.latitude} fault={faults.latitude} testId="project-latitude" onChange={(latitude) => set({ latitude })} />
        </div>
      </fieldset>
      <fieldset>
        <legend>{t('building.project.units')}</legend>
        <SelectField label={t('registers.member.building_unit')} mandatory value={organisation} options={unitOptions} fault={faults.organisation} testId="project-organisation" onChange={(value) => set({ organisation: value })} />
        <div className="mj-form-columns">{UNITS.map((name) => choice(name, t(`registers.member.${name}`), unitOptions))}</div>
        <TextField label={t('registers.member.contract')} value={content.contract} fault={faults.contract} testId="project-contract" onChange={(contract) => set({ contract })} />
      </fieldset>
      <fieldset>
        <legend>{t('building.project.mainDays')}</legend>
        {days(MAIN)}
      </fieldset>
      <fieldset>
        <legend>{t('building.project.videoDays')}</legend>
        {days(VIDEO)}
        <p className="mj-muted">{t('building.project.acceptanceDayHint')}</p>
      </fieldset>
      <TextField label={t('registers.member.note')} lines={2} most={2000} value={content.note} fault={faults.note} testId="project-note" onChange={(note) => set({ note })} />
    </RecordForm>
  );
}
