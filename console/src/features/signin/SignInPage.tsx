// Sign-in and first run: one column, one step a page, native controls only (this chunk loads before antd).
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '@/api/types';
import { chooseLanguage } from '@/shared/i18n';
import { chooseTheme, useAppearance } from '@/shared/theme/appearance';
import { CredentialsStep } from './CredentialsStep';
import { NewPasswordStep } from './NewPasswordStep';
import './SignInPage.css';

type Step = { kind: 'credentials' } | { kind: 'password'; session: Session; old: string } | { kind: 'role'; session: Session };

interface Props {
  /** Whether a session has just ended under the person's hands. */
  ended: boolean;
  /** Given when somebody is signed in but still has the one-time password. */
  session: Session | null;
  onEntered: (session: Session) => void;
}

export default function SignInPage({ ended, session, onEntered }: Props) {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>(
    session ? { kind: 'password', session, old: '' } : { kind: 'credentials' },
  );
  const after = (signedIn: Session, password: string): void => {
    if (signedIn.user.must_change_password) setStep({ kind: 'password', session: signedIn, old: password });
    else onEntered(signedIn);
  };
  const first = step.kind !== 'credentials';
  const at = step.kind === 'credentials' ? 1 : step.kind === 'password' ? 2 : 3;
  return (
    <div className="mj-signin">
      <main className="mj-signin-column">
        <Brand />
        {first ? <p className="mj-signin-step">{t('signin.step', { at, of: 3 })}</p> : null}
        {step.kind === 'credentials' ? <CredentialsStep ended={ended} onDone={after} /> : null}
        {step.kind === 'password' ? (
          <NewPasswordStep
            session={step.session}
            old={step.old}
            onDone={(changed) => setStep({ kind: 'role', session: changed })}
          />
        ) : null}
        {step.kind === 'role' ? <RoleStep session={step.session} onBegin={() => onEntered(step.session)} /> : null}
      </main>
    </div>
  );
}

function Brand() {
  const { t, i18n } = useTranslation();
  const { theme } = useAppearance();
  return (
    <header>
      <div className="mj-signin-brand">
        <svg width="36" height="36" viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" strokeWidth="2.2" />
          <circle cx="10" cy="10" r="2.8" fill="currentColor" />
        </svg>
        <div>
          <h1>{t('frame.product')}</h1>
          <p>{t('frame.productLong')}</p>
        </div>
        <div className="mj-signin-choices">
          <button type="button" lang={i18n.language === 'en' ? 'zh-CN' : 'en'} onClick={() => void chooseLanguage(i18n.language === 'en' ? 'zh-CN' : 'en')} data-testid="language">
            {t('signin.otherLanguageInItsOwnScript')}
          </button>
          <button type="button" onClick={() => chooseTheme(theme === 'dark' ? 'light' : 'dark')}>
            {t('signin.theme')}
          </button>
        </div>
      </div>
      <div className="mj-signin-notice">
        <strong>{t('signin.notice1')}</strong>
        <p>{t('signin.notice2')}</p>
        <p>{t('signin.notice3')}</p>
      </div>
    </header>
  );
}

const ROLES = [
  'duty_officer', 'reviewer', 'maintainer', 'operator_admin', 'system_admin', 'security_admin', 'audit_admin',
] as const;

function RoleStep({ session, onBegin }: { session: Session; onBegin: () => void }) {
  const { t } = useTranslation();
  const known = ROLES.filter((role) => session.roles.includes(role));
  return (
    <section>
      <h2>{t('signin.roleTitle', { name: session.user.name })}</h2>
      <ol className="mj-signin-role">
        {known.map((role) => (
          <li key={role}>{t('signin.roleText', { role: t(`signin.roles.${role}.name`), may: t(`signin.roles.${role}.may`) })}</li>
        ))}
        {known.length === 0 ? <li>{t('signin.roleNone')}</li> : null}
        <li>{t('signin.roleScope', { place: session.user.organisation_name || session.jurisdiction })}</li>
        <li>{t('signin.roleViews')}</li>
        <li>{t('signin.roleTotp')}</li>
        <li>{t('signin.roleKeys')}</li>
      </ol>
      <button type="button" className="mj-signin-go" autoFocus onClick={onBegin} data-testid="begin">
        {t('signin.begin')}
      </button>
    </section>
  );
}
