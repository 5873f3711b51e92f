// Every button of the console. It is never plainly disabled: an unusable act stays focusable and says why when pressed.
import type { ReactNode, Ref } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import './Act.css';

export interface Refusal {
  /** The sentence that answers "why not?". */
  reason: string;
  /** Who can change it, or another way. */
  way?: ReactNode;
}

interface Props {
  children?: ReactNode;
  onAct?: (() => void) | undefined;
  kind?: 'plain' | 'primary' | 'danger' | 'quiet' | 'link';
  icon?: ReactNode;
  /** Needed when only an icon is shown. */
  label?: string;
  shortcut?: string;
  pressed?: boolean;
  refusal?: Refusal | null | undefined;
  submit?: boolean;
  testId?: string;
  ref?: Ref<HTMLButtonElement>;
}

/** The sentence for a permission that is missing; `permission` is its name in words. */
export function useRefusal(): (allowed: boolean, permission: string) => Refusal | null {
  const { t } = useTranslation();
  return (allowed, permission) =>
    allowed ? null : { reason: t('states.whyNot.missing', { permission }), way: t('states.whyNot.who') };
}

export function Act(props: Props) {
  const { children, onAct, kind = 'plain', icon, label, shortcut, pressed, refusal, submit, testId, ref } = props;
  const [asking, setAsking] = useState(false);
  const title = [label, shortcut ? `(${shortcut})` : ''].filter(Boolean).join(' ');
  return (
    <span className="mj-act-seat">
      <button
        ref={ref}
        type={submit && !refusal ? 'submit' : 'button'}
        className={`mj-act mj-act-${kind}`}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={refusal ? true : undefined}
        title={title || undefined}
        data-testid={testId}
        onClick={() => {
          if (refusal) setAsking(true);
          else onAct?.();
        }}
      >
        {icon ? <span className="mj-act-icon">{icon}</span> : null}
        {children}
      </button>
      {asking && refusal ? <WhyNot refusal={refusal} onClose={() => setAsking(false)} /> : null}
    </span>
  );
}

/** Why an act is not possible and who can change it. */
export function WhyNot({ refusal, onClose }: { refusal: Refusal; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div
      className="mj-why-not"
      role="dialog"
      aria-label={t('states.whyNot.title')}
      data-testid="why-not"
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <strong>{t('states.whyNot.title')}</strong>
      <p>{refusal.reason}</p>
      {refusal.way ? <p>{refusal.way}</p> : null}
      <button type="button" className="mj-act mj-act-plain" autoFocus onClick={onClose}>
        {t('states.whyNot.close')}
      </button>
    </div>
  );
}
