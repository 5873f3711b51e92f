// Is everything being kept? One number, then the cameras worst first with their days, then why; beside it what is not being
// recorded now and how long the disks suffice, with the arithmetic.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { completeness, heat, type CameraDay, type Completeness, type HeatRow } from '@/api/recordings';
import { useAddress } from '@/shared/address';
import { DAY_US, dateText, nowUs, spanText } from '@/shared/time/beijing';
import { percentText } from '@/shared/time/numbers';
import { REASON_LOOKS, knownReason } from '@/shared/timeline/span';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { KeptBeside } from './KeptBeside';
import './messages';
import './KeptPage.css';

const DAYS = 30;

const missing = (camera: CameraDay): number => Math.max(0, camera.due_us - camera.kept_us);

export default function KeptPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const today = dateText(nowUs());
  const day = address.day ?? dateText(nowUs() - DAY_US);
  const sum = useQuery({ queryKey: ['kept', day], queryFn: ({ signal }) => completeness(day, signal) });
  const days = useQuery({ queryKey: ['kept-days'], queryFn: ({ signal }) => heat(today, DAYS, signal) });
  const found = sum.data;
  return (
    <Sheet
      title={t('keeping.keptTitle')}
      lead={t('keeping.keptLead')}
      testId="kept-page"
      acts={
        <input
          className="mj-input"
          type="date"
          max={today}
          value={day}
          aria-label={t('keeping.day')}
          data-testid="kept-day"
          onChange={(event) => change({ day: event.target.value || undefined })}
        />
      }
      bar={
        <PanelState query={sum} what={t('keeping.title')}>
          {found ? <Sum found={found} day={day} /> : null}
        </PanelState>
      }
      beside={<KeptBeside />}
    >
      <PanelState
        query={sum}
        what={t('keeping.title')}
        empty={found?.cameras.length === 0 ? <NothingDue today={today} day={day} /> : undefined}
      >
        {found ? <Worst found={found} days={days.data ?? []} /> : null}
      </PanelState>
    </Sheet>
  );
}

function Sum({ found, day }: { found: Completeness; day: string }) {
  const { t } = useTranslation();
  const whole = found.kept_us >= found.due_us;
  return (
    <section className="mj-card mj-kept-sum" data-testid="kept-sum">
      <Link to="/recording" search={{ day }} className="mj-kept-figure" data-metric="completeness">
        {found.due_us > 0 ? percentText(found.kept_us, found.due_us) : t('keeping.nothingDue')}
      </Link>
      <div>
        <p>
          {day} · {t('keeping.due', { length: spanText(found.due_us) })} · {t('keeping.kept', { length: spanText(found.kept_us) })}
        </p>
        <p>
          {found.due_us > 0 ? (
            <StatusShape
              status={whole ? 'ok' : 'failed'}
              label={whole ? t('keeping.whole') : t('keeping.lost', { length: spanText(found.due_us - found.kept_us) })}
            />
          ) : null}
          {Object.entries(found.lost).map(([reason, us]) => (
            <span key={reason}>
              {' '}
              · {t(`states.gap.${knownReason(reason)}`)} {spanText(us)}
            </span>
          ))}
        </p>
      </div>
    </section>
  );
}

function NothingDue({ today, day }: { today: string; day: string }) {
  const { t } = useTranslation();
  return (
    <Empty>
      {t('keeping.nothingDueThatDay', { day })}{' '}
      {day === today ? null : (
        <Link to="/recording" search={{ day: today }}>
          {t('keeping.seeToday')}
        </Link>
      )}
    </Empty>
  );
}

function Worst({ found, days }: { found: Completeness; days: HeatRow[] }) {
  const { t } = useTranslation();
  return (
    <RecordTable<CameraDay>
      rows={found.cameras}
      rowKey={(camera) => camera.channel}
      rowTestId={(camera) => `kept-${camera.channel}`}
      caption={t('keeping.worstFirst')}
      columns={[
        {
          key: 'name',
          title: t('keeping.cameras'),
          cell: (camera) => (
            <Link to="/playback" search={{ c: camera.channel, t: `${found.day}T00:00:00`, z: '1d', to: 'gap' }}>
              {camera.name}
            </Link>
          ),
          by: (camera) => camera.name,
        },
        {
          key: 'percent',
          title: t('keeping.percent'),
          number: true,
          cell: (camera) => (camera.due_us > 0 ? percentText(camera.kept_us, camera.due_us) : t('keeping.nothingDue')),
          by: (camera) => (camera.due_us > 0 ? camera.kept_us / camera.due_us : 2),
        },
        {
          key: 'missing',
          title: t('keeping.missing'),
          number: true,
          cell: (camera) => (missing(camera) > 0 ? spanText(missing(camera)) : t('keeping.whole')),
          by: missing,
        },
        { key: 'reason', title: t('keeping.mainReason'), cell: (camera) => <Reason code={camera.main_reason} />, by: (camera) => camera.main_reason ?? '' },
        {
          key: 'days',
          title: t('keeping.days', { count: DAYS }),
          cell: (camera) => <Cells row={days.find((row) => row.channel === camera.channel)} />,
        },
      ]}
    />
  );
}

function Reason({ code }: { code: string | null | undefined }) {
  const { t } = useTranslation();
  if (!code) return null;
  const reason = knownReason(code);
  return (
    <>
      <span className="mj-kept-letter">{REASON_LOOKS[reason].letter}</span> {t(`states.gap.${reason}`)}
    </>
  );
}

function Cells({ row }: { row: HeatRow | undefined }) {
  return (
    <span className="mj-kept-cells">
      {row?.days.map((cell) => (
        <DayCell key={cell.day} channel={row.channel} cell={cell} />
      ))}
    </span>
  );
}

function DayCell({ channel, cell }: { channel: string; cell: HeatRow['days'][number] }) {
  const { t } = useTranslation();
  const reason = cell.main_reason ? knownReason(cell.main_reason) : null;
  const state = cell.due_us === 0 ? 'not_due' : reason && cell.kept_us < cell.due_us ? 'lost' : 'kept';
  const words = state === 'not_due' ? t('states.recording.not_due') : percentText(cell.kept_us, cell.due_us);
  return (
    <Link
      className="mj-kept-cell"
      data-state={state}
      to="/playback"
      search={{ c: channel, t: `${cell.day}T00:00:00`, z: '1d', to: 'gap' }}
      title={`${cell.day} ${words}`}
      aria-label={`${cell.day} ${words}`}
    >
      {state === 'lost' && reason ? REASON_LOOKS[reason].letter : ''}
    </Link>
  );
}
