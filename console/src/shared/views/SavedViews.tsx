// The views of a list: those that come with the program, mine, and those that my unit shares. Choosing one puts its filter
// into the address; what stands there can be kept under a name. `?v=` opens one by its code or identifier.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeFilter, removeFilter, saveFilter, savedFilters } from '@/api/filters';
import type { FilterPage, SavedFilter } from '@/api/filters';
import { useAddress } from '@/shared/address';
import { textOr } from '@/shared/i18n/textOr';
import { Act } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { TextField } from '@/shared/ui/fields';
import { filterOf, filterText, SHIPPED } from './views';
import './messages';

interface View {
  id: string;
  name: string;
  text: string;
  saved?: SavedFilter;
}

interface Props {
  page: FilterPage;
  /** The parameters that are the filter of the page. */
  names: readonly string[];
}

export function SavedViews({ page, names }: Props) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const query = useQuery({ queryKey: ['saved-filters', page], queryFn: ({ signal }) => savedFilters(page, signal), staleTime: 60_000 });
  const [asking, setAsking] = useState<SavedFilter | 'new' | null>(null);
  const saved = (query.data ?? []).map((one): View => ({ id: one.id, name: one.name, text: filterText(filterOf(one.filter, names), names), saved: one }));
  const shipped = Object.entries(SHIPPED[page]).map(([code, filter]): View => ({
    id: code,
    name: textOr(t, `views.shipped.${page}.${code}`, code),
    text: filterText(filter as Record<string, string>, names),
  }));
  const views = [...shipped, ...saved];
  const text = filterText(address, names);
  const chosen = text ? views.find((one) => one.text === text) : undefined;
  const open = (id: string, how: 'push' | 'replace' = 'push'): void => {
    const found = views.find((one) => one.id === id);
    change({ ...filterOf(found?.text ?? '', names), v: undefined }, how);
  };
  const named = address.v;
  const known = query.isSuccess || shipped.some((one) => one.id === named);
  useEffect(() => {
    if (named && known) open(named, 'replace');
    // The address names a view once; afterwards its filter stands there.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [named, known]);
  return (
    <>
      <label className="mj-field">
        {t('views.title')}
        <select className="mj-input" value={chosen?.id ?? ''} data-testid="views" onChange={(event) => open(event.target.value)}>
          <option value="">{t(text && !chosen ? 'views.own' : 'views.everything')}</option>
          <Group label={t('views.groups.shipped')} views={shipped} />
          <Group label={t('views.groups.mine')} views={saved.filter((one) => one.saved?.mine)} />
          <Group label={t('views.groups.unit')} views={saved.filter((one) => one.saved && !one.saved.mine)} />
        </select>
      </label>
      {chosen?.saved?.mine ? (
        <Act kind="link" testId="view-manage" onAct={() => setAsking(chosen.saved ?? null)}>
          {t('views.manage')}
        </Act>
      ) : text && !chosen ? (
        <Act kind="link" testId="view-save" onAct={() => setAsking('new')}>
          {t('views.save')}
        </Act>
      ) : null}
      {asking ? (
        <Ask page={page} text={text} view={asking === 'new' ? null : asking} mine={(query.data ?? []).filter((one) => one.mine)} onClose={() => setAsking(null)} />
      ) : null}
    </>
  );
}

function Group({ label, views }: { label: string; views: readonly View[] }) {
  const { t } = useTranslation();
  if (views.length === 0) return null;
  return (
    <optgroup label={label}>
      {views.map(({ id, name, saved }) => (
        <option key={id} value={id}>
          {name}
          {saved ? (saved.mine ? (saved.shared ? ` · ${t('views.sharedMark')}` : '') : ` · ${saved.owner_name}`) : ''}
        </option>
      ))}
    </optgroup>
  );
}

interface AskProps {
  page: FilterPage;
  text: string;
  /** The one of mine that is changed; null for a new one. */
  view: SavedFilter | null;
  mine: readonly SavedFilter[];
  onClose: () => void;
}

function Ask({ page, text, view, mine, onClose }: AskProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(view?.name ?? '');
  const [shared, setShared] = useState(view?.shared ?? false);
  const same = view ? undefined : mine.find((one) => one.name === name.trim());
  const done = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ['saved-filters', page] });
    onClose();
  };
  const keep = useMutation({
    mutationFn: () => {
      if (view) return changeFilter(view.id, { name, shared });
      return same ? changeFilter(same.id, { filter: text, shared }) : saveFilter({ name, page, filter: text, shared });
    },
    onSuccess: done,
  });
  const drop = useMutation({ mutationFn: () => removeFilter(view?.id ?? ''), onSuccess: done });
  return (
    <Confirm
      title={t(view ? 'views.manage' : 'views.save')}
      consequences={[t(same ? 'views.replaces' : 'views.holds')]}
      verb={t(same ? 'views.update' : 'views.keep')}
      running={keep.isPending || drop.isPending}
      refusal={name.trim() ? null : { reason: t('views.nameless') }}
      error={keep.error ?? drop.error}
      onAct={() => keep.mutate()}
      onClose={onClose}
      testId="view-ask"
    >
      <div className="mj-form">
        <TextField label={t('views.name')} mandatory focused most={100} value={name} testId="view-name" onChange={setName} />
        <label className="mj-check">
          <input type="checkbox" checked={shared} data-testid="view-share" onChange={(event) => setShared(event.target.checked)} />
          {t('views.share')}
        </label>
        {view ? (
          <Act kind="link" testId="view-remove" onAct={() => drop.mutate()}>
            {t('views.remove')}
          </Act>
        ) : null}
      </div>
    </Confirm>
  );
}
