// Members of a dossier as people read them, and the two fields that are lists of their own: several codes, and a system.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Member } from '@/api/dossiers';
import { system, systems } from '@/api/registers';
import { comma } from '@/shared/i18n';
import { useWords, type Word } from '@/shared/law/useWords';
import { SelectField } from '@/shared/ui/fields';
import { PositionLink } from './PositionField';

export function DossierValue({ member, value }: { member: Member | undefined; value: unknown }) {
  const { t } = useTranslation();
  const { word } = useWords();
  if (value === null || value === undefined || value === '') return <span className="mj-muted">{t('cameras.dossier.notEntered')}</span>;
  if (typeof value === 'boolean') return t(value ? 'cameras.dossier.yes' : 'cameras.dossier.no');
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : JSON.stringify(value);
  if (member?.field === 'system') return <SystemLink id={text} />;
  if (member?.field === 'position') return <PositionLink id={text} />;
  if (!member?.words) return text;
  return text
    .split('/')
    .map((code) => word(member.words, code))
    .join(comma());
}

function SystemLink({ id }: { id: string }) {
  const { data } = useQuery({ queryKey: ['system', id], queryFn: ({ signal }) => system(id, signal), staleTime: 60_000 });
  return <Link to={`/systems/${id}`}>{data?.name ?? id}</Link>;
}

interface CodesProps {
  label: string;
  mandatory: boolean;
  options: Word[];
  value: string;
  onChange: (value: string | null) => void;
}

/** Several codes, joined by `/` in the order of their list. */
export function CodesField({ label, mandatory, options, value, onChange }: CodesProps) {
  const chosen = new Set(value.split('/').filter(Boolean));
  return (
    <div className="mj-field mj-codes" role="group" aria-label={label}>
      <span>
        {mandatory ? <span className="mj-mandatory">★ </span> : null}
        {label}
      </span>
      {options.map(({ code, name }) => (
        <label key={code} className="mj-check">
          <input
            type="checkbox"
            checked={chosen.has(code)}
            onChange={(event) => {
              const now = options.map((one) => one.code).filter((one) => (one === code ? event.target.checked : chosen.has(one)));
              onChange(now.join('/') || null);
            }}
          />
          {name}
        </label>
      ))}
    </div>
  );
}

interface SystemProps {
  label: string;
  mandatory: boolean;
  fault: string | undefined;
  testId: string;
  value: string;
  onChange: (value: string | null) => void;
}

export function SystemField({ value, onChange, ...seat }: SystemProps) {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ['systems', 'choice'], queryFn: ({ signal }) => systems({ limit: 200 }, signal), staleTime: 60_000 });
  const options = (data?.items ?? []).map(({ id, name }) => ({ code: id, name }));
  const known = options.some((one) => one.code === value) || value === '' ? options : [{ code: value, name: value }, ...options];
  return <SelectField {...seat} value={value} options={known} none={t('cameras.dossier.notEntered')} onChange={(code) => onChange(code || null)} />;
}
