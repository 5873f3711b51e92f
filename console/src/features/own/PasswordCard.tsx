// Changing one's own password; the server's rules answer in place.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changePassword } from '@/api/session';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';

const EMPTY = { old: '', fresh: '', repeat: '' };
const FIELDS = [
  ['old', 'current-password'],
  ['fresh', 'new-password'],
  ['repeat', 'new-password'],
] as const;

export function PasswordCard() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(EMPTY);
  const change = useMutation({
    mutationFn: () => changePassword(typed.old, typed.fresh),
    onSuccess: () => setTyped(EMPTY),
  });
  const whole = Boolean(typed.old && typed.fresh && typed.repeat);
  const why = !whole ? t('own.security.missing') : typed.fresh !== typed.repeat
      ? t('own.security.differ') : null;
  return (
    <form
      className="mj-card mj-form"
      data-testid="password-card"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !change.isPending) change.mutate();
      }}
    >
      <h2>{t('own.security.password')}</h2>
      {FIELDS.map(([name, completion]) => (
        <label key={name}>
          {t(`own.security.${name}`)}
          <input
            className="mj-input"
            type="password"
            autoComplete={completion}
            data-testid={`password-${name}`}
            value={typed[name]}
            onChange={(event) => setTyped((before) => ({ ...before, [name]: event.target.value }))}
          />
        </label>
      ))}
      {change.isError ? <ErrorNote error={change.error} what={t('own.security.change')} /> : null}
      {change.isSuccess && !whole ? (
        <p className="mj-note" role="status" data-testid="password-changed">
          {t('own.security.changed')}
        </p>
      ) : null}
      <div>
        <Act kind="primary" submit testId="password-change" refusal={why ? { reason: why } : null}>
          {change.isPending ? t('oversee.submitting') : t('own.security.change')}
        </Act>
      </div>
    </form>
  );
}
