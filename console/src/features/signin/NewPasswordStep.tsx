// Step 2 of the first run: the one-time password is changed, with a live checklist; a reset keeps the second factor, so its code is asked.
import { useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';
import { changePassword, currentSession } from '@/api/session';
import type { Session } from '@/api/types';
import { inLanguage } from '@/shared/i18n';
import { StatusShape } from '@/shared/ui/StatusShape';
import { PasswordField } from './PasswordField';
import { passwordRules, strengthOf } from './passwordRules';

interface Props {
  session: Session;
  /** What was typed a moment ago; empty when the page was loaded anew. */
  old: string;
  onDone: (session: Session) => void;
}

const CODE_WANTED = 'AUTH-004';

function refusalOf(error: unknown): string {
  if (!(error instanceof Problem)) return String(error);
  const fields = (error.details.fields ?? []).map((f) => inLanguage(f.message, f.message_en));
  return [inLanguage(error.details.detail, error.details.detail_en), ...fields].join(' ');
}

export function NewPasswordStep({ session, old: typed, onDone }: Props) {
  const { t } = useTranslation();
  const [old, setOld] = useState(typed);
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [code, setCode] = useState('');
  const [codeWanted, setCodeWanted] = useState(session.user.second_factor);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState('');
  const rules = passwordRules(old, next, again);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const unmet = rules.filter((r) => !r.met);
    if (unmet.length > 0 || busy) {
      setRefusal(unmet.map((r) => t(`signin.${r.rule}`)).join(' · '));
      return;
    }
    setBusy(true);
    setRefusal('');
    try {
      await changePassword({ old, new: next, ...(codeWanted ? { code: code.replaceAll(' ', '') } : {}) });
      onDone(await currentSession());
    } catch (error) {
      if (error instanceof Problem && error.code === CODE_WANTED) setCodeWanted(true);
      setRefusal(refusalOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(e) => void submit(e)} aria-label={t('signin.firstRun')}>
      <h2>{t('signin.firstRun')}</h2>
      <input type="hidden" name="username" autoComplete="username" value={session.user.account} readOnly />
      {typed ? null : (
        <PasswordField label={t('signin.oldPassword')} value={old} onChange={setOld} autoComplete="current-password" testId="old-password" />
      )}
      <PasswordField label={t('signin.newPassword')} value={next} onChange={setNext} autoComplete="new-password" autoFocus testId="new-password" />
      <PasswordField label={t('signin.again')} value={again} onChange={setAgain} autoComplete="new-password" testId="again" />
      {codeWanted ? (
        <div className="mj-field">
          <label htmlFor="new-password-code">{t('signin.code')}</label>
          <div className="mj-field-box">
            <input
              id="new-password-code"
              value={code}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              data-testid="new-password-code"
              onChange={(event) => setCode(event.target.value)}
            />
          </div>
        </div>
      ) : null}
      <ul className="mj-signin-rules">
        {rules.map(({ rule, met }) => (
          <li key={rule}>
            <StatusShape status={met ? 'ok' : 'off'} label={t(`signin.${rule}`)} />
          </li>
        ))}
        <li>{t('signin.strength', { word: t(`signin.${strengthOf(next)}`) })}</li>
      </ul>
      {refusal ? (
        <p className="mj-signin-refusal" role="alert">
          {refusal}
        </p>
      ) : null}
      <button type="submit" className="mj-signin-go" data-testid="set-password">
        {t(busy ? 'signin.setting' : 'signin.setPassword')}
      </button>
    </form>
  );
}
