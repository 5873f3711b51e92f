// One look at what the law asks: how many systems, filed in time or not, positions that nobody covers, cameras without a
// checked sign, dossiers that lack something. Each number leads to the list that adds up to it; unknown is told apart.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cameras } from '@/api/cameras';
import { compliance } from '@/api/compliance';
import type { RuleFigures } from '@/api/compliance';
import { filings } from '@/api/filings';
import { places, systems } from '@/api/registers';
import { comma } from '@/shared/i18n';
import { useMay } from '@/shared/session';
import { DAY_US, clockText, dateText, nowUs } from '@/shared/time/beijing';
import { countText, percentText } from '@/shared/time/numbers';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import './messages';
import './Home.css';

const AGAIN_MS = 60_000;
const SOON_DAYS = 7;
const ONE = { limit: 1 } as const;

export function Look() {
  const { t } = useTranslation();
  const mayFilings = useMay('filing.read');
  const mayCameras = useMay('camera.read');
  const rules = useQuery({ queryKey: ['compliance', ''], queryFn: ({ signal }) => compliance(undefined, undefined, signal), refetchInterval: AGAIN_MS });
  const totals = useQuery({
    queryKey: ['totals', mayCameras],
    queryFn: async ({ signal }) => ({
      systems: (await systems(ONE, signal)).total,
      places: (await places(ONE, signal)).total,
      cameras: mayCameras ? (await cameras(ONE, signal)).total : null,
    }),
    refetchInterval: AGAIN_MS,
  });
  const by = new Map((rules.data?.rules ?? []).map((one) => [one.rule, one]));
  return (
    <div className="mj-look" data-testid="look">
      <section className="mj-card">
        <h2>{t('home.look.held')}</h2>
        <PanelState query={totals} what={t('home.look.held')}>
          {totals.data ? (
            <>
              <Big name="systems" to="/systems" count={totals.data.systems} label={t('home.look.systems')} />
              <Line name="places" to="/places" count={totals.data.places} label={t('home.look.places')} />
              {totals.data.cameras === null ? null : <Line name="cameras" to="/cameras" count={totals.data.cameras} label={t('home.look.cameras')} />}
              <p>
                <Link to="/map">{t('home.look.map')}</Link>
              </p>
            </>
          ) : null}
        </PanelState>
      </section>
      <section className="mj-card">
        <h2>{t('home.look.lawful')}</h2>
        <PanelState query={rules} what={t('home.look.lawful')}>
          {rules.data ? (
            <>
              <InTime figures={by.get('FILE-01')} />
              <Broken figures={by.get('COV-01')} label={t('home.look.uncovered')} map />
              <Broken figures={by.get('SIGN-01')} label={t('home.look.unsigned')} map />
              <Broken figures={by.get('DOS-01')} label={t('home.look.incomplete')} map />
              <p className="mj-muted">
                {t('home.look.asOf', { time: clockText(rules.dataUpdatedAt * 1000) })} · {rules.data.sets.filter((one) => one.judges).map((one) => one.id).join(comma())}
              </p>
            </>
          ) : null}
        </PanelState>
      </section>
      <section className="mj-card">
        <h2>{t('home.look.late')}</h2>
        <PanelState query={rules} what={t('home.look.late')}>
          {rules.data ? <Broken figures={by.get('FILE-01')} label={t('home.look.overdue')} big /> : null}
        </PanelState>
        {mayFilings ? <Due /> : null}
        <p>
          <Link to="/compliance" search={{ verdict: 'broken' }}>
            {t('home.look.allBroken')}
          </Link>
        </p>
      </section>
    </div>
  );
}

/** Filings that are not finished and due by a day: the list has the same filter. */
function Due() {
  const { t } = useTranslation();
  const today = dateText(nowUs() - DAY_US);
  const soon = dateText(nowUs() + SOON_DAYS * DAY_US);
  const query = useQuery({
    queryKey: ['filings', 'due', today],
    queryFn: async ({ signal }) => ({
      late: (await filings({ state: 'owed', due_until: today, ...ONE }, signal)).total,
      soon: (await filings({ state: 'owed', due_until: soon, ...ONE }, signal)).total,
    }),
    refetchInterval: AGAIN_MS,
  });
  return (
    <PanelState query={query} what={t('home.look.late')}>
      {query.data ? (
        <>
          <Line name="filings-late" to="/filings" search={{ state: 'owed', within: 'overdue' }} count={query.data.late} label={t('home.look.filingsLate')} bad />
          <Line name="filings-soon" to="/filings" search={{ state: 'owed', within: String(SOON_DAYS) }} count={query.data.soon} label={t('home.look.filingsSoon', { days: SOON_DAYS })} />
        </>
      ) : null}
    </PanelState>
  );
}

interface AmountProps {
  name: string;
  to: string;
  search?: Record<string, string>;
  count: number;
  label: string;
  bad?: boolean;
}

function Amount({ name, to, search = {}, count, children }: Pick<AmountProps, 'name' | 'to' | 'search' | 'count'> & { children?: ReactNode }) {
  return (
    <Link to={to} search={search}>
      <span data-metric={`look-${name}`}>{children ?? countText(count)}</span>
    </Link>
  );
}

function Big({ label, ...amount }: AmountProps) {
  return (
    <p className="mj-look-big">
      <Amount {...amount} /> <span>{label}</span>
    </p>
  );
}

function Line({ label, bad, ...amount }: AmountProps) {
  return (
    <p>
      {bad ? <StatusShape status={amount.count > 0 ? 'failed' : 'ok'} word="hidden" /> : null} {label} <Amount {...amount} />
    </p>
  );
}

/** How many systems were filed in time, of all whose day is over: those filed late are among them. */
function InTime({ figures }: { figures: RuleFigures | undefined }) {
  const { t } = useTranslation();
  if (!figures) return null;
  const due = figures.met + figures.late + figures.broken;
  return (
    <p className="mj-look-big">
      <Amount name="in-time" to="/compliance" search={{ rule: figures.rule }} count={figures.met}>
        {due > 0 ? percentText(figures.met, due) : t('home.look.nothingDue')}
      </Amount>{' '}
      <span>{t('home.look.inTime', { met: countText(figures.met), due: countText(due) })}</span>
    </p>
  );
}

function Broken({ figures, label, big = false, map = false }: { figures: RuleFigures | undefined; label: string; big?: boolean; map?: boolean }) {
  const { t } = useTranslation();
  if (!figures) return null;
  const search = { rule: figures.rule, verdict: 'broken' };
  return (
    <p className={big ? 'mj-look-big' : undefined}>
      <StatusShape status={figures.broken > 0 ? 'failed' : figures.unknown > 0 ? 'unknown' : 'ok'} word="hidden" size={big ? 20 : 12} />{' '}
      {big ? null : `${label} `}
      <Amount name={`${figures.rule}-broken`} to="/compliance" search={search} count={figures.broken} />
      {big ? <span> {label}</span> : null}
      {figures.unknown > 0 ? (
        <>
          {' · '}
          {t('home.look.unknown')}{' '}
          <Amount name={`${figures.rule}-unknown`} to="/compliance" search={{ rule: figures.rule, verdict: 'unknown' }} count={figures.unknown} />
        </>
      ) : null}
      {map && figures.broken > 0 ? (
        <>
          {' · '}
          <Link to="/map" search={{ f: `finding:${figures.rule}` }}>
            {t('home.look.onMap')}
          </Link>
        </>
      ) : null}
    </p>
  );
}
