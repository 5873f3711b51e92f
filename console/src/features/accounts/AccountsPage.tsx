// Accounts: who may sign in, with which roles and where; opened, disabled, reset here, never deleted.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { users } from '@/api/accounts';
import type { User } from '@/api/accounts';
import type { ApprovalDone } from '@/api/approvals';
import { RoleWords } from '@/shared/names/RoleWords';
import { useAddress } from '@/shared/address';
import { useMay } from '@/shared/session';
import { listText, nowUs } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { OnceShown } from '@/shared/ui/OnceShown';
import { PanelState } from '@/shared/ui/PanelState';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { AskSecond } from './AskSecond';
import type { Asking } from './second';
import { UserForm } from './UserForm';
import { UserPanel } from './UserPanel';
import './messages';
import './Accounts.css';

export default function AccountsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const refusal = useRefusal();
  const mayWrite = useMay('user.write');
  const [address, change] = useAddress();
  const [opening, setOpening] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const [second, setSecond] = useState<{ user: User; asking: Asking } | null>(null);
  const [asked, setAsked] = useState(false);
  const q = address.q ?? '';
  const query = useInfiniteQuery({
    queryKey: ['users', q],
    queryFn: ({ pageParam, signal }) => users(q, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const listed = query.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = listed.find((user) => user.id === address.u);
  const made = async (user: User, password: string, toAsk: Asking | null) => {
    setOpening(false);
    setSecret({ user, password, half: false });
    if (toAsk) setSecond({ user, asking: toAsk });
    await client.invalidateQueries({ queryKey: ['users'] });
  };
  const haveAsked = async (user: User, { part }: ApprovalDone) => {
    setSecond(null);
    setAsked(true);
    if (part !== null) setSecret({ user, password: part, half: true });
    await client.invalidateQueries({ queryKey: ['approvals'] });
  };
  const beside = opening ? (
    <UserForm onMade={(user, password, toAsk) => void made(user, password, toAsk)} onClose={() => setOpening(false)} />
  ) : chosen ? (
    <UserPanel
      key={chosen.id}
      user={chosen}
      onPassword={(user, password) => setSecret({ user, password, half: false })}
      onSecond={(user, asking) => setSecond({ user, asking })}
      onClose={() => change({ u: undefined }, 'replace')}
    />
  ) : undefined;
  return (
    <Sheet
      title={t('accounts.title')}
      lead={query.data ? t('accounts.count', { count: query.data.pages[0]?.total ?? 0 }) : null}
      testId="accounts-page"
      acts={
        <>
          <input
            key={q}
            className="mj-input"
            type="search"
            data-testid="accounts-search"
            placeholder={t('accounts.search')}
            aria-label={t('accounts.search')}
            defaultValue={q}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.nativeEvent.isComposing) change({ q: event.currentTarget.value.trim() || undefined });
            }}
          />
          <Act
            kind="primary"
            testId="account-open"
            refusal={refusal(mayWrite, t('accounts.permission'))}
            onAct={() => setOpening(true)}
          >
            {t('accounts.open')}
          </Act>
        </>
      }
      bar={
        <>
          {asked ? (
            <p className="mj-note" role="status" data-testid="second-asked">
              {t('accounts.second.asked')} <Link to="/approvals">{t('accounts.second.open')}</Link>
            </p>
          ) : null}
          {secret ? <SecretShown secret={secret} onHide={() => setSecret(null)} /> : null}
        </>
      }
      beside={beside}
    >
      <PanelState
        query={query}
        what={t('accounts.title')}
        empty={query.isSuccess && listed.length === 0 ? <Empty>{q ? t('states.panel.filteredEmpty', { what: t('accounts.title') }) : t('accounts.none')}</Empty> : undefined}
      >
        <UserTable users={listed} chosen={address.u} onChoose={(id) => change({ u: id }, 'replace')} />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
      {second ? (
        <AskSecond
          {...second}
          onAsked={(done) => void haveAsked(second.user, done)}
          onClose={() => setSecond(null)}
        />
      ) : null}
    </Sheet>
  );
}

interface Secret {
  user: User;
  password: string;
  /** The first half of one that takes two persons. */
  half: boolean;
}

function SecretShown({ secret: { user, password, half }, onHide }: { secret: Secret; onHide: () => void }) {
  const { t } = useTranslation();
  const who = { name: user.name, account: user.account };
  return (
    <OnceShown
      title={t(half ? 'accounts.second.firstHalf' : 'accounts.oneTime')}
      text={password}
      note={t(half ? 'accounts.second.halfNote' : 'accounts.oneTimeFor', who)}
      onHide={onHide}
      testId={half ? 'half' : 'one-time'}
    />
  );
}

function UserTable({ users: rows, chosen, onChoose }: { users: User[]; chosen: string | undefined; onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  const now = nowUs();
  return (
    <div className="mj-table-seat">
      <table className="mj-table">
        <thead>
          <tr>
            <th scope="col">{t('accounts.account')}</th>
            <th scope="col">{t('accounts.name')}</th>
            <th scope="col">{t('accounts.roles')}</th>
            <th scope="col">{t('accounts.state')}</th>
            <th scope="col">{t('accounts.lastSignIn')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((user) => (
            <tr key={user.id} data-testid={`user-${user.account}`} data-chosen={user.id === chosen}>
              <td>
                <Act kind="link" onAct={() => onChoose(user.id)}>
                  {user.account}
                </Act>
              </td>
              <td>
                {user.name} {user.demo ? <span className="mj-muted">{t('accounts.demo')}</span> : null}
              </td>
              <td>
                <RoleWords shown={user.roles} />
              </td>
              <td>
                <StatusShape
                  status={user.enabled ? 'ok' : 'off'}
                  label={user.enabled ? t('accounts.enabled') : t('accounts.disabled')}
                />{' '}
                <span className="mj-muted">
                  {user.must_change_password ? t('accounts.mustChange') : user.second_factor ? t('accounts.factor') : t('accounts.noFactor')}
                </span>
              </td>
              <td>{user.last_sign_in_us ? listText(user.last_sign_in_us, now) : t('accounts.never')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
