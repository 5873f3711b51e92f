// The journal's filters. They are the address: what stands there can be sent to a colleague.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Address, Change } from '@/shared/address';
import { textOr } from '@/shared/i18n/textOr';
import { verbText } from '@/shared/journal/words';
import { ACTION_CODES } from '@/shared/journal/codes';
import { parseTyped } from '@/shared/time/axis';
import { addressText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';

export const FILTERS = ['who', 'what', 'object', 'from', 'until'] as const;

export function JournalFilters({ address, change }: { address: Address; change: Change }) {
  const { t } = useTranslation();
  const any = FILTERS.some((name) => address[name]);
  return (
    <div className="mj-filters" data-testid="journal-filters" role="search">
      <TextFilter name="who" label={t('journal.who')} hint={t('journal.whoHint')} address={address} change={change} />
      <label>
        {t('journal.what')}
        <select
          className="mj-input"
          data-testid="filter-what"
          value={address.what ?? ''}
          onChange={(event) => change({ what: event.target.value || undefined, e: undefined })}
        >
          <option value="">{t('journal.whatAll')}</option>
          {Object.entries(ACTION_CODES).map(([family, verbs]) => (
            <optgroup key={family} label={textOr(t, `journal.kind.${family}`, textOr(t, `rights.groups.${family}`, family))}>
              {verbs.map((verb) => (
                <option key={verb} value={`${family}.${verb}`}>
                  {verbText(t, `${family}.${verb}`)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <TextFilter name="object" label={t('journal.object')} hint={t('journal.objectHint')} address={address} change={change} />
      <TimeFilter name="from" label={t('journal.from')} address={address} change={change} />
      <TimeFilter name="until" label={t('journal.until')} address={address} change={change} />
      {any ? (
        <Act
          kind="link"
          testId="filters-clear"
          onAct={() => change(Object.fromEntries([...FILTERS, 'e'].map((name) => [name, undefined])))}
        >
          {t('journal.clear')}
        </Act>
      ) : null}
    </div>
  );
}

interface FilterProps {
  name: 'who' | 'object' | 'from' | 'until';
  label: string;
  hint?: string;
  address: Address;
  change: Change;
}

function TextFilter({ name, label, hint, address, change }: FilterProps) {
  const take = (value: string) => {
    if (value.trim() !== (address[name] ?? '')) change({ [name]: value.trim() || undefined, e: undefined });
  };
  return (
    <label>
      {label}
      <input
        key={address[name] ?? ''}
        className="mj-input"
        data-testid={`filter-${name}`}
        placeholder={hint}
        defaultValue={address[name] ?? ''}
        onBlur={(event) => take(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) take(event.currentTarget.value);
        }}
      />
    </label>
  );
}

function TimeFilter({ name, label, address, change }: FilterProps) {
  const { t } = useTranslation();
  const [bad, setBad] = useState(false);
  const take = (value: string) => {
    if (value.trim() === (address[name] ?? '').replace('T', ' ')) return;
    const now = nowUs();
    const at = value.trim() ? parseTyped(value, now, now) : null;
    setBad(Boolean(value.trim()) && at === null);
    if (value.trim() && at === null) return;
    change({ [name]: at === null ? undefined : addressText(at).slice(0, 19), e: undefined });
  };
  return (
    <label>
      {label}
      <input
        key={address[name] ?? ''}
        className="mj-input"
        data-testid={`filter-${name}`}
        placeholder="2026-11-23 08:15"
        title={t('journal.badMoment')}
        aria-invalid={bad}
        defaultValue={(address[name] ?? '').replace('T', ' ')}
        onBlur={(event) => take(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) take(event.currentTarget.value);
        }}
      />
      {bad ? <span role="alert">{t('journal.badMoment')}</span> : null}
    </label>
  );
}
