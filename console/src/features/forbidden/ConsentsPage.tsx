// Consents of secret units to cameras in their neighbourhood, and beside them the form that enters or changes one.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { consents } from '@/api/forbidden';
import type { Consent } from '@/api/forbidden';
import { PlaceTabs } from '@/features/registers/PlaceTabs';
import { useAddress } from '@/shared/address';
import { comma } from '@/shared/i18n';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { PAGE_ROWS, useRows } from '@/shared/useRows';
import { ConsentForm } from './ConsentForm';
import './messages';

export default function ConsentsPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const mayWrite = useMay('register.write');
  const { zone } = address;
  const { query, rows, total } = useRows(['secret-consents', { zone }], (after, signal) => consents({ zone, limit: PAGE_ROWS, after }, signal));
  const title = t('forbidden.consent.title');
  const refused = refusal(mayWrite, t('rights.permission.register.write'));
  const changed = mayWrite ? rows.find((one) => one.id === address.sel) : undefined;
  const close = () => change({ add: undefined, sel: undefined }, 'replace');
  return (
    <Sheet
      title={title}
      lead={query.isSuccess ? t('registers.count', { shown: rows.length, total }) : null}
      testId="secret-consents-page"
      acts={
        <Act kind="primary" testId="consent-enter" refusal={refused} onAct={() => change({ add: '1', sel: undefined })}>
          {t('forbidden.consent.enter')}
        </Act>
      }
      bar={<PlaceTabs current="secret-consents" />}
      beside={
        changed ? (
          <ConsentForm key={changed.id} consent={changed} zone={changed.zone} onClose={close} />
        ) : address.add === '1' && mayWrite ? (
          <ConsentForm zone={zone ?? ''} onClose={close} />
        ) : undefined
      }
    >
      <PanelState query={query} what={title} empty={query.isSuccess && rows.length === 0 ? <Empty>{t('forbidden.consent.none')}</Empty> : undefined}>
        <RecordTable<Consent>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `consent-${one.id}`}
          caption={t('forbidden.consent.caption')}
          chosen={changed?.id}
          columns={[
            { key: 'name', title: t('forbidden.consent.name'), cell: (one) => one.name, by: (one) => one.name },
            { key: 'number', title: t('forbidden.consent.number'), cell: (one) => one.number || '—', by: (one) => one.number },
            { key: 'zone', title: t('forbidden.consent.zone'), cell: (one) => <Link to={`/forbidden-places/${one.zone}`}>{one.zone_name}</Link>, by: (one) => one.zone_name },
            { key: 'given', title: t('forbidden.consent.given'), cell: (one) => one.given, by: (one) => one.given },
            { key: 'until', title: t('forbidden.consent.until'), cell: (one) => one.until ?? t('forbidden.always'), by: (one) => one.until ?? '9999' },
            { key: 'cameras', title: t('forbidden.consent.cameras'), cell: (one) => <Covered consent={one} /> },
            { key: 'points', title: t('forbidden.consent.points'), cell: (one) => one.points || '—' },
            {
              key: 'act',
              title: '',
              cell: (one) => (
                <Act
                  kind="link"
                  label={t('forbidden.consent.changeOf', { name: one.name })}
                  testId={`consent-change-${one.id}`}
                  refusal={refused}
                  onAct={() => change({ sel: one.id, add: undefined })}
                >
                  {t('forbidden.consent.changeIt')}
                </Act>
              ),
            },
          ]}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}

function Covered({ consent: { cameras } }: { consent: Consent }) {
  const { t } = useTranslation();
  if (cameras.length === 0) return t('forbidden.consent.all');
  return cameras.map((id, at) => (
    <span key={id}>
      {at > 0 ? comma() : ''}
      <Link to={`/cameras/${id}`}>
        <NameText id={id} />
      </Link>
    </span>
  ));
}

