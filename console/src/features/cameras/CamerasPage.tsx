// The register of cameras: filter and sort in the address, status by shape and word, diagnosis in a drawer, tables in and out.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cameras } from '@/api/cameras';
import { cameraTableAddress, cameraTemplateAddress } from '@/api/registry';
import type { Camera } from '@/api/types';
import { useAddress } from '@/shared/address';
import { FilterSelect, ListFilters } from '@/shared/views/ListFilters';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { SideDrawer } from '@/shared/ui/SideDrawer';
import { RecordTable } from '@/shared/ui/RecordTable';
import type { Column } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { CameraRemoval } from './CameraRemoval';
import { CameraWizard } from './CameraWizard';
import { DiagnosisPanel } from './DiagnosisPanel';
import { ImportSheet } from './ImportSheet';
import { statusOf } from './status';
import './messages';
import './CamerasPage.css';

const PAGE = 200;

type CameraFilter = Parameters<typeof cameraTableAddress>[1];

function useCameraColumns(onDiagnose: (camera: Camera) => void, onEnd: (camera: Camera) => void): Column<Camera>[] {
  const { t } = useTranslation();
  const mayWrite = useMay('camera.write');
  const mayDiagnose = useMay('camera.diagnose');
  const mayPlayback = useMay('video.playback');
  const refusal = useRefusal();
  return [
    {
      key: 'state',
      title: t('cameras.columns.state'),
      cell: (camera) => <StatusShape status={statusOf(camera)} onOpen={() => onDiagnose(camera)} />,
      by: statusOf,
    },
    { key: 'name', title: t('cameras.columns.name'), cell: (camera) => <Link to={`/cameras/${camera.id}`}>{camera.name}</Link>, by: (camera) => camera.name },
    {
      key: 'recording',
      title: t('cameras.columns.recording'),
      cell: (camera) => <RecordingWords camera={camera} />,
      by: (camera) => camera.recording.state,
    },
    { key: 'format', title: t('cameras.columns.format'), cell: (camera) => <FormatWords camera={camera} />, by: (camera) => camera.state.main?.format?.video?.codec ?? '' },
    { key: 'address', title: t('cameras.columns.address'), cell: (camera) => camera.address || <span className="mj-muted">{t('cameras.noPlace')}</span>, by: (camera) => camera.address },
    {
      key: 'acts',
      title: t('cameras.columns.acts'),
      cell: (camera) => (
        <span className="mj-row-acts">
          {mayPlayback ? (
            <Link to="/playback" search={{ c: camera.id }}>
              {t('cameras.playback')}
            </Link>
          ) : null}
          <Act kind="link" refusal={refusal(mayDiagnose, t('rights.permission.camera.diagnose'))} onAct={() => onDiagnose(camera)}>
            {t('cameras.diagnose')}
          </Act>
          <Act kind="link" refusal={refusal(mayWrite, t('rights.permission.camera.write'))} onAct={() => onEnd(camera)}>
            {t('cameras.more')}
          </Act>
        </span>
      ),
    },
  ];
}

