// One prohibited place: where and when it is one, when it is checked next, which consents were given, and its end.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { consents, endForbiddenPlace, forbiddenPlace } from '@/api/forbidden';
import type { ForbiddenPlace } from '@/api/forbidden';
import { rounds } from '@/api/rounds';
import { MemberGroup, RecordChanges, RecordTabs, useTab } from '@/features/registers/RecordParts';
import { useAddress } from '@/shared/address';
import { RuleBasis } from '@/shared/law/Citation';
import { Deadline } from '@/shared/law/Deadline';
import { useWords } from '@/shared/law/useWords';
import { useMay } from '@/shared/session';
import { dateText } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { TextField } from '@/shared/ui/fields';
import { PanelState } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import { ForbiddenForm } from './ForbiddenForm';
import { ZonePlan } from './SpotPlan';
import { useDatesText } from './texts';
import './messages';
import './Forbidden.css';

export default function ForbiddenPlacePage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const mayWrite = useMay('register.write');
  const mayRounds = useMay('compliance.read');
  const tab = useTab();
  const dates = useDatesText();
  const { word } = useWords();
  const query = useQuery({ queryKey: ['forbidden-place', id], queryFn: ({ signal }) => forbiddenPlace(id, signal) });
  const [ending, setEnding] = useState(false);
  const found = query.data;
  const right = t('rights.permission.register.write');
  const open = found?.ended_us === null;
  return (
    <Sheet
      title={found?.name ?? t('forbidden.one')}
      lead={
        found ? (
          <>
            {word('forbidden_kind', found.kind)} · {found.ended_us === null ? dates(found) : t('forbidden.ended', { day: dateText(found.ended_us) })}
          </>
        ) : null
      }
      testId="forbidden-place-page"
      acts={
        open ? (
          <>
            <Act testId="forbidden-edit" refusal={refusal(mayWrite, right)} onAct={() => change({ edit: '1', tab: undefined })}>
              {t('registers.edit')}
            </Act>
            <Act kind="danger" testId="forbidden-end" refusal={refusal(mayWrite, right)} onAct={() => setEnding(true)}>
              {t('forbidden.end')}
            </Act>
          </>
        ) : null
      }
      bar={<RecordTabs id={id} />}
    >
      <PanelState query={query} what={t('forbidden.one')}>
        {found && tab === 'record' ? (
          <div className="mj-record" data-columns="2">
            <div>
              {mayRounds && found.kind !== 'secret_neighbour' ? <RoundCard place={found} /> : null}
              {found.kind === 'secret_neighbour' ? <ConsentCard place={found} /> : null}
            </div>
            {address.edit === '1' && mayWrite && open ? (
              <ForbiddenForm key={found.changed_us} place={found} onDone={() => change({ edit: undefined }, 'replace')} onClose={() => change({ edit: undefined }, 'replace')} />
            ) : (
              <Members place={found} />
            )}
          </div>
        ) : null}
        {found && tab === 'changes' ? <RecordChanges register="forbidden-places" id={id} /> : null}
      </PanelState>
      {ending && found ? <Ending place={found} onClose={() => setEnding(false)} /> : null}
    </Sheet>
  );
}

function Members({ place }: { place: ForbiddenPlace }) {
  const { t } = useTranslation();
  const rule = place.kind === 'secret_neighbour' ? 'SECR-01' : place.kind === 'dwelling_facing' ? 'FORB-02' : 'FORB-01';
  return (
    <section className="mj-card" data-testid="forbidden-record">
      <MemberGroup title={t('registers.groups.basics')} rule={rule} members={['name', 'kind', 'division', 'organisation', 'place']} record={place} />
      <MemberGroup title={t('forbidden.area')} members={['longitude', 'latitude', 'radius_m', 'outline']} record={place} />
      <ZonePlan place={place} />
      <MemberGroup title={t('forbidden.dates')} members={['since', 'until']} record={place} />
      <MemberGroup title={t('registers.groups.note')} members={['note']} record={place} />
    </section>
  );
}

function RoundCard({ place }: { place: ForbiddenPlace }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['rounds', { subject: place.id }],
    queryFn: ({ signal }) => rounds({ subject: place.id, limit: 5 }, signal),
  });
  const owed = query.data?.items[0];
  return (
    <section className="mj-card" data-testid="forbidden-round">
      <h2>
        {t('forbidden.rounds')} <RuleBasis rule="FORB-04" />
      </h2>
      <PanelState query={query} what={t('forbidden.rounds')}>
        {owed ? (
          <>
            <p>
              {t('forbidden.roundDue')} <Deadline due={owed.next_due} daysLeft={owed.days_left} when />
            </p>
            <Link to={`/rounds/${owed.id}`} className="mj-act mj-act-plain">
              {t('forbidden.toRound')}
            </Link>
          </>
        ) : (
          <p className="mj-muted">{t('forbidden.roundNone')}</p>
        )}
      </PanelState>
    </section>
  );
}

function ConsentCard({ place }: { place: ForbiddenPlace }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['secret-consents', { zone: place.id }],
    queryFn: ({ signal }) => consents({ zone: place.id, limit: 50 }, signal),
  });
  const rows = query.data?.items ?? [];
  return (
    <section className="mj-card" data-testid="forbidden-consents">
      <h2>
        {t('forbidden.consents')} <RuleBasis rule="SECR-01" />
      </h2>
      <PanelState query={query} what={t('forbidden.consents')}>
        {rows.length === 0 ? <p className="mj-muted">{t('forbidden.consent.none')}</p> : null}
        <ul className="mj-plain">
          {rows.map((one) => (
            <li key={one.id}>
              {one.name} <span className="mj-muted">{[one.number, one.given].filter(Boolean).join(' · ')}</span>
            </li>
          ))}
        </ul>
      </PanelState>
      <Link to="/secret-consents" search={{ zone: place.id, add: '1' }} className="mj-act mj-act-plain">
        {t('forbidden.consent.enter')}
      </Link>
    </section>
  );
}

function Ending({ place, onClose }: { place: ForbiddenPlace; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const end = useMutation({
    mutationFn: () => endForbiddenPlace(place.id, reason),
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Confirm
      title={t('forbidden.endTitle', { name: place.name })}
      consequences={[t('forbidden.endWhy.kept'), t('forbidden.endWhy.ended')]}
      verb={t('forbidden.end')}
      danger
      running={end.isPending}
      refusal={reason.trim() ? null : { reason: t('forbidden.reasonNeeded') }}
      error={end.error}
      onAct={() => end.mutate()}
      onClose={onClose}
      testId="forbidden-ending"
    >
      <TextField label={t('forbidden.reason')} mandatory value={reason} testId="forbidden-end-reason" onChange={setReason} />
    </Confirm>
  );
}
