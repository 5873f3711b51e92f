// One unit: what it is by law, its code checked, who speaks for it, its people, what of the registers is its own, changes.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { users } from '@/api/accounts';
import { places, systems } from '@/api/registers';
import { changeUnit, unit as readUnit } from '@/api/units';
import type { Unit } from '@/api/units';
import { Missing, RecordChanges, RecordTabs, useTab } from '@/features/registers/RecordParts';
import { useAddress } from '@/shared/address';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { countText } from '@/shared/time/numbers';
import { Act, useRefusal } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { everyRow } from '@/shared/useRows';
import { CONTACTS } from './contacts';
import { isCreditCode } from './creditCode';
import { UnitForm } from './UnitForm';
import { UnitKindText } from './UnitKindText';
import './messages';
import '@/features/registers/Registers.css';

export default function UnitPage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const mayWrite = useMay('organisation.write');
  const tab = useTab();
  const query = useQuery({ queryKey: ['unit', id], queryFn: ({ signal }) => readUnit(id, signal) });
  const found = query.data;
  const closed = () => change({ edit: undefined }, 'replace');
  return (
    <Sheet
      title={found?.name ?? t('units.one')}
      testId="unit-page"
      acts={
        <Act testId="unit-edit" refusal={refusal(mayWrite, t('rights.permission.organisation.write'))} onAct={() => change({ edit: '1', tab: undefined })}>
          {t('units.edit')}
        </Act>
      }
      bar={<RecordTabs id={id} />}
    >
      <PanelState query={query} what={t('units.one')}>
        {found && tab === 'record' ? (
          <div className="mj-record" data-columns="2">
            <Related unit={found} />
            {address.edit === '1' && mayWrite ? <UnitForm key={found.path} unit={found} onDone={closed} onClose={closed} /> : <Facts unit={found} />}
          </div>
        ) : null}
        {found && tab === 'changes' ? <RecordChanges register="organisations" id={id} /> : null}
      </PanelState>
    </Sheet>
  );
}

function Facts({ unit }: { unit: Unit }) {
  const { t } = useTranslation();
  return (
    <div>
      <section className="mj-card" data-testid="unit-record">
        <h2>{t('units.groups.basics')}</h2>
        <dl className="mj-facts">
          <dt>{t('units.member.kind')}</dt>
          <dd>
            <UnitKindText unit={unit} />
          </dd>
          <dt>{t('units.member.credit_code')}</dt>
          <dd>{unit.credit_code ? <Code code={unit.credit_code} /> : <Missing />}</dd>
          <dt>{t('units.member.parent')}</dt>
          <dd>{unit.parent ? <Link to={`/units/${unit.parent}`}><NameText id={unit.parent} /></Link> : t('units.topmost')}</dd>
          <dt>{t('units.member.division')}</dt>
          <dd>{unit.division ? <DivisionName code={unit.division} /> : <Missing />}</dd>
          <dt>{t('units.member.address')}</dt>
          <dd>{unit.address || <Missing />}</dd>
        </dl>
        <End unit={unit} />
      </section>
      <section className="mj-card" data-testid="unit-contacts">
        <h2>{t('units.groups.contacts')}</h2>
        {unit.contacts ? (
          <dl className="mj-facts">
            {CONTACTS.map((name) => (
              <Contact key={name} label={t(`units.member.${name}`)} value={unit.contacts?.[name] ?? ''} />
            ))}
          </dl>
        ) : (
          <p className="mj-muted">{t('units.contactsDenied')}</p>
        )}
      </section>
    </div>
  );
}

function Contact({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value || <Missing />}</dd>
    </>
  );
}

function Code({ code }: { code: string }) {
  const { t } = useTranslation();
  return (
    <>
      <code>{code}</code> {isCreditCode(code) ? <StatusShape status="ok" label={t('units.codeRight')} /> : <StatusShape status="failed" label={t('units.codeWrong')} />}
    </>
  );
}

/** Ending a unit keeps its record and history; it can be taken back. */
function End({ unit }: { unit: Unit }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const refusal = useRefusal();
  const mayWrite = useMay('organisation.write');
  const ended = unit.ended_us !== null;
  const turn = useMutation({
    mutationFn: () => changeUnit(unit.id, { ended: !ended }),
    onSuccess: () => Promise.all(['units', 'unit', 'record-changes'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  return (
    <>
      {ended ? <StatusShape status="off" label={t('units.ended')} /> : null}{' '}
      <Act testId="unit-end" refusal={refusal(mayWrite, t('rights.permission.organisation.write'))} onAct={() => turn.mutate()}>
        {t(ended ? 'units.resume' : 'units.end')}
      </Act>
      {turn.isError ? <ErrorNote error={turn.error} what={t('units.one')} /> : null}
    </>
  );
}

const MOST = 500;

function Related({ unit }: { unit: Unit }) {
  const { t } = useTranslation();
  const mayPeople = useMay('user.read');
  const mayRegisters = useMay('register.read');
  const people = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => everyRow((after) => users('', after, signal)), enabled: mayPeople });
  const own = { organisation: unit.id, limit: MOST };
  const counts = useQuery({
    queryKey: ['unit-records', unit.id],
    queryFn: async ({ signal }) => ({ systems: await systems(own, signal), places: await places(own, signal) }),
    enabled: mayRegisters,
  });
  const members = (people.data ?? []).filter((one) => one.organisation === unit.id);
  return (
    <div>
      {mayPeople ? (
        <section className="mj-card" data-testid="unit-people">
          <h2>{t('units.people')}</h2>
          <PanelState query={people} what={t('units.people')} empty={people.isSuccess && members.length === 0 ? <Empty>{t('units.noPeople')}</Empty> : undefined}>
            <ul className="mj-plain">
              {members.map((one) => (
                <li key={one.id}>
                  <Link to="/accounts" search={{ q: one.account }}>
                    {one.name}
                  </Link>{' '}
                  <span className="mj-muted">{one.account}</span>
                </li>
              ))}
            </ul>
          </PanelState>
        </section>
      ) : null}
      {mayRegisters ? (
        <section className="mj-card" data-testid="unit-records">
          <h2>{t('units.records')}</h2>
          <PanelState query={counts} what={t('units.records')}>
            {counts.data ? (
              <>
                <Records what={t('units.systems')} register="systems" found={counts.data.systems} />
                <Records what={t('units.places')} register="places" found={counts.data.places} />
              </>
            ) : null}
          </PanelState>
        </section>
      ) : null}
    </div>
  );
}

function Records({ what, register, found }: { what: string; register: 'systems' | 'places'; found: { items: { id: string; name: string }[]; total: number } }) {
  return (
    <details>
      <summary>
        {what} {countText(found.total)}
      </summary>
      <ul className="mj-plain">
        {found.items.map((one) => (
          <li key={one.id}>
            <Link to={`/${register}/${one.id}`}>{one.name}</Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
