// The roles of an account: which, in which division, for which unit. Divisions are chosen level by level.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { divisions } from '@/api/accounts';
import type { RoleHeld } from '@/api/accounts';
import { inLanguage } from '@/shared/i18n';
import { useRegisters } from '@/shared/names/useRegisters';
import { Act } from '@/shared/ui/Act';
import { clashes } from './roleRules';

export function RolePicker({ held, onChange }: { held: RoleHeld[]; onChange: (held: RoleHeld[]) => void }) {
  const { t } = useTranslation();
  const { roles, units } = useRegisters();
  const set = (index: number, change: Partial<RoleHeld>) =>
    onChange(held.map((one, i) => (i === index ? { ...one, ...change } : one)));
  return (
    <fieldset data-testid="role-picker">
      <legend>{t('accounts.roles')}</legend>
      {held.length === 0 ? <p className="mj-muted">{t('names.noRole')}</p> : null}
      {held.map((one, index) => (
        <div key={index} className="mj-role-row" data-testid={`role-${index}`}>
          <select
            className="mj-input"
            aria-label={t('accounts.roles')}
            value={one.role}
            onChange={(event) => set(index, { role: event.target.value })}
          >
            {roles.map((role) => (
              <option key={role.code} value={role.code}>
                {inLanguage(role.name, role.name_en)}
              </option>
            ))}
          </select>
          <DivisionSelect chosen={one.division} onChange={(division) => set(index, { division })} />
          <select
            className="mj-input"
            aria-label={t('accounts.unit')}
            value={one.organisation ?? ''}
            onChange={(event) => set(index, { organisation: event.target.value || null })}
          >
            <option value="">{t('accounts.anyUnit')}</option>
            {units.map((unit) => (
              <option key={unit.id} value={unit.id}>
                {unit.name}
              </option>
            ))}
          </select>
          <Act kind="quiet" onAct={() => onChange(held.filter((_, i) => i !== index))}>
            {t('accounts.removeRole')}
          </Act>
        </div>
      ))}
      {clashes(held, roles) ? <p role="alert">{t('accounts.clash')}</p> : null}
      <div>
        <Act
          testId="role-add"
          onAct={() => onChange([...held, { role: roles[0]?.code ?? 'duty_officer', division: null, organisation: null }])}
        >
          {t('accounts.addRole')}
        </Act>
      </div>
    </fieldset>
  );
}

/** Province, then city, then county: choosing one offers what lies below it. */
function DivisionSelect({ chosen, onChange }: { chosen: string | null; onChange: (code: string | null) => void }) {
  const { t } = useTranslation();
  const [under, setUnder] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ['divisions', under],
    queryFn: ({ signal }) => divisions(under, signal),
    staleTime: 600_000,
  });
  const items = query.data ?? [];
  const listed = chosen === null || items.some((one) => one.code === chosen);
  const deeper = items.find((one) => one.code === chosen && !one.leaf);
  return (
    <span className="mj-row">
      <select
        className="mj-input"
        aria-label={t('accounts.division')}
        value={chosen ?? ''}
        onChange={(event) => {
          if (!event.target.value) setUnder(null);
          onChange(event.target.value || null);
        }}
      >
        <option value="">{t('accounts.anyDivision')}</option>
        {listed ? null : <option value={chosen}>{chosen}</option>}
        {items.map((one) => (
          <option key={one.code} value={one.code}>
            {one.name}
          </option>
        ))}
      </select>
      {deeper ? (
        <Act kind="link" onAct={() => setUnder(deeper.code)}>
          {t('accounts.deeper')}
        </Act>
      ) : null}
    </span>
  );
}
