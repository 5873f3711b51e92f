// Opening an account: who, for which unit, with which roles. The answer holds the one-time password.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addUser } from '@/api/accounts';
import type { RoleHeld, User, UserWish } from '@/api/accounts';
import { useRegisters } from '@/shared/names/useRegisters';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';
import { RolePicker } from './RolePicker';
import { clashes, withoutAdministrators } from './roleRules';
import { takesTwo } from './second';
import type { Asking } from './second';

const EMPTY: UserWish = { account: '', name: '', organisation: '', roles: [] };

interface Props {
  /** `toAsk`: the roles that a second person must still confirm. */
  onMade: (user: User, password: string, toAsk: Asking | null) => void;
  onClose: () => void;
}

export function UserForm({ onMade, onClose }: Props) {
  const { t } = useTranslation();
  const { roles, units } = useRegisters();
  const [wish, setWish] = useState(EMPTY);
  const set = (change: Partial<UserWish>) => setWish((before) => ({ ...before, ...change }));
  const unit = wish.organisation || units[0]?.id || '';
  const add = useMutation({
    mutationFn: (held: RoleHeld[]) =>
      addUser({ roles: held, account: wish.account.trim(), name: wish.name.trim(), organisation: unit }),
    onSuccess: ({ user, password }, held) =>
      onMade(user, password, held.length < wish.roles.length ? { act: 'roles', roles: wish.roles } : null),
  });
  const missing = !wish.account.trim() || !wish.name.trim() || !unit ? t('accounts.incomplete') : null;
  const why = missing ?? (clashes(wish.roles, roles) ? t('accounts.clash') : null);
  return (
    <form
      className="mj-card mj-form"
      data-testid="user-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !add.isPending) add.mutate(wish.roles);
      }}
    >
      <h2>{t('accounts.open')}</h2>
      <label>
        {t('accounts.account')}
        <input
          className="mj-input"
          data-testid="user-account"
          placeholder={t('accounts.accountHint')}
          autoComplete="off"
          autoFocus
          value={wish.account}
          onChange={(event) => set({ account: event.target.value })}
        />
      </label>
      <label>
        {t('accounts.name')}
        <input
          className="mj-input"
          data-testid="user-name"
          value={wish.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </label>
      <label>
        {t('accounts.unit')}
        <select
          className="mj-input"
          data-testid="user-unit"
          value={unit}
          onChange={(event) => set({ organisation: event.target.value })}
        >
          {units.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <RolePicker held={wish.roles} onChange={(held) => set({ roles: held })} />
      {add.isError ? <ErrorNote error={add.error} what={t('accounts.open')} /> : null}
      {takesTwo(add.error) ? (
        <div>
          <Act testId="user-open-without" onAct={() => add.mutate(withoutAdministrators(wish.roles, roles))}>
            {t('accounts.second.openWithout')}
          </Act>
        </div>
      ) : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why ? { reason: why } : null} testId="user-save">
          {add.isPending ? t('oversee.submitting') : t('accounts.open')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}
