// Credentials for other programs: made with few actions and an end, shown once, revoked here.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { makeToken, revokeToken, tokens } from '@/api/accounts';
import type { Token } from '@/api/accounts';
import { comma } from '@/shared/i18n';
import { permissionText } from '@/shared/i18n/textOr';
import { useSession } from '@/shared/session';
import { DAY_US, dateText, listText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { OnceShown } from '@/shared/ui/OnceShown';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import './messages';

const DAYS = 90;
const DAYS_MOST = 365;

export default function TokensPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const [text, setText] = useState<string | null>(null);
  const [ending, setEnding] = useState<Token | null>(null);
  const query = useQuery({ queryKey: ['tokens'], queryFn: ({ signal }) => tokens(signal) });
  const again = () => client.invalidateQueries({ queryKey: ['tokens'] });
  const revoke = useMutation({
    mutationFn: revokeToken,
    onSuccess: async () => {
      setEnding(null);
      await again();
    },
  });
  return (
    <Sheet
      title={t('accounts.tokens.title')}
      lead={t('accounts.tokens.lead')}
      testId="tokens-page"
      acts={
        <Act kind="primary" testId="token-new" onAct={() => setMaking(true)}>
          {t('accounts.tokens.make')}
        </Act>
      }
      bar={
        text ? (
          <OnceShown
            title={t('accounts.tokens.once')}
            text={text}
            note={t('accounts.tokens.onceNote')}
            onHide={() => setText(null)}
            testId="token-once"
          />
        ) : null
      }
      beside={
        making ? (
          <TokenForm
            onMade={(made) => {
              setMaking(false);
              setText(made);
              void again();
            }}
            onClose={() => setMaking(false)}
          />
        ) : undefined
      }
    >
      <PanelState
        query={query}
        what={t('accounts.tokens.title')}
        empty={query.data?.length === 0 ? <Empty>{t('accounts.tokens.none')}</Empty> : undefined}
      >
        <TokenTable items={query.data ?? []} onEnd={setEnding} />
      </PanelState>
      {ending ? (
        <Confirm
          title={t('accounts.tokens.revokeAsk', { name: ending.name })}
          consequences={[t('accounts.tokens.revokeWhat')]}
          verb={t('accounts.tokens.revoke')}
          danger
          running={revoke.isPending}
          error={revoke.error}
          onAct={() => revoke.mutate(ending.id)}
          onClose={() => setEnding(null)}
          testId="revoke-ask"
        />
      ) : null}
    </Sheet>
  );
}

function TokenTable({ items, onEnd }: { items: Token[]; onEnd: (token: Token) => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const now = nowUs();
  return (
    <div className="mj-table-seat">
      <table className="mj-table">
        <thead>
          <tr>
            <th scope="col">{t('accounts.tokens.name')}</th>
            <th scope="col">{t('accounts.tokens.owner')}</th>
            <th scope="col">{t('accounts.tokens.actions')}</th>
            <th scope="col">{t('accounts.tokens.expires')}</th>
            <th scope="col">{t('accounts.tokens.used')}</th>
            <th scope="col">{t('accounts.tokens.state')}</th>
            <th scope="col" aria-label={t('accounts.tokens.revoke')} />
          </tr>
        </thead>
        <tbody>
          {items.map((token) => {
            const ended = token.revoked_us !== null ? 'revoked' : token.expires_us < now ? 'over' : 'live';
            return (
              <tr key={token.id} data-testid={`token-${token.id}`} data-state={ended}>
                <td>{token.name}</td>
                <td>{token.owner === session.user.id ? t('accounts.tokens.mine') : token.owner_name}</td>
                <td>{token.actions.map((action) => permissionText(t, action)).join(comma())}</td>
                <td>{dateText(token.expires_us)}</td>
                <td>{token.last_used_us ? listText(token.last_used_us, now) : t('accounts.never')}</td>
                <td>
                  <StatusShape status={ended === 'live' ? 'ok' : 'off'} label={t(`accounts.tokens.${ended}`)} />
                </td>
                <td>
                  {ended === 'live' ? (
                    <Act kind="danger" onAct={() => onEnd(token)} testId={`revoke-${token.id}`}>
                      {t('accounts.tokens.revoke')}
                    </Act>
                  ) : null}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function TokenForm({ onMade, onClose }: { onMade: (text: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const [name, setName] = useState('');
  const [days, setDays] = useState(DAYS);
  const [chosen, setChosen] = useState<string[]>([]);
  const make = useMutation({
    mutationFn: () => makeToken({ name: name.trim(), actions: chosen, expires_us: nowUs() + days * DAY_US - 60_000_000 }),
    onSuccess: ({ text }) => onMade(text),
  });
  const whole = name.trim() && chosen.length > 0 && days >= 1 && days <= DAYS_MOST;
  return (
    <form
      className="mj-card mj-form"
      data-testid="token-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (whole && !make.isPending) make.mutate();
      }}
    >
      <h2>{t('accounts.tokens.make')}</h2>
      <label>
        {t('accounts.tokens.name')}
        <input className="mj-input" autoFocus data-testid="token-name" value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <label>
        {t('accounts.tokens.days')}
        <input
          className="mj-input"
          type="number"
          min={1}
          max={DAYS_MOST}
          data-testid="token-days"
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        />
      </label>
      <fieldset>
        <legend>{t('accounts.tokens.actions')}</legend>
        {session.permissions.map((action) => (
          <label key={action} className="mj-check">
            <input
              type="checkbox"
              data-testid={`token-action-${action}`}
              checked={chosen.includes(action)}
              onChange={(event) =>
                setChosen((before) => (event.target.checked ? [...before, action] : before.filter((one) => one !== action)))
              }
            />
            {permissionText(t, action)} <span className="mj-code-line mj-muted">{action}</span>
          </label>
        ))}
      </fieldset>
      {make.isError ? <ErrorNote error={make.error} what={t('accounts.tokens.make')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit testId="token-make" refusal={whole ? null : { reason: t('accounts.tokens.incomplete') }}>
          {make.isPending ? t('oversee.submitting') : t('accounts.tokens.make')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}
