// The filters of a register. They are the address: what stands there can be sent to a colleague.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddress } from '@/shared/address';
import { DivisionField } from '@/shared/names/DivisionField';
import { Act } from '@/shared/ui/Act';
import './messages';
import './Law.css';

interface Props {
  /** Whether the list can be searched by name. */
  byName?: boolean;
  /** Names of further filters, whose fields are the children. */
  more: readonly string[];
  children?: ReactNode;
}

export function ListFilters({ byName = false, more, children }: Props) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const names = ['q', 'under', ...more];
  return (
    <div className="mj-list-filters" role="search" data-testid="list-filters">
      {byName ? (
        <label className="mj-field">
          {t('law.find')}
          <input
            className="mj-input"
            type="search"
            value={address.q ?? ''}
            data-testid="filter-q"
            onChange={(event) => change({ q: event.target.value || undefined }, 'replace')}
          />
        </label>
      ) : null}
      <DivisionField value={address.under ?? ''} onChange={(code) => change({ under: code || undefined }, 'replace')} />
      {children}
      {names.some((name) => address[name]) ? (
        <Act kind="link" testId="filters-clear" onAct={() => change(Object.fromEntries(names.map((name) => [name, undefined])), 'replace')}>
          {t('law.clear')}
        </Act>
      ) : null}
    </div>
  );
}
