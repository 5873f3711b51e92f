// One place: what is missing first, its key positions, each covered or not, its members by group.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { place as readPlace } from '@/api/registers';
import type { Place, Position } from '@/api/registers';
import { useAddress } from '@/shared/address';
import { RuleBasis } from '@/shared/law/Citation';
import { useWords } from '@/shared/law/useWords';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { EndAct, EndedLine } from './EndRecord';
import { PlaceForm } from './PlaceForm';
import { MemberGroup, RecordChanges, RecordFindings, RecordTabs, useTab } from './RecordParts';
import './messages';
import './Registers.css';

export default function PlacePage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const mayWrite = useMay('register.write');
  const tab = useTab();
  const query = useQuery({ queryKey: ['place', id], queryFn: ({ signal }) => readPlace(id, signal) });
  const found = query.data;
  const ended = found?.ended_us ?? null;
  return (
    <Sheet
      title={found?.name ?? t('registers.places.one')}
      testId="place-page"
      lead={ended ? <EndedLine us={ended} /> : null}
      acts={
        found && !ended ? (
          <>
            <EndAct register="places" record={found} />
            <Act testId="place-edit" refusal={refusal(mayWrite, t('rights.permission.register.write'))} onAct={() => change({ edit: '1', tab: undefined })}>
              {t('registers.edit')}
            </Act>
          </>
        ) : undefined
      }
      bar={<RecordTabs id={id} />}
    >
      <PanelState query={query} what={t('registers.places.one')}>
        {found && tab === 'record' ? (
          <div className="mj-record" data-columns="2">
            <RecordFindings id={id} />
            {address.edit === '1' && mayWrite && !ended ? (
              <PlaceForm key={found.changed_us} place={found} onDone={() => change({ edit: undefined }, 'replace')} onClose={() => change({ edit: undefined }, 'replace')} />
            ) : (
              <div>
                <Positions place={found} />
                <Members place={found} />
              </div>
            )}
          </div>
        ) : null}
        {found && tab === 'changes' ? <RecordChanges register="places" id={id} /> : null}
      </PanelState>
    </Sheet>
  );
}

function Positions({ place: { positions } }: { place: Place }) {
  const { t } = useTranslation();
  const { word } = useWords();
  return (
    <section className="mj-card" data-testid="place-positions">
      <h2>
        {t('registers.places.positions')} <RuleBasis rule="COV-01" />
      </h2>
      {positions.length === 0 ? (
        <p className="mj-muted">{t('registers.places.noPositions')}</p>
      ) : (
        <RecordTable<Position>
          rows={positions}
          rowKey={(one) => one.id}
          rowTestId={(one) => `position-${one.name}`}
          caption={t('registers.places.positionsCaption', {
            covered: positions.filter((one) => one.cameras > 0).length,
            total: positions.length,
          })}
          columns={[
            { key: 'name', title: t('registers.places.position'), cell: (one) => one.name, by: (one) => one.name },
            { key: 'kind', title: t('registers.places.kind'), cell: (one) => word('position', one.kind), by: (one) => one.kind },
            { key: 'coverage', title: t('registers.places.coverage'), cell: (one) => <Covered cameras={one.cameras} />, by: (one) => one.cameras },
            {
              key: 'point',
              title: t('registers.places.point'),
              cell: (one) =>
                one.longitude === null || one.latitude === null ? (
                  <span className="mj-muted">{t('registers.notEntered')}</span>
                ) : (
                  `${one.longitude.toFixed(5)}, ${one.latitude.toFixed(5)}`
                ),
            },
          ]}
        />
      )}
    </section>
  );
}

function Covered({ cameras }: { cameras: number }) {
  const { t } = useTranslation();
  return cameras > 0 ? (
    <StatusShape status="ok" label={t('registers.places.covered', { count: cameras })} />
  ) : (
    <StatusShape status="failed" label={t('registers.places.uncovered')} />
  );
}

function Members({ place }: { place: Place }) {
  const { t } = useTranslation();
  return (
    <section className="mj-card" data-testid="place-record">
      <MemberGroup title={t('registers.groups.basics')} members={['name', 'division', 'organisation']} record={place} />
      <MemberGroup title={t('registers.groups.place')} rule="COV-01" members={['category', 'subcategory', 'citation', 'national_class']} record={place} />
      <MemberGroup title={t('registers.groups.location')} members={['address', 'longitude', 'latitude', 'outline']} record={place} />
      <MemberGroup title={t('registers.groups.protection')} members={['key_protected_unit', 'counter_terror_target', 'designated']} record={place} />
      <MemberGroup title={t('registers.groups.note')} members={['note']} record={place} />
    </section>
  );
}
