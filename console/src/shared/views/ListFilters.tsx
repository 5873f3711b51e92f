// The filters of a register. They are the address: what stands there can be sent to a colleague, and kept as a view.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FilterPage } from '@/api/filters';
import { useAddress } from '@/shared/address';
import { DivisionField } from '@/shared/names/DivisionField';
import { Act } from '@/shared/ui/Act';
import { SelectField } from '@/shared/ui/fields';
import { SavedViews } from './SavedViews';
import type { Term } from './views';
import './messages';
import './Views.css';

interface Props {
  page: FilterPage;
  /** Whether the list can be searched by name. */
  byName?: boolean;
  /** Names of further filters, whose fields are the children. */
  more: readonly string[];
  children?: ReactNode;
}

export function ListFilters({ page, byName = false, more, children }: Props) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const names = [...(byName ? ['q'] : []), 'under', ...more];
  return (
    <div className="mj-list-filters" role="search" data-testid="list-filters">
      <SavedViews page={page} names={names} />
      {byName ? (
        <label className="mj-field">
          {t('views.find')}
          <input
            className="mj-input"
            type="search"
            value={address.q ?? ''}
            data-testid="filter-q"
            onChange={(event) => change({ q: event.target.value || undefined }, 'replace')}
          />
        </label>
      ) : null}
      <DivisionField value={address.under ?? ''} none={t('views.any')} onChange={(code) => change({ under: code || undefined }, 'replace')} />
      {children}
      {names.some((name) => address[name]) ? (
        <Act kind="link" testId="filters-clear" onAct={() => change(Object.fromEntries(names.map((name) => [name, undefined])), 'replace')}>
          {t('views.clear')}
        </Act>
      ) : null}
    </div>
  );
}

interface SelectProps {
  /** The parameter that it is in the address. */
  name: string;
  label: string;
  options: readonly { code: string; name: string }[];
  /** What is listed without it, where that is not everything. */
  none?: string;
}

/** A filter of closed values. */
export function FilterSelect({ name, label, options, none }: SelectProps) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  return (
    <SelectField
      label={label}
      value={address[name] ?? ''}
      none={none ?? t('views.any')}
      options={options}
      testId={`filter-${name}`}
      onChange={(value) => change({ [name]: value || undefined }, 'replace')}
    />
  );
}

/** A filter of deadlines by what is left of them, which stays right tomorrow. */
export function TermSelect({ label, terms }: { label: string; terms: readonly Term[] }) {
  const { t } = useTranslation();
  return <FilterSelect name="within" label={label} options={terms.map((code) => ({ code, name: t(`views.terms.${code}`) }))} />;
}
