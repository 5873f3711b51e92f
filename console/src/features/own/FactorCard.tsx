// The second factor: begin with a secret, prove it with two consecutive codes, keep the recovery codes, or switch it off.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { beginTotp, confirmTotp, removeTotp } from '@/api/session';
import { useSession } from '@/shared/session';
import { Act } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { ErrorNote } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';

const CODE = /^\d{6}$/;

export function FactorCard() {
  const { t } = useTranslation();
  const session = useSession();
  const [on, setOn] = useState(session.user.second_factor);
  const [dropping, setDropping] = useState(false);
  const begin = useMutation({ mutationFn: beginTotp });
  const confirm = useMutation({
    mutationFn: confirmTotp,
    onSuccess: () => {
      setOn(true);
      begin.reset();
    },
  });
  const drop = useMutation({
    mutationFn: removeTotp,
    onSuccess: () => {
      setOn(false);
      setDropping(false);
      confirm.reset();
    },
  });
  return (
    <section className="mj-card" data-testid="factor-card" data-on={on}>
      <h2>{t('own.security.factor')}</h2>
      <StatusShape status={on ? 'ok' : 'degraded'} label={on ? t('own.security.factorOn') : t('own.security.factorOff')} />
      {confirm.data ? (
        <>
          <h3>{t('own.security.recovery')}</h3>
          <ul className="mj-recovery" data-testid="recovery-codes">
            {confirm.data.recovery.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
          <p>{t('own.security.recoveryNote')}</p>
        </>
      ) : null}
      {begin.data ? (
        <SecretForm
          secret={begin.data.secret}
          uri={begin.data.uri}
          running={confirm.isPending}
          onConfirm={(codes) => confirm.mutate(codes)}
        />
      ) : (
        <div className="mj-row">
          <Act kind={on ? 'plain' : 'primary'} testId="factor-begin" onAct={() => begin.mutate()}>
            {on ? t('own.security.again') : t('own.security.begin')}
          </Act>
          {on ? (
            <Act kind="danger" testId="factor-drop" onAct={() => setDropping(true)}>
              {t('own.security.drop')}
            </Act>
          ) : null}
        </div>
      )}
      {begin.isError ? <ErrorNote error={begin.error} what={t('own.security.begin')} /> : null}
      {confirm.isError ? <ErrorNote error={confirm.error} what={t('own.security.confirm')} /> : null}
      {dropping ? (
        <Confirm
          title={t('own.security.dropAsk')}
          consequences={[t('own.security.dropWhat')]}
          verb={t('own.security.drop')}
          danger
          running={drop.isPending}
          error={drop.error}
          onAct={() => drop.mutate()}
          onClose={() => setDropping(false)}
          testId="drop-ask"
        />
      ) : null}
    </section>
  );
}

interface SecretProps {
  secret: string;
  uri: string;
  running: boolean;
  onConfirm: (codes: [string, string]) => void;
}

function SecretForm({ secret, uri, running, onConfirm }: SecretProps) {
  const { t } = useTranslation();
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const whole = CODE.test(first) && CODE.test(second);
  return (
    <form
      className="mj-form"
      data-testid="factor-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (whole && !running) onConfirm([first, second]);
      }}
    >
      <p>{t('own.security.steps')}</p>
      <div>
        {t('own.security.secret')}
        <output className="mj-secret" data-testid="factor-secret">
          {secret.replace(/(.{4})(?=.)/g, '$1 ')}
        </output>
      </div>
      <a href={uri} data-testid="factor-link">
        {t('own.security.link')}
      </a>
      <fieldset>
        <legend>{t('own.security.codes')}</legend>
        <label>
          {t('own.security.first')}
          <input className="mj-input" inputMode="numeric" autoComplete="one-time-code" maxLength={6} data-testid="factor-first" value={first} onChange={(event) => setFirst(event.target.value.trim())} />
        </label>
        <label>
          {t('own.security.second')}
          <input className="mj-input" inputMode="numeric" autoComplete="off" maxLength={6} data-testid="factor-second" value={second} onChange={(event) => setSecond(event.target.value.trim())} />
        </label>
      </fieldset>
      <div>
        <Act kind="primary" submit testId="factor-confirm" refusal={whole ? null : { reason: t('own.security.codesMissing') }}>
          {running ? t('oversee.submitting') : t('own.security.confirm')}
        </Act>
      </div>
    </form>
  );
}
