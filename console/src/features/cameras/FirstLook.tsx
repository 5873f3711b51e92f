// After a camera was registered: what is being recorded, playing, and the legs ticking off until a fragment is on disk.
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { camera as readCamera } from '@/api/cameras';
import type { Camera } from '@/api/types';
import { Act } from '@/shared/ui/Act';
import { PlainPicture } from '@/shared/video/PlainPicture';
import { StatusShape } from '@/shared/ui/StatusShape';
import { DiagnosisPanel } from './DiagnosisPanel';
import { firstProblems } from './firstProblems';
import type { FirstProblem } from './firstProblems';

export function FirstLook({ camera, onDone }: { camera: Camera; onDone: () => void }) {
  const { t } = useTranslation();
  const now = useQuery({
    queryKey: ['camera', camera.id],
    queryFn: ({ signal }) => readCamera(camera.id, signal),
    refetchInterval: 2000,
  });
  const legs = useRef<HTMLDivElement>(null);
  return (
    <div className="mj-cams" data-testid="first-look">
      <h1>{t('cameras.wizard.firstLook', { name: camera.name })}</h1>
      <div className="mj-cams-look">
        <PlainPicture camera={camera} stream="main" onDiagnose={() => legs.current?.scrollIntoView()} />
        <div ref={legs}>
          <DiagnosisPanel id={camera.id} />
        </div>
      </div>
      <FirstProblems camera={now.data ?? camera} />
      <div className="mj-cams-bar">
        <Act kind="primary" testId="first-look-done" onAct={onDone}>
          {t('cameras.wizard.done')}
        </Act>
      </div>
    </div>
  );
}

function FirstProblems({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const found = firstProblems(camera);
  const words = (problem: FirstProblem): string => {
    if (problem.code === 'not_recording') {
      return t('cameras.wizard.problem.not_recording', { reason: t(`states.gap.${problem.reason}`) });
    }
    if (problem.code === 'oddities') return t('cameras.wizard.problem.oddities', { count: problem.count });
    return t(`cameras.wizard.problem.${problem.code}`);
  };
  return (
    <section className="mj-card" data-testid="first-problems">
      <h2>{t('cameras.wizard.problemsTitle')}</h2>
      {found.length === 0 ? <StatusShape status="ok" label={t('cameras.wizard.noProblems')} /> : null}
      <ul className="mj-plain">
        {found.map((problem) => (
          <li key={problem.code}>
            <StatusShape status={problem.code === 'not_playing' || problem.code === 'not_recording' ? 'failed' : 'degraded'} label={words(problem)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
