// What was changed in a dossier: who, when, old, new, and why where a camera was moved.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dossierChanges, type DossierChange } from '@/api/dossiers';
import { inLanguage } from '@/shared/i18n';
import { textOr } from '@/shared/i18n/textOr';
import { momentText } from '@/shared/time/beijing';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { DossierValue } from './DossierValue';
import { useMembers } from './useMembers';

export function DossierChanges({ camera }: { camera: string }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['dossier-changes', camera], queryFn: ({ signal }) => dossierChanges(camera, signal) });
  const rows = query.data ?? [];
  return (
    <PanelState query={query} what={t('cameras.dossier.changes')} empty={query.isSuccess && rows.length === 0 ? <p>{t('cameras.dossier.noChanges')}</p> : undefined}>
      <RecordTable<DossierChange>
        rows={rows}
        rowKey={(one) => `${one.at_us} ${one.what} ${Object.keys(one.after).join()}`}
        caption={t('cameras.dossier.changes')}
        testId="dossier-changes"
        columns={[
          { key: 'at', title: t('cameras.dossier.at'), cell: (one) => momentText(one.at_us) },
          { key: 'who', title: t('cameras.dossier.who'), cell: (one) => one.who_name || one.who },
          { key: 'what', title: t('cameras.dossier.what'), cell: (one) => textOr(t, `cameras.dossier.act.${one.what}`, one.what) },
          { key: 'members', title: t('cameras.dossier.members'), cell: (one) => <Differences change={one} /> },
        ]}
      />
    </PanelState>
  );
}

function Differences({ change }: { change: DossierChange }) {
  const { t } = useTranslation();
  const members = useMembers();
  return (
    <ul className="mj-plain">
      {Object.keys(change.after).map((name) => {
        const member = members.find((one) => one.field === name);
        const label = member ? inLanguage(member.zh, member.en) : textOr(t, `cameras.dossier.act.${name}`, name);
        return (
          <li key={name}>
            <span className="mj-muted">{label}</span>{' '}
            {change.before[name] === null || change.before[name] === undefined ? null : (
              <>
                <DossierValue member={member} value={change.before[name]} /> →{' '}
              </>
            )}
            <DossierValue member={member} value={change.after[name]} />
          </li>
        );
      })}
    </ul>
  );
}
