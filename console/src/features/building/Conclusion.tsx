// What an acceptance came to, as a shape: it stands, it waits for a cure, it did not pass, there is none.
import { useTranslation } from 'react-i18next';
import type { Project } from '@/api/projects';
import { useWords } from '@/shared/law/useWords';
import { StatusShape } from '@/shared/ui/StatusShape';
import './messages';

export function Conclusion({ project }: { project: Pick<Project, 'conclusion' | 'accepted' | 'open_defects'> }) {
  const { t } = useTranslation();
  const { word } = useWords();
  const { conclusion, accepted, open_defects: open } = project;
  if (!conclusion) return <StatusShape status="off" label={t('building.project.noConclusion')} />;
  const status = accepted ? 'ok' : conclusion === 'not_passed' ? 'failed' : 'degraded';
  const cause = open > 0 ? t('building.project.openDefects', { count: open }) : undefined;
  return (
    <>
      <StatusShape status={status} label={word('conclusion', conclusion)} cause={cause} />{' '}
      {cause ? <span className="mj-muted">{cause}</span> : null}
    </>
  );
}
