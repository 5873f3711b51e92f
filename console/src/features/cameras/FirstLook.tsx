// After a camera was registered: what is being recorded, playing, and the legs ticking off until a fragment is on disk.
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '@/api/types';
import { Act } from '@/shared/ui/Act';
import { PlainPicture } from '@/shared/video/PlainPicture';
import { DiagnosisPanel } from './DiagnosisPanel';

export function FirstLook({ camera, onDone }: { camera: Camera; onDone: () => void }) {
  const { t } = useTranslation();
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
      <div className="mj-cams-bar">
        <Act kind="primary" testId="first-look-done" onAct={onDone}>
          {t('cameras.wizard.done')}
        </Act>
      </div>
    </div>
  );
}
