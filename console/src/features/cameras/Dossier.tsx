// A camera's dossier (一机一档): what is missing first, its members by group with what the platform measured beside them,
// where it stands and looks, its sign and its baseline picture.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { findings } from '@/api/compliance';
import { dossier as readDossier, type Dossier, type Member } from '@/api/dossiers';
import { useAddress } from '@/shared/address';
import { inLanguage } from '@/shared/i18n';
import { RuleBasis } from '@/shared/law/Citation';
import { FindingLines } from '@/shared/law/Findings';
import { useMay } from '@/shared/session';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import { BaselineCard } from './BaselineCard';
import { DossierGroup } from './DossierGroup';
import { SignCard } from './SignCard';
import { useMembers } from './useMembers';
import { ViewDial } from './ViewDial';
import './messages';
import './Dossier.css';

const GROUPS = ['identity', 'duty', 'device', 'position', 'network', 'life', 'recording'] as const;

export function DossierTab({ camera }: { camera: string }) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const members = useMembers();
  const query = useQuery({ queryKey: ['dossier', camera], queryFn: ({ signal }) => readDossier(camera, signal) });
  const found = query.data;
  return (
    <PanelState query={query} what={t('cameras.dossier.title')}>
      {found ? (
        <div className="mj-dossier" data-testid="dossier" data-complete={found.complete}>
          <div>
            <Missing dossier={found} members={members} onEdit={(group) => change({ edit: group }, 'replace')} />
            <CameraFindings camera={camera} />
            <ViewDial dossier={found} />
          </div>
          <div>
            {GROUPS.map((group) => (
              <DossierGroup
                key={group}
                group={group}
                members={members.filter((one) => one.group === group)}
                dossier={found}
                editing={address.edit === group}
                onEdit={(edit) => change({ edit: edit ? group : undefined }, 'replace')}
              />
            ))}
          </div>
          <div>
            <SignCard dossier={found} />
            <BaselineCard dossier={found} />
          </div>
        </div>
      ) : null}
    </PanelState>
  );
}

function Missing({ dossier, members, onEdit }: { dossier: Dossier; members: Member[]; onEdit: (group: string) => void }) {
  const { t } = useTranslation();
  const empty = members.filter((one) => dossier.missing.includes(one.field));
  return (
    <section className="mj-card" data-testid="dossier-missing">
      <h2>
        {t('cameras.dossier.complete', { percent: dossier.complete })} <RuleBasis rule="DOS-01" />
      </h2>
      {empty.length === 0 ? (
        <StatusShape status="ok" label={t('cameras.dossier.whole')} />
      ) : (
        <>
          <p>{t('cameras.dossier.lacks', { count: empty.length })}</p>
          <ul className="mj-dossier-missing">
            {empty.map((one) => (
              <li key={one.field}>
                <a
                  href={`#group-${one.group}`}
                  onClick={() => {
                    if (one.group !== 'sign') onEdit(one.group);
                  }}
                >
                  ★ {inLanguage(one.zh, one.en)}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function CameraFindings({ camera }: { camera: string }) {
  const { t } = useTranslation();
  const may = useMay('compliance.read');
  const query = useQuery({
    queryKey: ['findings', { subject: camera }],
    queryFn: ({ signal }) => findings({ subject: camera, limit: 100 }, signal),
    enabled: may,
  });
  if (!may) return null;
  const items = query.data?.items ?? [];
  return (
    <section className="mj-card" data-testid="dossier-findings">
      <h2>{t('cameras.dossier.findings')}</h2>
      <PanelState query={query} what={t('cameras.dossier.findings')}>
        {query.isSuccess && items.length === 0 ? <StatusShape status="ok" label={t('cameras.dossier.nothingOpen')} /> : null}
        <FindingLines findings={items} />
      </PanelState>
    </section>
  );
}
