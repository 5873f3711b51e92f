// The register of places that the law wants covered: how many key positions of each are.
import { useTranslation } from 'react-i18next';
import { places } from '@/api/registers';
import type { Place } from '@/api/registers';
import { useWords } from '@/shared/law/useWords';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { StatusShape } from '@/shared/ui/StatusShape';
import { PlaceForm } from './PlaceForm';
import { PlaceTabs } from './PlaceTabs';
import { Missing, RegisterLink } from './RecordParts';
import { RegisterSheet, useWhetherEnded } from './RegisterSheet';
import './messages';
import './Registers.css';

const COVERAGES = ['uncovered', 'unlisted'] as const;

export default function PlacesPage() {
  const { t } = useTranslation();
  const { word } = useWords();
  const whether = useWhetherEnded();
  return (
    <RegisterSheet<Place>
      kind="place"
      words={{
        title: t('registers.places.title'),
        enter: t('registers.places.enter'),
        none: t('registers.places.none'),
        caption: t('registers.places.caption'),
      }}
      filter="category"
      further={[
        { name: 'coverage', label: t('registers.places.coverage'), options: COVERAGES.map((code) => ({ code, name: t(`registers.places.coverages.${code}`) })) },
        whether,
      ]}
      tabs={<PlaceTabs current="places" />}
      read={places}
      form={(form) => <PlaceForm {...form} />}
      columns={[
        { key: 'name', title: t('registers.member.name'), cell: (one) => <RegisterLink register="places" record={one} />, by: (one) => one.name },
        {
          key: 'subcategory',
          title: t('registers.member.subcategory'),
          cell: (one) => (one.subcategory ? word('subcategory', one.subcategory) : <Missing />),
          by: (one) => one.subcategory,
        },
        { key: 'division', title: t('registers.under'), cell: (one) => <DivisionName code={one.division} />, by: (one) => one.division },
        { key: 'organisation', title: t('registers.member.organisation'), cell: (one) => <NameText id={one.organisation} /> },
        { key: 'address', title: t('registers.member.address'), cell: (one) => one.address || <Missing /> },
        { key: 'coverage', title: t('registers.places.coverage'), cell: (one) => <Coverage place={one} />, by: bare },
      ]}
    />
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
