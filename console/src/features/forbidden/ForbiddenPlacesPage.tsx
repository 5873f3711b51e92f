// The register of places in which no camera may be, or only under a condition.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { forbiddenPlaces } from '@/api/forbidden';
import type { ForbiddenPlace } from '@/api/forbidden';
import { PlaceTabs } from '@/features/registers/PlaceTabs';
import { RegisterSheet } from '@/features/registers/RegisterSheet';
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
  return (
    <RegisterSheet<ForbiddenPlace>
      kind="forbidden-place"
      words={{ title: t('forbidden.title'), enter: t('forbidden.enter'), none: t('forbidden.none'), caption: t('forbidden.caption') }}
      filter="kind"
      vocabulary="forbidden_kind"
      further={[{ name: 'life', label: t('registers.ended.life'), options: [{ code: 'ended', name: t('registers.ended.gone') }] }]}
      tabs={<PlaceTabs current="forbidden-places" />}
      read={forbiddenPlaces}
      form={(form) => <ForbiddenForm {...form} />}
      columns={[
        { key: 'name', title: t('registers.member.name'), cell: (one) => <Link to={`/forbidden-places/${one.id}`}>{one.name}</Link>, by: (one) => one.name },
        { key: 'kind', title: t('registers.member.kind'), cell: (one) => word('forbidden_kind', one.kind), by: (one) => one.kind },
        { key: 'division', title: t('registers.under'), cell: (one) => <DivisionName code={one.division} />, by: (one) => one.division },
        { key: 'organisation', title: t('registers.member.organisation'), cell: (one) => <NameText id={one.organisation} /> },
        { key: 'area', title: t('forbidden.area'), cell: area },
        { key: 'dates', title: t('forbidden.inForce'), cell: dates, by: (one) => one.until ?? '9999' },
      ]}
    />
  );
}
