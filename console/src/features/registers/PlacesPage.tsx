// The register of places that the law wants covered: filters in the address, how many key positions are covered, a form
// beside the list to enter one.
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { places } from '@/api/registers';
import type { Place } from '@/api/registers';
import { useAddress } from '@/shared/address';
import { ListFilters } from '@/shared/law/ListFilters';
import { useWords } from '@/shared/law/useWords';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { SelectField } from '@/shared/ui/fields';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { PAGE_ROWS, useRows } from '@/shared/useRows';
import { PlaceForm } from './PlaceForm';
import './messages';
import './Registers.css';

export default function PlacesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refusal = useRefusal();
  const mayWrite = useMay('register.write');
  const { word, list } = useWords();
  const [address, change] = useAddress();
  const { q, under, category } = address;
  const { query, rows, total } = useRows(['places', { q, under, category }], (after, signal) =>
    places({ q, under, category, limit: PAGE_ROWS, after }, signal),
  );
  const filtered = Boolean(q ?? under ?? category);
  // Not before the list is known: a new record most likely stands where the others do.
  const adding = address.add === '1' && mayWrite && !query.isPending;
  return (
    <Sheet
      title={t('registers.places.title')}
      lead={query.isSuccess ? t('registers.count', { shown: rows.length, total }) : null}
      testId="places-page"
      acts={
        <Act kind="primary" testId="place-enter" refusal={refusal(mayWrite, t('rights.permission.register.write'))} onAct={() => change({ add: '1' })}>
          {t('registers.places.enter')}
        </Act>
      }
      bar={
        <ListFilters byName more={['category']}>
          <SelectField
            label={t('registers.member.category')}
            value={category ?? ''}
            none={t('law.any')}
            options={list('category')}
            testId="filter-category"
            onChange={(value) => change({ category: value || undefined }, 'replace')}
          />
        </ListFilters>
      }
      beside={
        adding ? (
          <PlaceForm
            division={under ?? rows[0]?.division ?? ''}
            onDone={(kept) => void navigate({ to: `/places/${kept.id}` })}
            onClose={() => change({ add: undefined }, 'replace')}
          />
        ) : undefined
      }
    >
      <PanelState
        query={query}
        what={t('registers.places.title')}
        empty={
          query.isSuccess && rows.length === 0 ? (
            <Empty>{filtered ? t('states.panel.filteredEmpty', { what: t('registers.places.title') }) : t('registers.places.none')}</Empty>
          ) : undefined
        }
      >
        <RecordTable<Place>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `place-${one.id}`}
          caption={t('registers.places.caption')}
          columns={[
            { key: 'name', title: t('registers.member.name'), cell: (one) => <Link to={`/places/${one.id}`}>{one.name}</Link>, by: (one) => one.name },
            {
              key: 'subcategory',
              title: t('registers.member.subcategory'),
              cell: (one) => (one.subcategory ? word('subcategory', one.subcategory) : <span className="mj-muted">{t('registers.notEntered')}</span>),
              by: (one) => one.subcategory,
            },
            { key: 'division', title: t('registers.under'), cell: (one) => <DivisionName code={one.division} />, by: (one) => one.division },
            { key: 'organisation', title: t('registers.member.organisation'), cell: (one) => <NameText id={one.organisation} /> },
            { key: 'address', title: t('registers.member.address'), cell: (one) => one.address || <span className="mj-muted">{t('registers.notEntered')}</span> },
            { key: 'coverage', title: t('registers.places.coverage'), cell: (one) => <Coverage place={one} />, by: bare },
          ]}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}

/** How many key positions no camera covers. */
function bare(place: Place): number {
  return place.positions.filter((one) => one.cameras === 0).length;
}

function Coverage({ place }: { place: Place }) {
  const { t } = useTranslation();
  const total = place.positions.length;
  if (total === 0) return <StatusShape status="unknown" label={t('registers.places.unlisted')} />;
  const open = bare(place);
  return <StatusShape status={open === 0 ? 'ok' : 'failed'} label={t('registers.places.coveredOf', { covered: total - open, total })} />;
}
