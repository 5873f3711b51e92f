// Disabling a camera, or taking it out of the register: what happens to its recordings is asked, and a reason is owed.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeCamera, removeCamera } from '@/api/registry';
import type { Camera } from '@/api/types';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';

export function CameraRemoval({ camera, onDone }: { camera: Camera; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [recordings, setRecordings] = useState<'keep' | 'expire'>('keep');
  const [reason, setReason] = useState('');
  const onSuccess = async () => {
    await client.invalidateQueries({ queryKey: ['cameras'] });
    onDone();
  };
  const toggle = useMutation({ mutationFn: () => changeCamera(camera.id, { enabled: !camera.enabled }), onSuccess });
  const remove = useMutation({ mutationFn: () => removeCamera(camera.id, recordings, reason.trim()), onSuccess });
  const error = toggle.error ?? remove.error;
  return (
    <div className="mj-cams-form" data-testid="camera-removal">
      <Act testId="camera-toggle" onAct={() => toggle.mutate()}>
        {camera.enabled ? t('cameras.disable') : t('cameras.enable')}
      </Act>
      <h3>{t('cameras.removeTitle')}</h3>
      {(['keep', 'expire'] as const).map((one) => (
        <label key={one}>
          <span>
            <input type="radio" checked={recordings === one} onChange={() => setRecordings(one)} />{' '}
            {t(`cameras.recordings.${one}`)}
          </span>
        </label>
      ))}
      <Input
        value={reason}
        maxLength={300}
        placeholder={t('cameras.removeReason')}
        aria-label={t('cameras.removeReason')}
        onChange={(event) => setReason(event.target.value)}
      />
      <Act
        kind="danger"
        testId="camera-remove"
        refusal={reason.trim() ? null : { reason: t('cameras.removeNeedsReason') }}
        onAct={() => remove.mutate()}
      >
        {t('cameras.remove')}
      </Act>
      {error ? <ErrorNote error={error} what={t('cameras.remove')} /> : null}
    </div>
  );
}