export default function CamerasPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const { q, under, lacking, area } = address;
  const filter = { q, under, lacking, area };
  const filtered = Boolean(q ?? under ?? lacking ?? area);
  const mayWrite = useMay('camera.write');
  const [diagnosed, setDiagnosed] = useState<Camera | null>(null);
  const [ending, setEnding] = useState<Camera | null>(null);
  const columns = useCameraColumns(setDiagnosed, setEnding);
  const query = useInfiniteQuery({
    queryKey: ['cameras', 'list', filter],
    queryFn: ({ pageParam, signal }) => cameras({ ...filter, limit: PAGE, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  if (address.add === '1' && mayWrite) return <CameraWizard onClose={() => change({ add: undefined })} />;
  const none = (
    <Empty>
      {filtered ? t('states.panel.filteredEmpty', { what: t('cameras.cameras') }) : t('cameras.none')}
    </Empty>
  );
  return (
    <Sheet title={t('cameras.title')} lead={t('cameras.count', { shown: items.length, total })} testId="cameras-page" acts={<Acts filter={filter} />} bar={<Filters area={area} />}>
      <PanelState query={query} what={t('cameras.cameras')} empty={items.length === 0 && query.isSuccess ? none : undefined}>
        <RecordTable
          rows={items}
          columns={columns}
          rowKey={(camera) => camera.id}
          rowTestId={(camera) => `camera-${camera.id}`}
          caption={q ? t('cameras.captionFiltered', { q }) : t('cameras.caption')}
          total={total}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
      <SideDrawer open={diagnosed !== null} size={760} title={`${t('cameras.diagnose')} · ${diagnosed?.name ?? ''}`} onClose={() => setDiagnosed(null)}>
        {diagnosed ? <DiagnosisPanel id={diagnosed.id} /> : null}
      </SideDrawer>
      <SideDrawer open={ending !== null} size={480} title={`${t('cameras.more')} · ${ending?.name ?? ''}`} onClose={() => setEnding(null)}>
        {ending ? <CameraRemoval camera={ending} onDone={() => setEnding(null)} /> : null}
      </SideDrawer>
    </Sheet>
  );
}

const LACKING = ['sign', 'dossier', 'system'] as const;

function Filters({ area }: { area: string | undefined }) {
  const { t } = useTranslation();
  return (
    <ListFilters page="cameras" byName more={['lacking', 'area']}>
      {area ? <AreaChip area={area} /> : null}
      <FilterSelect name="lacking" label={t('cameras.lacking')} options={LACKING.map((code) => ({ code, name: t(`cameras.lacks.${code}`) }))} />
    </ListFilters>
  );
}

/** The list is narrowed to what was drawn on the map. */
function AreaChip({ area }: { area: string }) {
  const { t } = useTranslation();
  const [, change] = useAddress();
  return (
    <p className="mj-row" data-testid="cameras-area">
      {t('cameras.ofArea')}{' '}
      <Link to="/map" search={{ area }}>
        {t('cameras.areaOnMap')}
      </Link>
      <Act kind="quiet" testId="cameras-area-clear" onAct={() => change({ area: undefined }, 'replace')}>
        {t('states.panel.clearFilter')}
      </Act>
    </p>
  );
}

function Acts({ filter }: { filter: CameraFilter }) {
  const { t } = useTranslation();
  const [, change] = useAddress();
  const mayWrite = useMay('camera.write');
  const refusal = useRefusal();
  const denied = refusal(mayWrite, t('rights.permission.camera.write'));
  const mayImport = useMay('camera.import');
  const noImport = refusal(mayImport, t('rights.permission.camera.import'));
  const [importing, setImporting] = useState(false);
  return (
    <>
      <a className="mj-link-act" href={cameraTableAddress('xlsx', filter)} title={t('cameras.exportSame')}>
        {t('cameras.exportXlsx')}
      </a>
      <a className="mj-link-act" href={cameraTableAddress('csv', filter)} title={t('cameras.exportSame')}>
        CSV
      </a>
      {mayImport ? (
        <a className="mj-link-act" href={cameraTemplateAddress()}>
          {t('cameras.template')}
        </a>
      ) : null}
      <Act testId="camera-import" refusal={noImport} onAct={() => setImporting(true)}>
        {t('cameras.import')}
      </Act>
      <Act kind="primary" testId="camera-add" refusal={denied} onAct={() => change({ add: '1' })}>
        {t('cameras.add')}
      </Act>
      <SideDrawer open={importing} size={760} title={t('cameras.importTitle')} onClose={() => setImporting(false)}>
        <ImportSheet />
      </SideDrawer>
    </>
  );
}

function RecordingWords({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const { state, reason } = camera.recording;
  const shape = state === 'recording' ? 'ok' : state === 'lost' ? 'failed' : 'off';
  const why = reason ? ` · ${t(`states.gap.${reason}`)}` : '';
  return <StatusShape status={shape} label={`${t(`states.recording.${state}`)}${why}`} />;
}

function FormatWords({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const video = camera.state.main?.format?.video;
  if (!video) return <span className="mj-muted">{t('states.status.unknown')}</span>;
  return `${CODECS[video.codec] ?? video.codec} ${video.width}×${video.height}`;
}

const CODECS: Record<string, string> = { h264: 'H.264', h265: 'H.265' };
