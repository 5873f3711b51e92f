// The register of units: who they are by law, where they have their seat, whether their credit code is entered.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { units } from '@/api/accounts';
import type { Unit } from '@/api/units';
import { Missing } from '@/features/registers/RecordParts';
import { useAddress } from '@/shared/address';
import type { Address } from '@/shared/address';
import { FilterSelect, ListFilters } from '@/shared/views/ListFilters';
import { useWords } from '@/shared/law/useWords';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { lineage } from '@/shared/names/paths';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { UnitForm } from './UnitForm';
import { UnitKindText } from './UnitKindText';
import './messages';

const LACKING = ['credit_code', 'division', 'address'] as const;

export default function UnitsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refusal = useRefusal();
  const { list } = useWords();
  const mayWrite = useMay('organisation.write');
  const [address, change] = useAddress();
  const query = useQuery({ queryKey: ['units'], queryFn: ({ signal }) => units(signal) });
  const all = query.data ?? [];
  const rows = all.filter((one) => wanted(one, address));
  const adding = address.add === '1' && mayWrite && query.isSuccess;
  return (
    <Sheet
      title={t('units.title')}
      lead={query.isSuccess ? t('units.count', { shown: rows.length, total: all.length }) : null}
      testId="units-page"
      acts={
        <Act kind="primary" testId="unit-enter" refusal={refusal(mayWrite, t('rights.permission.organisation.write'))} onAct={() => change({ add: '1' })}>
          {t('units.enter')}
        </Act>
      }
      bar={
        <ListFilters page="units" byName more={['kind', 'lacking']}>
          <FilterSelect name="kind" label={t('units.member.kind')} options={list('unit_kind')} />
          <FilterSelect name="lacking" label={t('units.lacking')} options={LACKING.map((code) => ({ code, name: t(`units.member.${code}`) }))} />
        </ListFilters>
      }
      beside={
        adding ? (
          <UnitForm onDone={(kept) => void navigate({ to: `/units/${kept.id}` })} onClose={() => change({ add: undefined }, 'replace')} />
        ) : undefined
      }
    >
      <PanelState query={query} what={t('units.title')} empty={query.isSuccess && rows.length === 0 ? <Empty>{t('states.panel.filteredEmpty', { what: t('units.title') })}</Empty> : undefined}>
        <RecordTable<Unit>
          rows={rows}
          rowKey={(one) => one.id}
          rowTestId={(one) => `unit-${one.id}`}
          caption={t('units.caption')}
          columns={[
            {
              key: 'name',
              title: t('units.member.name'),
              cell: (one) => (
                <>
                  <Link to={`/units/${one.id}`}>{one.name}</Link> {one.ended_us === null ? null : <StatusShape status="off" label={t('units.ended')} />}
                </>
              ),
              by: (one) => one.name,
            },
            { key: 'kind', title: t('units.member.kind'), cell: (one) => <UnitKindText unit={one} />, by: (one) => `${one.kind} ${one.level}` },
            { key: 'division', title: t('units.member.division'), cell: (one) => (one.division ? <DivisionName code={one.division} /> : <Missing />), by: (one) => one.division ?? '' },
            { key: 'parent', title: t('units.member.parent'), cell: (one) => (one.parent ? <NameText id={one.parent} /> : '') },
            { key: 'credit_code', title: t('units.member.credit_code'), cell: (one) => (one.credit_code ? <code>{one.credit_code}</code> : <Missing />), by: (one) => one.credit_code },
            { key: 'address', title: t('units.member.address'), cell: (one) => one.address || <Missing /> },
          ]}
        />
      </PanelState>
    </Sheet>
  );
}

function wanted(one: Unit, { q, kind, under, lacking }: Address): boolean {
  const member = LACKING.find((name) => name === lacking);
  if (member && one[member]) return false;
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const text = [one.name, one.credit_code, one.address, one.id].join(' ').toLowerCase();
  return words.every((word) => text.includes(word)) && (!kind || one.kind === kind) && (!under || lineage(one.division ?? '').includes(under));
}
