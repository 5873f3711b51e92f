// The register of places in which no camera may be, or only under a condition.
import { useTranslation } from 'react-i18next';
import { forbiddenPlaces } from '@/api/forbidden';
import type { ForbiddenPlace } from '@/api/forbidden';
import { PlaceTabs } from '@/features/registers/PlaceTabs';
import { RegisterLink } from '@/features/registers/RecordParts';
import { RegisterSheet, useWhetherEnded } from '@/features/registers/RegisterSheet';
import { useWords } from '@/shared/law/useWords';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { ForbiddenForm } from './ForbiddenForm';
import { useAreaText, useDatesText } from './texts';
import './messages';

export default function ForbiddenPlacesPage() {
  const { t } = useTranslation();
  const { word } = useWords();
  const dates = useDatesText();
  const area = useAreaText();
  const whether = useWhetherEnded();
  return (
    <RegisterSheet<ForbiddenPlace>
      kind="forbidden-place"
      words={{ title: t('forbidden.title'), enter: t('forbidden.enter'), none: t('forbidden.none'), caption: t('forbidden.caption') }}
      filter="kind"
      vocabulary="forbidden_kind"
      further={[whether]}
      tabs={<PlaceTabs current="forbidden-places" />}
      read={forbiddenPlaces}
      form={(form) => <ForbiddenForm {...form} />}
      columns={[
        { key: 'name', title: t('registers.member.name'), cell: (one) => <RegisterLink register="forbidden-places" record={one} />, by: (one) => one.name },
        { key: 'kind', title: t('registers.member.kind'), cell: (one) => word('forbidden_kind', one.kind), by: (one) => one.kind },
        { key: 'division', title: t('registers.under'), cell: (one) => <DivisionName code={one.division} />, by: (one) => one.division },
        { key: 'organisation', title: t('registers.member.organisation'), cell: (one) => <NameText id={one.organisation} /> },
        { key: 'area', title: t('forbidden.area'), cell: area },
        { key: 'dates', title: t('forbidden.inForce'), cell: dates, by: (one) => one.until ?? '9999' },
      ]}
    />
  );
}
