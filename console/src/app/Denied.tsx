// A page that exists but is not this person's: which permission is missing and who can change it. The server decides in any case.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { permissionText } from '@/shared/i18n/textOr';
import { holds, useSession } from '@/shared/session';
import type { PageEntry } from './pages';

/** The page for whoever holds any of its permissions, a sentence for everybody else. */
export function Guarded({ page, children }: { page: PageEntry; children: ReactNode }) {
  const session = useSession();
  const open = page.permissions.length === 0 || page.permissions.some((right) => holds(session, right));
  return open ? children : <Denied page={page} />;
}

function Denied({ page }: { page: PageEntry }) {
  const { t } = useTranslation();
  const name = page.name ? t(`frame.pages.${page.name}`) : page.path;
  const permissions = page.permissions.map((right) => permissionText(t, right)).join(' · ');
  return (
    <section className="mj-empty" data-testid="denied">
      <h1>{t('frame.denied.title')}</h1>
      <p>{t('frame.denied.text', { page: name, permissions })}</p>
      <p>{t('frame.denied.who')}</p>
      <Link to="/">{t('frame.denied.home')}</Link>
    </section>
  );
}
