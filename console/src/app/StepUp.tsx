// A person proves again who they are, because an act wants more than an open session. Leaving it changes nothing.
import { useEffect, useId, useRef, useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';
import { proveAgain } from '@/api/session';
import { inLanguage } from '@/shared/i18n';
import { momentText } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import '@/features/signin/messages';
import './StepUp.css';

interface Props {
  /** The refusal that is to be lifted; its fact `second_factor` tells whether a code will be wanted. */
  wanted: Problem;
  onEnd: (proven: boolean) => void;
}

const CODE_WANTED = 'AUTH-004';

export default function StepUp({ wanted, onEnd }: Props) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [codeWanted, setCodeWanted] = useState(wanted.details.second_factor === true);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState('');
  useEffect(() => dialog.current?.showModal(), []);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setRefusal('');
    try {
      await proveAgain(password, codeWanted ? code.replaceAll(' ', '') : undefined);
      onEnd(true);
    } catch (error) {
      if (error instanceof Problem && error.code === CODE_WANTED) setCodeWanted(true);
      setRefusal(refusalText(error, t('signin.noAnswer', { code: 'NET-000' }), (time) => t('signin.lockedUntil', { time })));
      setBusy(false);
    }
  };
  return (
    <dialog
      ref={dialog}
      className="mj-prove"
      aria-labelledby={heading}
      data-testid="step-up"
      onCancel={(event) => {
        event.preventDefault();
        onEnd(false);
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={heading}>{t('signin.prove.title')}</h2>
        <p>{t('signin.prove.why')}</p>
        <label>
          {t('signin.password')}
          <input type="password" value={password} autoComplete="current-password" autoFocus required data-testid="step-up-password" onChange={(event) => setPassword(event.target.value)} />
        </label>
        {codeWanted ? (
          <label>
            {t('signin.code')}
            <input value={code} inputMode="numeric" autoComplete="one-time-code" required data-testid="step-up-code" onChange={(event) => setCode(event.target.value)} />
          </label>
        ) : null}
        {refusal ? (
          <p role="alert" className="mj-prove-refusal" data-testid="step-up-refusal">
            {refusal}
          </p>
        ) : null}
        <div className="mj-prove-acts">
          <Act onAct={() => onEnd(false)} testId="step-up-leave">
            {t('signin.prove.leave')}
          </Act>
          <Act kind="primary" submit testId="step-up-go">
            {t(busy ? 'signin.prove.proving' : 'signin.prove.go')}
          </Act>
        </div>
      </form>
    </dialog>
  );
}

function refusalText(error: unknown, noAnswer: string, lockedUntil: (time: string) => string): string {
  if (!(error instanceof Problem)) return String(error);
  const { details } = error;
  if (error.status === 0) return noAnswer;
  if (error.status === 423 && typeof details.until_us === 'number') return lockedUntil(momentText(details.until_us));
  return inLanguage(details.detail, details.detail_en);
}
