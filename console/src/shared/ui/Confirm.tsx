// Asked before an act that cannot simply be undone: what follows from it, then the verb. Focus starts on leaving it be.
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from './Act';
import type { Refusal } from './Act';
import { ErrorNote } from './PanelState';
import './Sheet.css';

interface Props {
  title: string;
  /** What follows, one sentence each. */
  consequences: string[];
  /** The verb on the button, never a mere OK. */
  verb: string;
  danger?: boolean;
  running?: boolean;
  /** Why it cannot be done yet: something is not filled in. */
  refusal?: Refusal | null;
  error?: unknown;
  onAct: () => void;
  onClose: () => void;
  testId: string;
  children?: ReactNode;
}

export function Confirm(props: Props) {
  const { title, consequences, verb, danger, running, refusal, error, onAct, onClose, testId, children } = props;
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const leave = useRef<HTMLButtonElement>(null);
  const heading = useId();
  useEffect(() => {
    dialog.current?.showModal();
    leave.current?.focus();
  }, []);
  return (
    <dialog ref={dialog} className="mj-dialog" aria-labelledby={heading} onClose={onClose} data-testid={testId}>
      <h2 id={heading}>{title}</h2>
      <ul>
        {consequences.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      {children}
      {error ? <ErrorNote error={error} what={verb} /> : null}
      <div className="mj-dialog-acts">
        <Act ref={leave} onAct={() => dialog.current?.close()} testId={`${testId}-leave`}>
          {t('oversee.leave')}
        </Act>
        <Act
          kind={danger ? 'danger' : 'primary'}
          refusal={refusal}
          onAct={running ? undefined : onAct}
          testId={`${testId}-act`}
        >
          {running ? t('oversee.submitting') : verb}
        </Act>
      </div>
    </dialog>
  );
}
