// The list of cameras: filter in the address, status by shape and word, diagnosis in a drawer, tables in and out.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Drawer, Input } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cameras } from '@/api/cameras';
import { cameraTableAddress, cameraTemplateAddress, importCameras, type ImportReport } from '@/api/registry';
import type { Camera } from '@/api/types';
import { useAddress } from '@/shared/address';
import { inLanguage } from '@/shared/i18n';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import { CameraRemoval } from './CameraRemoval';
import { CameraWizard } from './CameraWizard';
import { DiagnosisPanel } from './DiagnosisPanel';
import { statusOf } from './status';
import './CamerasPage.css';

export default function CamerasPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const q = address.q ?? '';
  const mayWrite = useMay('camera.write');
  const refusal = useRefusal();
  const [diagnosed, setDiagnosed] = useState<Camera | null>(null);
  const [ending, setEnding] = useState<Camera | null>(null);
  const query = useQuery({
    queryKey: ['cameras', 'list', q],
    queryFn: ({ signal }) => cameras({ ...(q ? { q } : {}), limit: 200 }, signal),
    refetchInterval: 10_000,
  });
  const items = query.data?.items ?? [];
  if (address.add === '1' && mayWrite) return <CameraWizard onClose={() => change({ add: undefined })} />;
  return (
    <div className="mj-cams" data-testid="cameras-page">
      <div className="mj-cams-bar">
        <Input
          allowClear
          value={q}
          placeholder={t('playback.findCamera')}
          aria-label={t('playback.findCamera')}
          data-testid="cameras-filter"
          onChange={(event) => change({ q: event.target.value || undefined }, 'replace')}
        />
        <Act
          kind="primary"
          testId="camera-add"
          refusal={refusal(mayWrite, t('cameras.add'))}
          onAct={() => change({ add: '1' })}
        >
          {t('cameras.add')}
        </Act>
        <ImportAct allowed={mayWrite} />
        <a href={cameraTableAddress('xlsx')}>{t('cameras.exportXlsx')}</a>
        <a href={cameraTableAddress('csv')}>CSV</a>
        <a href={cameraTemplateAddress()}>{t('cameras.template')}</a>
      </div>
      <PanelState
        query={query}
        what={t('playback.cameras')}
        empty={items.length === 0 && query.isSuccess ? <p>{t('cameras.none')}</p> : undefined}
      >
        <table className="mj-cams-table" aria-rowcount={query.data?.total ?? 0}>
          <caption>{t('cameras.count', { shown: items.length, total: query.data?.total ?? 0 })}</caption>
          <thead>
            <tr>
              {(['state', 'name', 'recording', 'format', 'address', 'acts'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`cameras.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((camera) => {
              const video = camera.state.main?.format?.video;
              return (
                <tr key={camera.id} data-testid={`camera-${camera.id}`}>
                  <td>
                    <StatusShape status={statusOf(camera)} onOpen={() => setDiagnosed(camera)} />
                  </td>
                  <td>
                    <Link to={`/cameras/${camera.id}`}>{camera.name}</Link>
                  </td>
                  <td>
                    {t(`states.recording.${camera.recording.state}`)}
                    {camera.recording.reason ? ` · ${t(`states.gap.${camera.recording.reason}`)}` : ''}
                  </td>
                  <td>{video ? `${video.codec} ${video.width}×${video.height}` : t('states.status.unknown')}</td>
                  <td>{camera.address}</td>
                  <td>
                    <Link to="/playback" search={{ c: camera.id }}>
                      {t('cameras.playback')}
                    </Link>{' '}
                    <Act kind="link" onAct={() => setDiagnosed(camera)}>
                      {t('cameras.diagnose')}
                    </Act>{' '}
                    <Act kind="link" refusal={refusal(mayWrite, t('cameras.more'))} onAct={() => setEnding(camera)}>
                      {t('cameras.more')}
                    </Act>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </PanelState>
      <Drawer
        open={diagnosed !== null}
        size={760}
        title={`${t('cameras.diagnose')} · ${diagnosed?.name ?? ''}`}
        onClose={() => setDiagnosed(null)}
        destroyOnHidden
      >
        {diagnosed ? <DiagnosisPanel id={diagnosed.id} /> : null}
      </Drawer>
      <Drawer
        open={ending !== null}
        size={480}
        title={`${t('cameras.more')} · ${ending?.name ?? ''}`}
        onClose={() => setEnding(null)}
        destroyOnHidden
      >
        {ending ? <CameraRemoval camera={ending} onDone={() => setEnding(null)} /> : null}
      </Drawer>
    </div>
  );
}

function ImportAct({ allowed }: { allowed: boolean }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const trial = useMutation({ mutationFn: (chosen: File) => importCameras(chosen, true, 'good') });
  const write = useMutation({
    mutationFn: ({ chosen, mode }: { chosen: File; mode: 'all' | 'good' }) => importCameras(chosen, false, mode),
    onSuccess: () => client.invalidateQueries({ queryKey: ['cameras'] }),
  });
  const report = write.data ?? trial.data;
  return (
    <>
      <Act testId="camera-import" refusal={refusal(allowed, t('cameras.import'))} onAct={() => input.current?.click()}>
        {t('cameras.import')}
      </Act>
      <input
        ref={input}
        type="file"
        accept=".xlsx,.csv"
        hidden
        data-testid="camera-import-file"
        onChange={(event) => {
          const chosen = event.target.files?.[0] ?? null;
          setFile(chosen);
          write.reset();
          if (chosen) trial.mutate(chosen);
          event.target.value = '';
        }}
      />
      <Drawer
        open={file !== null}
        size={640}
        title={t('cameras.importTitle')}
        onClose={() => setFile(null)}
        destroyOnHidden
      >
        {trial.isError ? <ErrorNote error={trial.error} what={t('cameras.import')} /> : null}
        {write.isError ? <ErrorNote error={write.error} what={t('cameras.import')} /> : null}
        {report ? <ReportTable report={report} /> : null}
        {report && file && !write.isSuccess ? (
          <div className="mj-cams-bar">
            <Act
              kind="primary"
              refusal={
                report.counts.error > 0
                  ? { reason: t('cameras.importHasErrors', { count: report.counts.error }) }
                  : null
              }
              onAct={() => write.mutate({ chosen: file, mode: 'all' })}
            >
              {t('cameras.importAll', { count: report.counts.rows })}
            </Act>
            <Act onAct={() => write.mutate({ chosen: file, mode: 'good' })}>
              {t('cameras.importGood', { count: report.counts.ok })}
            </Act>
          </div>
        ) : null}
      </Drawer>
    </>
  );
}

function ReportTable({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  const bad = report.rows.filter((row) => row.state === 'error');
  return (
    <>
      <p role="status" data-testid="import-counts">
        {t('cameras.importCounts', report.counts)}
      </p>
      <table className="mj-cams-table">
        <tbody>
          {bad.map((row) => (
            <tr key={row.row}>
              <td>{row.row}</td>
              <td>{row.name}</td>
              <td>
                {row.errors
                  .map((error) => `${error.column}：${inLanguage(error.message, error.message_en)}`)
                  .join('；')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
