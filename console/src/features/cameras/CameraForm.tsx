// Changing a camera's record. Only what was changed is sent; the password is written and never shown.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeCamera, organisations, type CameraPatch, type Transport } from '@/api/registry';
import { plans } from '@/api/recordings';
import type { Camera } from '@/api/types';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';
import '@/shared/video/messages';
import { DivisionField } from '@/shared/names/DivisionField';

const TRANSPORTS: Transport[] = ['auto', 'tcp', 'udp', 'udp_only'];

export function CameraForm({ camera, onDone }: { camera: Camera; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [patch, setPatch] = useState<CameraPatch>({});
  const set = (change: CameraPatch) => setPatch((before) => ({ ...before, ...change }));
  const units = useQuery({ queryKey: ['organisations'], queryFn: ({ signal }) => organisations(signal) });
  const offered = useQuery({ queryKey: ['plans'], queryFn: ({ signal }) => plans(signal) });
  const save = useMutation({
    mutationFn: () => changeCamera(camera.id, patch),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['camera', camera.id] });
      await client.invalidateQueries({ queryKey: ['cameras'] });
      onDone();
    },
  });
  const streams = patch.streams ?? camera.streams.map(({ kind, url, transport, audio, purpose }) => ({ kind, url, transport, audio, purpose }));
  const setStream = (at: number, change: { url?: string; transport?: Transport }) =>
    set({ streams: streams.map((stream, index) => (index === at ? { ...stream, ...change } : stream)) });
  const text = (key: 'name' | 'address' | 'note' | 'user', label: string) => (
    <label>
      {label}
      <Input value={patch[key] ?? camera[key] ?? ''} data-testid={`edit-${key}`} onChange={(event) => set({ [key]: event.target.value })} />
    </label>
  );
  return (
    <form
      className="mj-cams-form"
      data-testid="camera-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {text('name', t('cameras.wizard.name'))}
      {text('address', t('cameras.wizard.place'))}
      {text('note', t('cameras.record.note'))}
      <DivisionField value={patch.division ?? camera.division} onChange={(division) => set({ division })} />
      <label>
        {t('cameras.wizard.unit')}
        <select value={patch.organisation ?? camera.organisation} onChange={(event) => set({ organisation: event.target.value })}>
          {units.data?.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      {streams.map((stream, at) => (
        <label key={stream.kind}>
          {t(`picture.cell.${stream.kind}`)}
          <Input value={stream.url} data-testid={`edit-url-${stream.kind}`} onChange={(event) => setStream(at, { url: event.target.value })} />
          <select value={stream.transport ?? 'auto'} aria-label={t('cameras.wizard.transport')} onChange={(event) => setStream(at, { transport: event.target.value as Transport })}>
            {TRANSPORTS.map((one) => (
              <option key={one} value={one}>
                {t(`cameras.wizard.transports.${one}`)}
              </option>
            ))}
          </select>
        </label>
      ))}
      {text('user', t('cameras.wizard.user'))}
      <label>
        {t('cameras.wizard.password')}
        <Input.Password
          autoComplete="new-password"
          placeholder={t(camera.has_password ? 'cameras.record.passwordKept' : 'cameras.record.passwordNone')}
          data-testid="edit-password"
          onChange={(event) => set({ password: event.target.value || undefined })}
        />
      </label>
      <label>
        <span>
          <input
            type="checkbox"
            checked={patch.allow_basic ?? camera.allow_basic}
            data-testid="edit-allow-basic"
            onChange={(event) => set({ allow_basic: event.target.checked })}
          />{' '}
          {t('cameras.record.allowBasic')}
        </span>
      </label>
      <label>
        {t('cameras.wizard.plan')}
        <select value={patch.plan ?? camera.plan ?? ''} onChange={(event) => set({ plan: event.target.value || undefined })}>
          <option value="">{t('cameras.wizard.defaultPlan')}</option>
          {offered.data?.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      {save.isError ? <ErrorNote error={save.error} what={t('cameras.record.edit')} /> : null}
      <div className="mj-cams-bar">
        <Act kind="primary" submit testId="edit-save" refusal={Object.keys(patch).length === 0 ? { reason: t('cameras.record.unchanged') } : null}>
          {t('cameras.record.save')}
        </Act>
        <Act onAct={onDone}>{t('cameras.record.cancel')}</Act>
      </div>
    </form>
  );
}
