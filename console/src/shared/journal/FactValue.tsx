// One fact of an entry or an alarm: what has a name by its name, roles and streams in words, the rest as it is.
import { useTranslation } from 'react-i18next';
import type { RoleShown } from '@/api/accounts';
import { identified } from '@/shared/names/identifiers';
import { Named } from '@/shared/names/Named';
import { RoleWords } from '@/shared/names/RoleWords';
import { factText, rolesIn } from './words';

export function FactRow({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <dt className="mj-code-line">{name}</dt>
      <dd>
        <FactValue name={name} value={value} />
      </dd>
    </>
  );
}

function FactValue({ name, value }: { name: string; value: unknown }) {
  const { t } = useTranslation();
  if (name === 'stream' && (value === 'main' || value === 'sub')) return <>{t(`names.stream.${value}`)}</>;
  if (typeof value === 'string' && identified(value)) return <Named id={value} />;
  const roles: RoleShown[] | null = rolesIn(value);
  if (roles) return <RoleWords shown={roles} />;
  if (Array.isArray(value) && value.some((one) => typeof one === 'string' && identified(one))) {
    return (
      <ul className="mj-plain">
        {value.map((one) => (
          <li key={String(one)}>{typeof one === 'string' ? <Named id={one} /> : factText(name, one)}</li>
        ))}
      </ul>
    );
  }
  return <>{factText(name, value)}</>;
}
