// Fields of forms: the name above, mandatory ones marked, and what is wrong with one said below it.
import type { ReactNode } from 'react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';
import './Sheet.css';

/** What the server found wrong, by field; a field within another is named by its own name alone. */
export function faultsOf(error: unknown, language: string): Record<string, string> {
  const fields = error instanceof Problem ? (error.details.fields ?? []) : [];
  return Object.fromEntries(
    fields.map((one) => [one.field.split('.').at(-1) ?? one.field, language === 'en' ? one.message_en : one.message]),
  );
}

/** The faults of the last try, in the language of now. */
export function useFaults(error: unknown): Record<string, string> {
  const { i18n } = useTranslation();
  return faultsOf(error, i18n.language);
}

interface Common {
  label: string;
  mandatory?: boolean;
  fault?: string | undefined;
  hint?: ReactNode;
  testId?: string;
}

interface Seat extends Common {
  children: (control: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined; className: string }) => ReactNode;
}

function Field({ label, mandatory, fault, hint, children }: Seat) {
  const { t } = useTranslation();
  const id = useId();
  const about = `${id}-about`;
  return (
    <div className="mj-field">
      <label htmlFor={id}>
        <span>
          {mandatory ? (
            <span className="mj-mandatory" title={t('states.form.mandatory')}>
              ★{' '}
            </span>
          ) : null}
          {label}
        </span>
      </label>
      {children({ id, 'aria-invalid': fault !== undefined, 'aria-describedby': fault ?? hint ? about : undefined, className: 'mj-input' })}
      {(fault ?? hint) ? (
        <span id={about} className={fault ? 'mj-fault' : 'mj-muted'} role={fault ? 'alert' : undefined}>
          {fault ?? hint}
        </span>
      ) : null}
    </div>
  );
}

interface TextProps extends Common {
  value: string;
  onChange: (value: string) => void;
  most?: number;
  /** Several lines. */
  lines?: number;
  focused?: boolean;
}

export function TextField({ value, onChange, most = 300, lines, focused, testId, ...seat }: TextProps) {
  return (
    <Field {...seat}>
      {(control) =>
        lines ? (
          <textarea {...control} rows={lines} maxLength={most} value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <input {...control} maxLength={most} value={value} autoFocus={focused} autoComplete="off" data-testid={testId} onChange={(event) => onChange(event.target.value)} />
        )
      }
    </Field>
  );
}

/** A day as `2026-11-23`; null for none. */
export function DayField({ value, onChange, latest, testId, ...seat }: Common & { value: string | null; onChange: (value: string | null) => void; latest?: string }) {
  return (
    <Field {...seat}>
      {(control) => (
        <input {...control} type="date" max={latest} value={value ?? ''} data-testid={testId} onChange={(event) => onChange(event.target.value || null)} />
      )}
    </Field>
  );
}

interface NumberProps extends Common {
  value: number | null;
  onChange: (value: number | null) => void;
  step?: number | 'any';
}

export function NumberField({ value, onChange, step = 1, testId, ...seat }: NumberProps) {
  return (
    <Field {...seat}>
      {(control) => (
        <input
          {...control}
          type="number"
          step={step}
          value={value ?? ''}
          data-testid={testId}
          onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
        />
      )}
    </Field>
  );
}

interface SelectProps<Code extends string> extends Common {
  value: Code;
  onChange: (value: Code) => void;
  options: readonly { code: Code; name: string }[];
  /** What stands for the empty code; without it one of the options is always chosen. */
  none?: string;
}

export function SelectField<Code extends string>({ value, onChange, options, none, testId, ...seat }: SelectProps<Code>) {
  return (
    <Field {...seat}>
      {(control) => (
        <select {...control} value={value} data-testid={testId} onChange={(event) => onChange(event.target.value as Code)}>
          {none === undefined ? null : <option value="">{none}</option>}
          {options.map((one) => (
            <option key={one.code} value={one.code}>
              {one.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
