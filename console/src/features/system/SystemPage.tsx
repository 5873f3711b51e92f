// The system: figures of now, storage with its forecast and arithmetic, every stream, and metrics over the last hour.
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { storage } from '@/api/recordings';
import { cameraNames, systemState } from '@/api/system';
import type { SystemState } from '@/api/system';
import { inLanguage } from '@/shared/i18n';
import { useMay } from '@/shared/session';
import { SECOND_US, clockText, spanText } from '@/shared/time/beijing';
import { bytesText, rateText } from '@/shared/time/numbers';
import { PanelState, SkeletonRows } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import '@/features/keeping/messages';
import { ClockCard } from './ClockCard';
import { StreamTable } from './StreamTable';
import './messages';
import './System.css';

const Plots = lazy(() => import('./Plots'));

export default function SystemPage() {
  const { t } = useTranslation();
  const mayStorage = useMay('storage.read');
  const mayNames = useMay('camera.read');
  const query = useQuery({ queryKey: ['system'], queryFn: ({ signal }) => systemState(signal), refetchInterval: 5_000 });
  const names = useQuery({ queryKey: ['camera-names'], queryFn: ({ signal }) => cameraNames(signal), enabled: mayNames });
  const state = query.data;
  return (
    <Sheet
      title={t('system.title')}
      lead={
        state
          ? `${t('system.version', { version: state.version })} · ${t('system.up', { length: spanText(state.process.up_seconds * SECOND_US) })} · ${t('states.panel.asOf', { time: clockText(state.at_us) })}`
          : null
      }
      testId="system-page"
    >
      <PanelState query={query} what={t('system.title')}>
        {state ? (
          <div className="mj-system">
            <Figures state={state} />
            {mayStorage ? <ClockCard /> : null}
            {mayStorage ? <StorageCard /> : null}
            <Suspense fallback={<SkeletonRows />}>
              <Plots />
            </Suspense>
            <StreamTable streams={state.streams} names={names.data} />
          </div>
        ) : null}
      </PanelState>
    </Sheet>
  );
}

function Figures({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const cores = state.process.up_seconds > 0 ? state.process.cpu_seconds / state.process.up_seconds : 0;
  const figures: [string, string][] = [
    [t('system.recording'), String(state.recording)],
    [t('system.playing'), String(state.playing)],
    [t('system.viewers'), String(state.viewers)],
    [t('system.received'), rateText(state.received_bps)],
    [t('system.cpu'), t('system.cores', { count: Number(cores.toFixed(2)) })],
    [t('system.memory'), bytesText(state.process.resident_bytes)],
    [t('system.alarms'), String(state.alarms_open)],
  ];
  return (
    <dl className="mj-figures" data-testid="system-figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function StorageCard() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['storage'], queryFn: ({ signal }) => storage(signal), refetchInterval: 60_000 });
  const found = query.data;
  return (
    <section className="mj-card" data-testid="storage-card">
      <h2>{t('system.storage')}</h2>
      <PanelState query={query} what={t('system.storage')}>
        {found ? (
          <>
            <div className="mj-row">
              <strong>
                {found.forecast.days_until_full === null
                  ? t('keeping.fullUnknown')
                  : t('keeping.fullIn', { days: Math.floor(found.forecast.days_until_full) })}
              </strong>
              <StatusShape
                status={found.forecast.holds ? 'ok' : 'failed'}
                label={found.forecast.holds ? t('keeping.holds') : t('keeping.holdsNot')}
              />
            </div>
            <p data-testid="system-arithmetic">{inLanguage(found.forecast.arithmetic, found.forecast.arithmetic_en)}</p>
            {found.pools.map((pool) => (
              <div key={pool.id} className="mj-disk">
                <progress max={pool.total_bytes} value={pool.total_bytes - pool.free_bytes} aria-label={pool.id} />
                <span>
                  {t('keeping.pool', { id: pool.id, free: bytesText(pool.free_bytes), total: bytesText(pool.total_bytes) })}
                </span>
              </div>
            ))}
          </>
        ) : null}
      </PanelState>
    </section>
  );
}
