// The register of video systems: filters in the address, who maintains each, and a form beside the list to enter one.
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { systems } from '@/api/registers';
import type { VideoSystem } from '@/api/registers';
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
import { SystemForm } from './SystemForm';
import './messages';
import './Registers.css';

export default function SystemsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refusal = useRefusal();
  const mayWrite = useMay('register.write');
  const { word, list } = useWords();
  const [address, change] = useAddress();
  const { q, under, regime } = address;
  const { query, rows, total } = useRows(['systems', { q, under, regime }], (after, signal) =>
    systems({ q, under, regime, limit: PAGE_ROWS, after }, signal),
  );
  const filtered = Boolean(q ?? under ?? regime);
  // Not before the list is known: a new record most likely stands where the others do.
  const adding = address.add === '1' && mayWrite && !query.isPending;
  return (
    <Sheet
      title={t('registers.system.title')}
      lead={query.isSuccess ? t('registers.count', { shown: rows.length, total }) : null}
      testId="systems-page"
      acts={
        <Act kind="primary" testId="system-enter" refusal={refusal(mayWrite, t('rights.permission.register.write'))} onAct={() => change({ add: '1' })}>
          {t('registers.system.enter')}
        </Act>
      }
      bar={
        <ListFilters byName more={['regime']}>
          <SelectField
            label={t('registers.member.regime')}
            value={regime ?? ''}
            none={t('law.any')}
            options={list('regime')}
            testId="filter-regime"
            onChange={(value) => change({ regime: value || undefined }, 'replace')}
          />
        </ListFilters>
      }
      beside={
        adding ? (
          <SystemForm
            division={under ?? rows[0]?.division ?? ''}
            onDone={(kept) => void navigate({ to: `/systems/${kept.id}` })}
            onClose={() => change({ add: undefined }, 'replace')}
          />
        ) : undefined
      }
    >
      <PanelState
        query={query}
        what={t('registers.system.title')}
        empty={
          query.isSuccess && rows.length === 0 ? (
            <Empty>{filtered ? t('states.panel.filteredEmpty', { what: t('registers.system.title') }) : t('registers.system.none')}</Empty>
          ) : undefined
        }
      >
        <RecordTable<VideoSystem>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `system-${one.id}`}
          caption={t('registers.system.caption')}
          columns={[
            { key: 'name', title: t('registers.member.name'), cell: (one) => <Link to={`/systems/${one.id}`}>{one.name}</Link>, by: (one) => one.name },
            { key: 'regime', title: t('registers.member.regime'), cell: (one) => (one.regime ? word('regime', one.regime) : <Missing />), by: (one) => one.regime },
            { key: 'division', title: t('registers.under'), cell: (one) => <DivisionName code={one.division} />, by: (one) => one.division },
            { key: 'organisation', title: t('registers.member.organisation'), cell: (one) => <NameText id={one.organisation} /> },
            { key: 'in_use', title: t('registers.member.in_use'), cell: (one) => one.in_use ?? <Missing />, by: (one) => one.in_use ?? '' },
            { key: 'cameras', title: t('registers.member.cameras'), number: true, cell: (one) => one.cameras, by: (one) => one.cameras },
            {
              key: 'upkeep',
              title: t('registers.system.upkeep'),
              cell: (one) => <StatusShape status={one.duty.met ? 'ok' : 'failed'} label={t(one.duty.met ? 'registers.system.met' : 'registers.system.unmet')} />,
              by: (one) => (one.duty.met ? 1 : 0),
            },
          ]}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}

function Missing() {
  const { t } = useTranslation();
  return <span className="mj-muted">{t('registers.notEntered')}</span>;
}
