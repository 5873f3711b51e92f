// The register of video systems: who maintains each, and since when it is in use.
import { useTranslation } from 'react-i18next';
import { systems } from '@/api/registers';
import type { VideoSystem } from '@/api/registers';
import { useWords } from '@/shared/law/useWords';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { Missing, RegisterLink, Upkeep } from './RecordParts';
import { RegisterSheet } from './RegisterSheet';
import { SystemForm } from './SystemForm';
import './messages';
import './Registers.css';

const LIVES = ['planned', 'in_use', 'dismantling', 'dismantled', 'ended', 'all'] as const;

export default function SystemsPage() {
  const { t } = useTranslation();
  const { word } = useWords();
  return (
    <RegisterSheet<VideoSystem>
      kind="system"
      words={{
        title: t('registers.system.title'),
        enter: t('registers.system.enter'),
        none: t('registers.system.none'),
        caption: t('registers.system.caption'),
      }}
      filter="regime"
      further={[
        {
          name: 'life',
          label: t('registers.system.life'),
          none: t('registers.ended.standing'),
          options: LIVES.map((code) => ({ code, name: t(`registers.system.lives.${code}`) })),
        },
      ]}
      read={systems}
      form={(form) => <SystemForm {...form} />}
      columns={[
        { key: 'name', title: t('registers.member.name'), cell: (one) => <RegisterLink register="systems" record={one} />, by: (one) => one.name },
        { key: 'regime', title: t('registers.member.regime'), cell: (one) => (one.regime ? word('regime', one.regime) : <Missing />), by: (one) => one.regime },
        { key: 'division', title: t('registers.under'), cell: (one) => <DivisionName code={one.division} />, by: (one) => one.division },
        { key: 'organisation', title: t('registers.member.organisation'), cell: (one) => <NameText id={one.organisation} /> },
        { key: 'in_use', title: t('registers.member.in_use'), cell: (one) => one.in_use ?? <Missing />, by: (one) => one.in_use ?? '' },
        { key: 'cameras', title: t('registers.member.cameras'), number: true, cell: (one) => one.cameras, by: (one) => one.cameras },
        {
          key: 'upkeep',
          title: t('registers.system.upkeep'),
          cell: (one) => (one.duty ? <Upkeep met={one.duty.met} /> : null),
          by: (one) => Number(one.duty?.met ?? 1),
        },
      ]}
    />
  );
}
