// Roles as a matrix: actions down, roles across. They come with the program; nothing is edited here.
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { roles } from '@/api/accounts';
import { inLanguage } from '@/shared/i18n';
import { permissionText, textOr } from '@/shared/i18n/textOr';
import { PanelState } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import './messages';
import './Accounts.css';

export default function RolesPage() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => roles(signal), staleTime: 600_000 });
  const all = query.data ?? [];
  const actions = [...new Set(all.flatMap((role) => role.actions))].filter((action) => action !== 'own');
  const families = [...new Set(actions.map((action) => action.split('.')[0] ?? ''))];
  return (
    <Sheet title={t('accounts.rolesPage.title')} lead={t('accounts.rolesPage.lead')} testId="roles-page">
      <PanelState query={query} what={t('accounts.rolesPage.title')}>
        <div className="mj-table-seat" role="region" tabIndex={0} aria-label={t('accounts.rolesPage.title')}>
          <table className="mj-table mj-matrix">
            <thead>
              <tr>
                <th scope="col">{t('accounts.rolesPage.action')}</th>
                {all.map((role) => (
                  <th key={role.code} scope="col" title={role.administers ? t('accounts.rolesPage.administers') : undefined}>
                    {inLanguage(role.name, role.name_en)}
                    {role.administers ? ' ▲' : ''}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {families.map((family) => (
                <Fragment key={family}>
                  <tr className="mj-matrix-group">
                    <th scope="rowgroup" colSpan={all.length + 1}>
                      {textOr(t, `rights.groups.${family}`, family)}
                    </th>
                  </tr>
                  {actions
                    .filter((action) => action.split('.')[0] === family)
                    .map((action) => (
                      <tr key={action} data-testid={`action-${action}`}>
                        <th scope="row">{permissionText(t, action)}</th>
                        {all.map((role) => {
                          const has = role.actions.includes(action);
                          return (
                            <td key={role.code} data-has={has} aria-label={has ? t('accounts.rolesPage.has') : t('accounts.rolesPage.hasNot')}>
                              {has ? '●' : '·'}
                            </td>
                          );
                        })}
                      </tr>
                    ))}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
        <p className="mj-muted">▲ {t('accounts.rolesPage.administers')}</p>
      </PanelState>
    </Sheet>
  );
}
