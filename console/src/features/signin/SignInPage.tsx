// Sign-in and first run: one column, one step a page, native controls only (this chunk loads before antd).
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '@/api/types';
import { chooseLanguage } from '@/shared/i18n';
import { chooseTheme, useAppearance } from '@/shared/theme/appearance';
import { CredentialsStep } from './CredentialsStep';
import { FactorStep } from './FactorStep';
import { NewPasswordStep } from './NewPasswordStep';
import { after, wayOf } from './steps';
import type { StepKind } from './steps';
import './messages';
import './SignInPage.css';

interface Step {
  kind: StepKind;
  way: StepKind[];
  session: Session | null;
  /** The password that was typed a moment ago, for the step that replaces it. */
  typed: string;
}

interface Props {
  /** Whether a session has just ended under the person's hands. */
  ended: boolean;
  /** Given when somebody is signed in but still owes a password or a second factor. */
  session: Session | null;
  onEntered: (session: Session) => void;
}

export default function SignInPage({ ended, session, onEntered }: Props) {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>(() => {
    const way = session ? wayOf(session.user) : (['credentials'] as StepKind[]);
    return { kind: after(way, 'credentials') ?? 'credentials', way, session, typed: '' };
  });
  const goOn = (from: StepKind, way: StepKind[], now: Session, typed = ''): void => {
    const next = after(way, from);
    if (next === null) onEntered(now);
    else setStep({ kind: next, way, session: now, typed });
  };
  const now = step.session;
  return (
    <div className="mj-signin">
      <main className="mj-signin-column">
        <Brand />
        <div className="mj-signin-card">
          {now ? <p className="mj-signin-step">{t('signin.step', { at: step.way.indexOf(step.kind) + 1, of: step.way.length })}</p> : null}
          {step.kind === 'credentials' ? (
            <CredentialsStep ended={ended} onDone={(found, password) => goOn('credentials', wayOf(found.user), found, password)} />
          ) : null}
          {step.kind === 'password' && now ? (
            <NewPasswordStep session={now} old={step.typed} onDone={(changed) => goOn('password', step.way, changed)} />
          ) : null}
          {step.kind === 'factor' && now ? <FactorStep session={now} onDone={(enrolled) => goOn('factor', step.way, enrolled)} /> : null}
          {step.kind === 'role' && now ? <RoleStep session={now} onBegin={() => onEntered(now)} /> : null}
        </div>
        <Choices />
      </main>
    </div>
  );
}

function Brand() {
  const { t } = useTranslation();
  return (
    <header>
      <div className="mj-signin-brand">
        <svg width="44" height="44" viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" strokeWidth="2.2" />
          <circle cx="10" cy="10" r="2.8" fill="currentColor" />
        </svg>
        <div>
          <h1>{t('frame.product')}</h1>
          <p>{t('frame.productLong')}</p>
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

function Choices() {
  const { t, i18n } = useTranslation();
  const { theme } = useAppearance();
  const other = i18n.language === 'en' ? 'zh-CN' : 'en';
  return (
    <div className="mj-signin-choices">
      <button type="button" lang={other} onClick={() => void chooseLanguage(other)} data-testid="language">
        {t('signin.otherLanguageInItsOwnScript')}
      </button>
      <button type="button" onClick={() => chooseTheme(theme === 'light' ? 'dark' : 'light')} data-testid="theme">
        {t(theme === 'light' ? 'signin.toDark' : 'signin.toLight')}
      </button>
    </div>
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
        {session.user.second_factor ? null : <li>{t('signin.roleTotp')}</li>}
        <li>{t('signin.roleKeys')}</li>
      </ol>
      <button type="button" className="mj-signin-go" autoFocus onClick={onBegin} data-testid="begin">
        {t('signin.begin')}
      </button>
    </section>
  );
}
