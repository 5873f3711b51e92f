// Putting a second factor in force: a code to scan or a secret to type, two consecutive codes, recovery codes to print,
// and one of them typed back. Native controls only: it also stands at sign-in, before the console is loaded.
import { QRCodeSVG } from '@rc-component/qrcode';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';
import { beginTotp, confirmTotp } from '@/api/session';
import { bracketed, inLanguage } from '@/shared/i18n';
import { Act } from '@/shared/ui/Act';
import { isOneOf } from './recovery';
import './messages';
import './Factor.css';

const CODE = /^\d{6}$/;

interface Props {
  account: string;
  onDone: () => void;
}

interface Secret {
  secret: string;
  uri: string;
}

function refusalText(error: unknown): string {
  if (!(error instanceof Problem)) return String(error);
  const { details } = error;
  return bracketed(`${inLanguage(details.detail, details.detail_en)} ${inLanguage(details.remedy, details.remedy_en)}`, error.code);
}

export default function FactorEnrolment({ account, onDone }: Props) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<Secret | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [refusal, setRefusal] = useState('');
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let gone = false;
    beginTotp()
      .then((found) => {
        if (!gone) setSecret(found);
      })
      .catch((error: unknown) => {
        if (!gone) setRefusal(refusalText(error));
      });
    return () => {
      gone = true;
    };
  }, [tries]);
  const confirm = async (pair: [string, string]): Promise<void> => {
    setRefusal('');
    try {
      setCodes((await confirmTotp(pair)).recovery);
    } catch (error) {
      setRefusal(refusalText(error));
    }
  };
  return (
    <div className="mj-factor" data-testid="factor-enrolment">
      {codes ? <Recovery account={account} codes={codes} onDone={onDone} /> : null}
      {secret && !codes ? <Pairing secret={secret} onConfirm={confirm} /> : null}
      {refusal ? (
        <p className="mj-factor-refusal" role="alert" data-testid="factor-refusal">
          {refusal}
        </p>
      ) : null}
      {refusal && !secret ? (
        <Act
          onAct={() => {
            setRefusal('');
            setTries(tries + 1);
          }}
        >
          {t('factor.begin')}
        </Act>
      ) : null}
    </div>
  );
}

function Pairing({ secret, onConfirm }: { secret: Secret; onConfirm: (codes: [string, string]) => Promise<void> }) {
  const { t } = useTranslation();
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [running, setRunning] = useState(false);
  const whole = CODE.test(first) && CODE.test(second);
  return (
    <form
      className="mj-factor"
      data-testid="factor-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!whole || running) return;
        setRunning(true);
        void onConfirm([first, second]).finally(() => setRunning(false));
      }}
    >
      <p>{t('factor.scan')}</p>
      <div className="mj-factor-code">
        {/* Black on white in every theme: scanners want that contrast and that order. */}
        <QRCodeSVG value={secret.uri} size={148} level="M" fgColor="#000" bgColor="#fff" title={t('factor.qr')} role="img" data-testid="factor-qr" />
        <div>
          {t('factor.secret')}
          <output className="mj-factor-secret" data-testid="factor-secret">
            {secret.secret.replace(/(.{4})(?=.)/g, '$1 ')}
          </output>
          <a href={secret.uri} data-testid="factor-link">
            {t('factor.link')}
          </a>
        </div>
      </div>
      <fieldset>
        <legend>{t('factor.codes')}</legend>
        <label>
          {t('factor.first')}
          <input inputMode="numeric" autoComplete="one-time-code" autoFocus maxLength={6} data-testid="factor-first" value={first} onChange={(event) => setFirst(event.target.value.trim())} />
        </label>
        <label>
          {t('factor.second')}
          <input inputMode="numeric" autoComplete="off" maxLength={6} data-testid="factor-second" value={second} onChange={(event) => setSecond(event.target.value.trim())} />
        </label>
      </fieldset>
      <div className="mj-factor-acts">
        <Act kind="primary" submit testId="factor-confirm" refusal={whole ? null : { reason: t('factor.codesMissing') }}>
          {running ? t('oversee.submitting') : t('factor.confirm')}
        </Act>
      </div>
    </form>
  );
}

function Recovery({ account, codes, onDone }: { account: string; codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const right = isOneOf(codes, typed);
  return (
    <form
      className="mj-factor"
      onSubmit={(event) => {
        event.preventDefault();
        if (right) onDone();
      }}
    >
      <div className="mj-factor-sheet">
        <h3>{t('factor.sheet', { account })}</h3>
        <ul className="mj-recovery" data-testid="recovery-codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <p>{t('factor.recoveryNote')}</p>
      </div>
      <div className="mj-factor-acts">
        <Act onAct={() => window.print()} testId="recovery-print">
          {t('factor.print')}
        </Act>
      </div>
      <label>
        {t('factor.proveKept')}
        <input value={typed} autoComplete="off" spellCheck={false} autoFocus data-testid="recovery-typed" onChange={(event) => setTyped(event.target.value)} />
      </label>
      <div className="mj-factor-acts">
        <Act
          kind="primary"
          submit
          testId="recovery-kept"
          refusal={right ? null : { reason: t(typed.trim() ? 'factor.notOne' : 'factor.keptMissing') }}
        >
          {t('factor.kept')}
        </Act>
      </div>
    </form>
  );
}
