// Is everything being kept? One number, then the cameras worst first with their days, then why; beside it what is not being
// recorded now and how long the disks suffice, with the arithmetic.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { completeness, heat, keptNow, storage } from '@/api/recordings';
import { useAddress } from '@/shared/address';
import { inLanguage } from '@/shared/i18n';
import { DAY_US, dateText, listText, nowUs, spanText } from '@/shared/time/beijing';
import { bytesText, percentText } from '@/shared/time/numbers';
import { REASON_LOOKS, knownReason } from '@/shared/timeline/span';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import './KeptPage.css';

const DAYS = 30;

export default function KeptPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const day = address.day ?? dateText(nowUs() - DAY_US);
  const sum = useQuery({ queryKey: ['kept', day], queryFn: ({ signal }) => completeness(day, signal) });
  const rows = useQuery({ queryKey: ['kept-days'], queryFn: ({ signal }) => heat(dateText(nowUs()), DAYS, signal) });
  const now = useQuery({ queryKey: ['kept-now'], queryFn: ({ signal }) => keptNow(signal), refetchInterval: 10_000 });
  const disks = useQuery({ queryKey: ['storage'], queryFn: ({ signal }) => storage(signal), refetchInterval: 60_000 });
  const found = sum.data;
  const forecast = disks.data?.forecast;
  return (
    <div className="mj-kept" data-testid="kept-page">
      <header>
        <input
          type="date"
          value={day}
          aria-label={t('keeping.day')}
          data-testid="kept-day"
          onChange={(event) => change({ day: event.target.value || undefined })}
        />
        <PanelState query={sum} what={t('keeping.title')}>
          {found ? (
            <p data-testid="kept-sum">
              {t('keeping.due', { length: spanText(found.due_us) })} ·{' '}
              {t('keeping.kept', { length: spanText(found.kept_us) })}{' '}
              <strong data-metric="completeness">
                {found.due_us > 0 ? percentText(found.kept_us, found.due_us) : t('keeping.nothingDue')}
              </strong>{' '}
              {found.due_us > found.kept_us
                ? t('keeping.lost', { length: spanText(found.due_us - found.kept_us) })
                : t('keeping.whole')}
              {Object.entries(found.lost).map(([reason, us]) => (
                <span key={reason}>
                  {' '}
                  · {t(`states.gap.${knownReason(reason)}`)} {spanText(us)}
                </span>
              ))}
            </p>
          ) : null}
        </PanelState>
      </header>
      <main>
        <PanelState query={sum} what={t('keeping.title')}>
          <table>
            <caption>{t('keeping.worstFirst')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('playback.cameras')}</th>
                <th scope="col">{t('keeping.missing')}</th>
                <th scope="col">{t('keeping.mainReason')}</th>
                <th scope="col">{t('keeping.days', { count: DAYS })}</th>
              </tr>
            </thead>
            <tbody>
              {found?.cameras.map((camera) => (
                <tr key={camera.channel} data-testid={`kept-${camera.channel}`}>
                  <td>
                    <a href={`/playback?c=${camera.channel}&t=${found.day}T00:00:00&z=1d&to=gap`}>{camera.name}</a>
                  </td>
                  <td>
                    {camera.due_us > camera.kept_us ? spanText(camera.due_us - camera.kept_us) : t('keeping.whole')}
                  </td>
                  <td>
                    {camera.main_reason
                      ? `${REASON_LOOKS[knownReason(camera.main_reason)].letter} ${t(`states.gap.${knownReason(camera.main_reason)}`)}`
                      : ''}
                  </td>
                  <td className="mj-kept-cells">
                    {rows.data
                      ?.find((row) => row.channel === camera.channel)
                      ?.days.map((cell) => (
                        <DayCell key={cell.day} channel={camera.channel} cell={cell} />
                      ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </PanelState>
        <aside>
          <PanelState query={now} what={t('keeping.now')}>
            <h2>{t('keeping.notNow', { count: now.data?.lost.length ?? 0 })}</h2>
            <ul>
              {now.data?.lost.map((one) => (
                <li key={one.channel}>
                  <StatusShape status="failed" word="hidden" /> {one.name} · {listText(one.since_us, nowUs())} ·{' '}
                  {t(`states.gap.${knownReason(one.reason)}`)}
                </li>
              ))}
            </ul>
          </PanelState>
          <PanelState query={disks} what={t('keeping.storage')}>
            {forecast ? (
              <>
                <h2>
                  {forecast.days_until_full === null
                    ? t('keeping.fullUnknown')
                    : t('keeping.fullIn', { days: Math.floor(forecast.days_until_full) })}
                </h2>
                <StatusShape
                  status={forecast.holds ? 'ok' : 'failed'}
                  label={forecast.holds ? t('keeping.holds') : t('keeping.holdsNot')}
                />
                <p data-testid="arithmetic">{inLanguage(forecast.arithmetic, forecast.arithmetic_en)}</p>
                <ul>
                  {disks.data?.pools.map((pool) => (
                    <li key={pool.id}>
                      {t('keeping.pool', {
                        id: pool.id,
                        free: bytesText(pool.free_bytes),
                        total: bytesText(pool.total_bytes),
                      })}
                    </li>
                  ))}
                </ul>
                {disks.data?.deletion.paused ? (
                  <p role="alert">{t('keeping.deletionPaused', { why: disks.data.deletion.doubts.join('；') })}</p>
                ) : null}
              </>
            ) : null}
          </PanelState>
        </aside>
      </main>
    </div>
  );
}

function DayCell({
  channel,
  cell,
}: {
  channel: string;
  cell: { day: string; due_us: number; kept_us: number; main_reason: string | null };
}) {
  const { t } = useTranslation();
  const reason = cell.main_reason ? knownReason(cell.main_reason) : null;
  const state = cell.due_us === 0 ? 'not_due' : reason && cell.kept_us < cell.due_us ? 'lost' : 'kept';
  const words = state === 'not_due' ? t('states.recording.not_due') : percentText(cell.kept_us, cell.due_us);
  return (
    <a
      className="mj-kept-cell"
      data-state={state}
      href={`/playback?c=${channel}&t=${cell.day}T00:00:00&z=1d&to=gap`}
      title={`${cell.day} ${words}`}
      aria-label={`${cell.day} ${words}`}
    >
      {state === 'lost' && reason ? REASON_LOOKS[reason].letter : ''}
    </a>
  );
}
