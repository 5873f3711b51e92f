// Every stream with what it does now: state and cause, codec, rate, reconnects, viewers. Faults first.
import { useTranslation } from 'react-i18next';
import type { StreamStats } from '@/api/types';
import { textOr } from '@/shared/i18n/textOr';
import { rateText } from '@/shared/time/numbers';
import { Empty } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Status } from '@/shared/ui/StatusShape';

const STATUS: Record<string, Status> = { playing: 'ok', opening: 'running', retrying: 'failed', idle: 'off', closed: 'off' };
const ORDER = ['retrying', 'opening', 'playing', 'idle', 'closed'];

export function streamName(stream: string, names: Map<string, string> | undefined): string {
  const [channel = '', kind = ''] = stream.split('.');
  const name = names?.get(channel);
  return name ? `${name} · ${kind}` : stream;
}

export function StreamTable({ streams, names }: { streams: StreamStats[]; names: Map<string, string> | undefined }) {
  const { t } = useTranslation();
  if (streams.length === 0) return <Empty>{t('system.noStreams')}</Empty>;
  const sorted = [...streams].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <div className="mj-table-seat">
      <table className="mj-table" data-testid="stream-table" aria-rowcount={streams.length}>
        <caption>
          {t('system.streams')} {streams.length}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('system.stream')}</th>
            <th scope="col">{t('system.state')}</th>
            <th scope="col">{t('system.format')}</th>
            <th scope="col" data-number>{t('system.fps')}</th>
            <th scope="col" data-number>{t('system.bitrate')}</th>
            <th scope="col" data-number>{t('system.reconnects')}</th>
            <th scope="col" data-number>{t('system.seen')}</th>
            <th scope="col">{t('system.written')}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <StreamRow key={one.stream} stats={one} name={streamName(one.stream, names)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function StreamRow({ stats, name }: { stats: StreamStats; name: string }) {
  const { t } = useTranslation();
  const video = stats.format?.video;
  const live = stats.state === 'playing';
  return (
    <tr data-testid={`stream-${stats.stream}`} data-state={stats.state}>
      <td>{name}</td>
      <td>
        <StatusShape
          status={STATUS[stats.state] ?? 'unknown'}
          label={textOr(t, `system.states.${stats.state}`, stats.state)}
          cause={stats.cause ? textOr(t, `states.cause.${stats.cause}`, stats.cause) : undefined}
        />{' '}
        {stats.cause ? <span className="mj-muted">{textOr(t, `states.cause.${stats.cause}`, stats.cause)}</span> : null}
      </td>
      <td>{video ? `${video.codec.toUpperCase()} ${video.width}×${video.height}` : '–'}</td>
      <td data-number>{live && stats.fps !== null ? stats.fps.toFixed(1) : '–'}</td>
      <td data-number>{live && stats.bitrate_bps !== null ? rateText(stats.bitrate_bps) : '–'}</td>
      <td data-number>{stats.reconnects}</td>
      <td data-number>{stats.viewers}</td>
      <td>{stats.recording ? t('system.yes') : t('system.no')}</td>
    </tr>
  );
}
