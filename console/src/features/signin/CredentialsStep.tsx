// Step 1: account and password, and the one-time code when the server asks for it. A refusal is one sentence.
import { useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';
import { signIn } from '@/api/session';
import type { Session } from '@/api/types';
import { inLanguage } from '@/shared/i18n';
import { momentText } from '@/shared/time/beijing';
import { PasswordField } from './PasswordField';

interface Props {
  ended: boolean;
  onDone: (session: Session, password: string) => void;
}

const CODE_WANTED = 'AUTH-004';

function useRefusalText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof Problem)) return String(error);
    const { details } = error;
    if (error.status === 0) return t('signin.noAnswer', { code: error.code });
    if (error.status === 423 && typeof details.until_us === 'number') {
      return t('signin.lockedUntil', { time: momentText(details.until_us) });
    }
    const left = details.tries_left;
    const tail = typeof left === 'number' && left <= 2 ? t('signin.triesLeft', { count: left }) : '';
    return `${inLanguage(details.detail, details.detail_en)} ${tail}`.trim();
  };
}

export function CredentialsStep({ ended, onDone }: Props) {
  const { t } = useTranslation();
  const [account, setAccount] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [codeWanted, setCodeWanted] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState('');
  const refusalText = useRefusalText();

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setRefusal('');
    try {
      onDone(await signIn(account.trim(), password, codeWanted ? code.replaceAll(' ', '') : undefined), password);
    } catch (error) {
      if (error instanceof Problem && error.code === CODE_WANTED && !codeWanted) setCodeWanted(true);
      else setRefusal(refusalText(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(e) => void submit(e)} aria-label={t('signin.title')}>
      {ended ? <p className="mj-signin-said">{t('signin.ended')}</p> : null}
      {codeWanted ? (
        <div className="mj-field">
          <label htmlFor="code">{t('signin.code')}</label>
          <div className="mj-field-box">
            <input
              id="code"
              value={code}
              inputMode="numeric"
              autoComplete="one-time-code"
              autoFocus
              required
              onChange={(e) => setCode(e.target.value)}
              data-testid="code"
            />
          </div>
          <p className="mj-field-note">{t('signin.codeHint')}</p>
        </div>
      ) : (
        <>
          <div className="mj-field">
            <label htmlFor="account">{t('signin.account')}</label>
            <div className="mj-field-box">
              <input
                id="account"
                value={account}
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                autoFocus
                required
                onChange={(e) => setAccount(e.target.value)}
                data-testid="account"
              />
            </div>
          </div>
          <PasswordField
            label={t('signin.password')}
            value={password}
            onChange={setPassword}
            autoComplete="current-password"
            testId="password"
          />
        </>
      )}
      {refusal ? (
        <p className="mj-signin-refusal" role="alert" data-testid="signin-refusal">
          {refusal}
        </p>
      ) : null}
      <button type="submit" className="mj-signin-go" data-testid="sign-in">
        {busy ? t('signin.entering') : t(codeWanted ? 'signin.confirmCode' : 'signin.enter')}
      </button>
    </form>
  );
}
