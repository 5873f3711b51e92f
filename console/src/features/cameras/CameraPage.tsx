// One camera's record: what it is, what of it is kept, where it stands leg by leg, what was changed, what the journal says.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { camera as readCamera } from '@/api/cameras';
import { dossierPaperAddress } from '@/api/registry';
import { heat } from '@/api/recordings';
import type { Camera } from '@/api/types';
import { RecordChanges } from '@/features/registers/RecordParts';
import { useAddress } from '@/shared/address';
import { currentLanguage } from '@/shared/i18n';
import { OrderLines } from '@/shared/law/OrderLines';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { dateText, momentText, nowUs } from '@/shared/time/beijing';
import { percentText } from '@/shared/time/numbers';
import { knownReason } from '@/shared/timeline/span';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import '@/shared/video/messages';
import { CameraForm } from './CameraForm';
import { DiagnosisPanel } from './DiagnosisPanel';
import { DossierTab } from './Dossier';
import { DossierChanges } from './DossierChanges';
import { statusOf } from './status';
import './messages';
import './CamerasPage.css';

const TABS = ['record', 'dossier', 'recordings', 'diagnosis', 'changes', 'journal'] as const;
const DAYS = 30;

export default function CameraPage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const [address, change] = useAddress();
  const tab = TABS.find((one) => one === address.tab) ?? 'record';
  const query = useQuery({
    queryKey: ['camera', id],
    queryFn: ({ signal }) => readCamera(id, signal),
    refetchInterval: 5000,
  });
  const found = query.data;
  const mayRegister = useMay('register.read');
  const tabs = TABS.filter((one) => one !== 'dossier' || mayRegister);
  return (
    <div className="mj-cams" data-testid="camera-page" data-tab={tab}>
      <PanelState query={query} what={t('cameras.record.title')}>
        {found ? (
          <>
            <h1 className="mj-cams-head">
              <StatusShape status={statusOf(found)} /> {found.name} <small>{found.id}</small>
            </h1>
            <p className="mj-cams-bar">
              {t(`states.recording.${found.recording.state}`)}
              {found.recording.reason ? ` · ${t(`states.gap.${found.recording.reason}`)}` : ''}
              <Link to="/live" search={{ g: '1', c: `1:${found.id}` }}>
                {t('cameras.record.watch')}
              </Link>
              <Link to="/playback" search={{ c: found.id }}>
                {t('cameras.playback')}
              </Link>
              {mayRegister ? (
                <a href={dossierPaperAddress(found.id, currentLanguage() === 'en' ? 'en' : 'zh')} download data-testid="dossier-print">
                  {t('cameras.printDossier')}
                </a>
              ) : null}
            </p>
            <div className="mj-cams-bar" role="group" aria-label={found.name}>
              {tabs.map((one) => (
                <Act key={one} kind="quiet" pressed={one === tab} testId={`tab-${one}`} onAct={() => change({ tab: one }, 'replace')}>
                  {t(`cameras.record.tabs.${one}`)}
                </Act>
              ))}
            </div>
            {tab === 'record' ? <Record camera={found} editing={address.edit === '1'} onEdit={(edit) => change({ edit: edit ? '1' : undefined })} /> : null}
            {tab === 'dossier' && mayRegister ? <DossierTab camera={found.id} /> : null}
            {tab === 'record' ? <OrderLines of={{ camera: found.id }} /> : null}
            {tab === 'recordings' ? <Recordings camera={found} /> : null}
            {tab === 'diagnosis' ? <DiagnosisPanel id={found.id} /> : null}
            {tab === 'changes' ? <RecordChanges register="cameras" id={found.id} /> : null}
            {tab === 'changes' && mayRegister ? <DossierChanges camera={found.id} /> : null}
            {tab === 'journal' ? (
              <p>
                <Link to="/journal" search={{ object: `camera:${found.id}` }}>
                  {t('cameras.record.openJournal')}
                </Link>
              </p>
            ) : null}
          </>
        ) : null}
      </PanelState>
    </div>
  );
}

function Record({ camera, editing, onEdit }: { camera: Camera; editing: boolean; onEdit: (edit: boolean) => void }) {
  const { t } = useTranslation();
  const mayWrite = useMay('camera.write');
  const refusal = useRefusal();
  if (editing && mayWrite) return <CameraForm camera={camera} onDone={() => onEdit(false)} />;
  const lines: [string, ReactNode][] = [
    [t('cameras.wizard.name'), camera.name],
    [t('cameras.wizard.place'), camera.address],
    [t('cameras.record.note'), camera.note],
    [t('cameras.wizard.division'), <DivisionName key="division" code={camera.division} />],
    [t('cameras.wizard.unit'), <NameText key="unit" id={camera.organisation} />],
    ...camera.streams.map((stream): [string, ReactNode] => [
      t(`names.stream.${stream.kind}`),
      `${stream.url} · ${t(`cameras.wizard.transports.${stream.transport}`)}`,
    ]),
    [t('cameras.wizard.user'), camera.user ?? ''],
    [t('cameras.wizard.password'), t(camera.has_password ? 'cameras.record.passwordSet' : 'cameras.record.passwordNone')],
    [t('cameras.record.registered'), momentText(camera.created_us)],
    [t('cameras.record.changed'), momentText(camera.changed_us)],
  ];
  return (
    <>
      <dl className="mj-cams-record" data-testid="camera-record">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value || '–'}</dd>
          </div>
        ))}
      </dl>
      <Act testId="camera-edit" refusal={refusal(mayWrite, t('cameras.record.edit'))} onAct={() => onEdit(true)}>
        {t('cameras.record.edit')}
      </Act>
    </>
  );
}

function Recordings({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['kept-days'],
    queryFn: ({ signal }) => heat(dateText(nowUs()), DAYS, signal),
  });
  const days = query.data?.find((row) => row.channel === camera.id)?.days ?? [];
  return (
    <PanelState query={query} what={t('cameras.record.tabs.recordings')}>
      <table className="mj-cams-table" data-testid="camera-days">
        <tbody>
          {[...days].reverse().map((day) => (
            <tr key={day.day}>
              <td>
                <Link to="/playback" search={{ c: camera.id, t: `${day.day}T00:00:00`, z: '1d' }}>
                  {day.day}
                </Link>
              </td>
              <td>{day.due_us > 0 ? percentText(day.kept_us, day.due_us) : t('states.recording.not_due')}</td>
              <td>{day.main_reason ? t(`states.gap.${knownReason(day.main_reason)}`) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </PanelState>
  );
}
