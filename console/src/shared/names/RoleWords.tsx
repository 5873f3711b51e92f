// The roles of an account in words: role @ division / unit.
import { useTranslation } from 'react-i18next';
import type { RoleShown } from '@/api/accounts';
import { inLanguage } from '@/shared/i18n';
import { DivisionName } from './DivisionName';
import { lastOf } from './paths';
import { useRegisters } from './useRegisters';
import './messages';
import './Names.css';

export function RoleWords({ shown }: { shown: RoleShown[] }) {
  const { t } = useTranslation();
  const { roles, units } = useRegisters();
  if (shown.length === 0) return <span className="mj-muted">{t('names.noRole')}</span>;
  return (
    <ul className="mj-plain mj-role-words">
      {shown.map((one) => {
        const role = roles.find((r) => r.code === one.role);
        const division = lastOf(one.division_path);
        const unit = units.find((u) => u.id === lastOf(one.organisation_path));
        return (
          <li key={`${one.role} ${one.division_path} ${one.organisation_path}`}>
            {role ? inLanguage(role.name, role.name_en) : one.role}
            <span className="mj-muted">
              {' @ '}
              {division ? <DivisionName code={division} /> : null}
              {division && unit ? ' / ' : null}
              {unit?.name ?? (division ? null : t('names.everywhere'))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
