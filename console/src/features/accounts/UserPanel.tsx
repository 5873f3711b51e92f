// One account: its roles, its state, its sessions, and what an administrator may do about them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeUser, endUserSessions, resetPassword, userSessions } from '@/api/accounts';
import type { RoleHeld, User } from '@/api/accounts';
import { RoleWords } from '@/shared/names/RoleWords';
import { useRegisters } from '@/shared/names/useRegisters';
import { agentText } from '@/shared/agent';
import { useMay } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { RolePicker } from './RolePicker';
import { clashes, heldOf } from './roleRules';
import { takesTwo } from './second';
import type { Asking } from './second';

type Question = 'toggle' | 'reset' | 'end' | null;

interface Props {
  user: User;
  onPassword: (user: User, password: string) => void;
  /** It takes two persons: what to ask the second for. */
  onSecond: (user: User, asking: Asking) => void;
  onClose: () => void;
}

export function UserPanel({ user, onPassword, onSecond, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const refusal = useRefusal();
  const mayWrite = useMay('user.write');
  const [asking, setAsking] = useState<Question>(null);
  const [dropFactor, setDropFactor] = useState(false);
  const [editing, setEditing] = useState<RoleHeld[] | null>(null);
  const sessions = useQuery({ queryKey: ['user-sessions', user.id], queryFn: ({ signal }) => userSessions(user.id, signal) });
  const again = async () => {
    setAsking(null);
    setEditing(null);
    await client.invalidateQueries({ queryKey: ['users'] });
    await client.invalidateQueries({ queryKey: ['user-sessions', user.id] });
  };
  const toggle = useMutation({ mutationFn: () => changeUser(user.id, { enabled: !user.enabled }), onSuccess: again });
  const end = useMutation({ mutationFn: () => endUserSessions(user.id), onSuccess: again });
  const reset = useMutation({
    mutationFn: () => resetPassword(user.id, dropFactor),
    onSuccess: async ({ password }) => {
      onPassword(user, password);
      await again();
    },
    onError: (error) => {
      if (!takesTwo(error)) return;
      setAsking(null);
      onSecond(user, { act: 'reset', drop_factor: dropFactor });
    },
  });
  const assign = useMutation({
    mutationFn: (held: RoleHeld[]) => changeUser(user.id, { roles: held }),
    onSuccess: again,
    onError: (error, held) => {
      if (!takesTwo(error)) return;
      setEditing(null);
      onSecond(user, { act: 'roles', roles: held });
    },
  });
  const { roles } = useRegisters();
  const askReset = () => {
    setDropFactor(false);
    reset.reset();
    setAsking('reset');
  };
  const denied = refusal(mayWrite, t('accounts.permission'));
  const clash = editing && clashes(editing, roles) ? { reason: t('accounts.clash') } : null;
  const who = { name: user.name, account: user.account };
  const what = t('accounts.disableWhat', { returnObjects: true });
  const resets = t('accounts.resetWhat', { returnObjects: true });
  return (
    <aside className="mj-card" aria-label={user.name} data-testid="user-panel">
      <div className="mj-card-head">
        <h2>
          {user.name} <span className="mj-muted">{user.account}</span>
        </h2>
        <Act kind="quiet" onAct={onClose}>
          {t('oversee.close')}
        </Act>
      </div>
      {editing ? (
        <div className="mj-form">
          <RolePicker held={editing} onChange={setEditing} />
          {assign.isError ? <ErrorNote error={assign.error} what={t('accounts.editRoles')} /> : null}
          <div className="mj-row">
            <Act kind="primary" refusal={clash} testId="roles-save" onAct={() => assign.mutate(editing)}>
              {assign.isPending ? t('oversee.submitting') : t('oversee.save')}
            </Act>
            <Act onAct={() => setEditing(null)}>{t('oversee.leave')}</Act>
          </div>
        </div>
      ) : (
        <>
          <h3>{t('accounts.roles')}</h3>
          <RoleWords shown={user.roles} />
          <div className="mj-row">
            <Act refusal={denied} testId="roles-edit" onAct={() => setEditing(heldOf(user.roles))}>
              {t('accounts.editRoles')}
            </Act>
            <Act refusal={denied} testId="user-reset" onAct={askReset}>
              {t('accounts.reset')}
            </Act>
            <Act
              kind={user.enabled ? 'danger' : 'plain'}
              refusal={denied}
              testId="user-toggle"
              onAct={() => setAsking('toggle')}
            >
              {user.enabled ? t('accounts.disable') : t('accounts.enable')}
            </Act>
          </div>
        </>
      )}
      <h3>{t('accounts.sessions')}</h3>
      {end.data ? (
        <p className="mj-note" role="status" data-testid="user-ended">
          {t('accounts.everywhereDone', { sessions: end.data.sessions, tokens: end.data.tokens })}
        </p>
      ) : null}
      <PanelState
        query={sessions}
        what={t('accounts.sessions')}
        empty={sessions.data?.items.length === 0 ? <p className="mj-muted">{t('accounts.noSessions')}</p> : undefined}
      >
        <ul className="mj-plain" data-testid="user-sessions">
          {sessions.data?.items.map((one) => (
            <li key={one.id}>
              {momentText(one.seen_us)} · {one.source}
              <br />
              <span className="mj-muted" title={one.agent}>{agentText(one.agent)}</span>
            </li>
          ))}
        </ul>
        <div>
          <Act kind="danger" refusal={denied} testId="user-end" onAct={() => setAsking('end')}>
            {t('accounts.everywhereOut')}
          </Act>
        </div>
      </PanelState>
      {asking === 'toggle' ? (
        <Confirm
          title={user.enabled ? t('accounts.disableAsk', who) : t('accounts.enableAsk', who)}
          consequences={user.enabled ? [what.ended, what.tokens, what.undone] : [t('accounts.enableWhat')]}
          verb={user.enabled ? t('accounts.disable') : t('accounts.enable')}
          danger={user.enabled}
          running={toggle.isPending}
          error={toggle.error}
          onAct={() => toggle.mutate()}
          onClose={() => setAsking(null)}
          testId="toggle-ask"
        />
      ) : null}
      {asking === 'reset' ? (
        <Confirm
          title={t('accounts.resetAsk', who)}
          consequences={[resets.old, resets.out, resets.once]}
          verb={t('accounts.reset')}
          danger
          running={reset.isPending}
          error={reset.error}
          onAct={() => reset.mutate()}
          onClose={() => setAsking(null)}
          testId="reset-ask"
        >
          {user.second_factor ? (
            <label className="mj-check">
              <input
                type="checkbox"
                data-testid="reset-drop-factor"
                checked={dropFactor}
                onChange={(event) => setDropFactor(event.target.checked)}
              />
              {resets.dropFactor}
            </label>
          ) : null}
        </Confirm>
      ) : null}
      {asking === 'end' ? (
        <Confirm
          title={t('accounts.everywhereAsk', who)}
          consequences={[t('accounts.everywhereWhat')]}
          verb={t('accounts.everywhereOut')}
          danger
          running={end.isPending}
          error={end.error}
          onAct={() => end.mutate()}
          onClose={() => setAsking(null)}
          testId="end-ask"
        />
      ) : null}
    </aside>
  );
}
