// The register of projects: in step with the main works or late, accepted or not.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { projects } from '@/api/projects';
import type { Project } from '@/api/projects';
import { RegisterSheet } from '@/features/registers/RegisterSheet';
import { useWords } from '@/shared/law/useWords';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { StatusShape } from '@/shared/ui/StatusShape';
import { Conclusion } from './Conclusion';
import { ProjectForm } from './ProjectForm';
import '@/features/registers/messages';
import './messages';
import './Building.css';

export default function ProjectsPage() {
  const { t } = useTranslation();
  const { word, list } = useWords();
  return (
    <RegisterSheet<Project>
      kind="project"
      right="project.write"
      words={{ title: t('building.project.title'), enter: t('building.project.enter'), none: t('building.project.none'), caption: t('building.project.caption') }}
      filter="kind"
      options={list('project_kind')}
      further={[
        { name: 'conclusion', label: t('building.project.acceptance'), options: [{ code: 'none', name: t('building.project.noConclusion') }, ...list('conclusion')] },
      ]}
      read={projects}
      form={(form) => <ProjectForm {...form} />}
      columns={[
        { key: 'name', title: t('registers.member.name'), cell: (one) => <Link to={`/projects/${one.id}`}>{one.name}</Link>, by: (one) => one.name },
        { key: 'kind', title: t('building.project.kind'), cell: (one) => word('project_kind', one.kind), by: (one) => one.kind },
        { key: 'division', title: t('registers.under'), cell: (one) => <DivisionName code={one.division} />, by: (one) => one.division },
        { key: 'organisation', title: t('registers.member.building_unit'), cell: (one) => <NameText id={one.organisation} /> },
        { key: 'system', title: t('building.project.system'), cell: (one) => (one.system ? <Link to={`/systems/${one.system}`}>{one.system_name}</Link> : null), by: (one) => one.system_name },
        { key: 'stages', title: t('building.project.stages'), cell: (one) => <Step project={one} />, by: (one) => one.late },
        { key: 'acceptance', title: t('building.project.acceptance'), cell: (one) => <Conclusion project={one} />, by: (one) => one.conclusion },
      ]}
    />
  );
}

function Step({ project }: { project: Project }) {
  const { t } = useTranslation();
  if (!project.main_works) return <StatusShape status="off" label={t('building.project.alone')} />;
  if (project.late > 0) return <StatusShape status="failed" label={t('building.project.late', { count: project.late })} />;
  return <StatusShape status="ok" label={t('building.project.inStep')} />;
}
