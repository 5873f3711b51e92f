// One project: its four stages beside those of the main works, its acceptance, its members.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { project as readProject } from '@/api/projects';
import type { ProjectWhole, Stage } from '@/api/projects';
import { MemberGroup, RecordChanges, RecordFindings, RecordTabs, useTab } from '@/features/registers/RecordParts';
import { useAddress } from '@/shared/address';
import { inLanguage } from '@/shared/i18n';
import { RuleBasis } from '@/shared/law/Citation';
import { useWords } from '@/shared/law/useWords';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { AcceptanceForm } from './AcceptanceForm';
import { AcceptanceSheet } from './AcceptanceSheet';
import { Conclusion } from './Conclusion';
import { ProjectForm } from './ProjectForm';
import { Suspicion } from './Suspicion';
import { STAGE_STATUS } from './plans';
import './messages';
import './Building.css';

export default function ProjectPage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const mayWrite = useMay('project.write');
  const denied = refusal(mayWrite, t('rights.permission.project.write'));
  const tab = useTab();
  const query = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => readProject(id, signal) });
  const found = query.data;
  const close = () => change({ edit: undefined }, 'replace');
  return (
    <Sheet
      title={found?.name ?? t('building.project.one')}
      testId="project-page"
      lead={found ? <HeadLine project={found} /> : null}
      acts={
        <>
          <Act testId="project-edit" refusal={denied} onAct={() => change({ edit: '1', tab: undefined })}>
            {t('registers.edit')}
          </Act>
          <Act kind="primary" testId="acceptance-edit" refusal={denied} onAct={() => change({ edit: 'acceptance', tab: undefined })}>
            {t('building.accept.edit')}
          </Act>
        </>
      }
      bar={<RecordTabs id={id} />}
    >
      <PanelState query={query} what={t('building.project.one')}>
        {found && tab === 'record' ? (
          <div className="mj-stack">
            {mayWrite && address.edit === '1' ? <ProjectForm key={found.changed_us} project={found} onDone={close} onClose={close} /> : null}
            <StageGrid project={found} />
            {mayWrite && address.edit === 'acceptance' ? <AcceptanceForm key={found.id} project={found} onClose={close} /> : <AcceptanceSheet project={found} />}
            <div className="mj-record" data-columns="2">
              <RecordFindings id={id} />
              <Members project={found} />
            </div>
          </div>
        ) : null}
        {found && tab === 'changes' ? <RecordChanges register="projects" id={id} /> : null}
      </PanelState>
    </Sheet>
  );
}

function HeadLine({ project }: { project: ProjectWhole }) {
  const { t } = useTranslation();
  const { word } = useWords();
  return (
    <span className="mj-head-line">
      <span>{word('project_kind', project.kind)}</span>
      {project.system ? <Link to={`/systems/${project.system}`}>{project.system_name}</Link> : null}
      {project.plan ? (
        <span>
          {t('building.project.planItem')}: <Link to={`/construction-plans/${project.plan}`}>{project.plan_item_name}</Link>
        </span>
      ) : null}
      <Conclusion project={project} />
      <Suspicion of={project} />
    </span>
  );
}

function StageGrid({ project: { stages } }: { project: ProjectWhole }) {
  const { t } = useTranslation();
  const { word } = useWords();
  const day = (value: string | null) => value ?? <span className="mj-muted">{t('registers.notEntered')}</span>;
  return (
    <section className="mj-card" data-testid="project-stages">
      <h2>
        {t('building.grid.title')} <RuleBasis rule="SIM-01" />
      </h2>
      <table className="mj-stage-grid">
        <caption className="mj-sr">{t('building.grid.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('building.grid.track')}</th>
            {stages.map((one) => (
              <th key={one.stage} scope="col">
                {word('stage', one.stage)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('building.grid.main')}</th>
            {stages.map((one) => (
              <td key={one.stage}>{day(one.main)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t('building.grid.video')}</th>
            {stages.map((one) => (
              <td key={one.stage}>{day(one.video)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t('building.grid.verdict')}</th>
            {stages.map((one) => (
              <td key={one.stage} data-testid={`stage-${one.stage}`} data-state={one.state}>
                <StageShape stage={one} />
              </td>
            ))}
          </tr>
        </tbody>
      </table>
      <ul className="mj-plain">
        {stages
          .filter((one) => one.state === 'late')
          .map((one) => (
            <li key={one.stage}>{inLanguage(one.words, one.words_en)}</li>
          ))}
      </ul>
    </section>
  );
}

function StageShape({ stage }: { stage: Stage }) {
  const { t } = useTranslation();
  const label = stage.state === 'late' ? t('building.grid.late', { count: stage.days_late }) : t(`building.grid.${stage.state}`);
  return <StatusShape status={STAGE_STATUS[stage.state]} label={label} cause={inLanguage(stage.words, stage.words_en)} />;
}

function Members({ project }: { project: ProjectWhole }) {
  const { t } = useTranslation();
  const record = { ...project, building_unit: project.organisation, project_kind: project.kind };
  return (
    <section className="mj-card" data-testid="project-record">
      <MemberGroup title={t('building.project.basics')} rule="PLAN-01" members={['name', 'project_kind', 'division', 'funding', 'main_works', 'system', 'longitude', 'latitude', 'note']} record={record} />
      <MemberGroup title={t('building.project.units')} members={['building_unit', 'designer', 'contractor', 'inspector', 'contract']} record={record} />
    </section>
  );
}
