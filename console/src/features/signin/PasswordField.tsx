// A password input with show, Caps-Lock note, paste and password managers allowed.
import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autoComplete: 'current-password' | 'new-password';
  autoFocus?: boolean;
  testId: string;
}

export function PasswordField({ label, value, onChange, autoComplete, autoFocus, testId }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [shown, setShown] = useState(false);
  const [caps, setCaps] = useState(false);
  const watchCaps = (event: KeyboardEvent): void => setCaps(event.getModifierState('CapsLock'));
  return (
    <div className="mj-field">
      <label htmlFor={id}>{label}</label>
      <div className="mj-field-box">
        <input
          id={id}
          type={shown ? 'text' : 'password'}
          value={value}
          autoComplete={autoComplete}
          autoFocus={autoFocus}
          spellCheck={false}
          required
          onChange={(e) => onChange(e.target.value)}
          onKeyUp={watchCaps}
          data-testid={testId}
        />
        <button type="button" onClick={() => setShown(!shown)} aria-pressed={shown}>
          {t(shown ? 'signin.hide' : 'signin.show')}
        </button>
      </div>
      {caps ? <p className="mj-field-note">{t('signin.capsLock')}</p> : null}
    </div>
  );
}
