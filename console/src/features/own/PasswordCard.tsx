// Changing one's own password; the server's rules answer in place, and it says where a code is wanted too.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';
import { changePassword } from '@/api/session';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';

const EMPTY = { old: '', fresh: '', repeat: '', code: '' };
const CODE_WANTED = 'AUTH-004';
const FIELDS = [
  ['old', 'current-password'],
  ['fresh', 'new-password'],
  ['repeat', 'new-password'],
] as const;

export function PasswordCard() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(EMPTY);
  const [codeWanted, setCodeWanted] = useState(false);
  const [endTokens, setEndTokens] = useState(false);
  const change = useMutation({
    mutationFn: (endTokens: boolean) =>
      changePassword({
        old: typed.old,
        new: typed.fresh,
        end_tokens: endTokens,
        ...(codeWanted ? { code: typed.code.replaceAll(' ', '') } : {}),
      }),
    onSuccess: () => {
      setTyped(EMPTY);
      setEndTokens(false);
      setCodeWanted(false);
    },
    onError: (error) => {
      if (error instanceof Problem && error.code === CODE_WANTED) setCodeWanted(true);
    },
  });
  const whole = Boolean(typed.old && typed.fresh && typed.repeat);
  const why = !whole
    ? t('own.security.missing')
    : typed.fresh !== typed.repeat
      ? t('own.security.differ')
      : codeWanted && !typed.code.trim()
        ? t('own.security.codeMissing')
        : null;
  return (
    <form
      className="mj-card mj-form"
      data-testid="password-card"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !change.isPending) change.mutate(endTokens);
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
      {codeWanted ? (
        <label>
          {t('own.security.code')}
          <input
            className="mj-input"
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
            data-testid="password-code"
            value={typed.code}
            onChange={(event) => setTyped((before) => ({ ...before, code: event.target.value }))}
          />
        </label>
      ) : null}
      <label className="mj-check">
        <input
          type="checkbox"
          data-testid="password-end-tokens"
          checked={endTokens}
          onChange={(event) => setEndTokens(event.target.checked)}
        />
        {t('own.security.endTokens')}
      </label>
      {change.isError ? <ErrorNote error={change.error} what={t('own.security.change')} /> : null}
      {change.isSuccess && !whole ? (
        <p className="mj-note" role="status" data-testid="password-changed">
          {t(change.variables ? 'own.security.changedTokens' : 'own.security.changed')}
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
