// An address that does not exist, or exists outside this person's scope: the same page, no name leaked.
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function NotFound() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <section className="mj-empty" data-testid="not-found">
      <h1>{t('frame.notFound.title')}</h1>
      <p>{t('frame.notFound.text', { path: pathname })}</p>
      <Link to="/">{t('frame.notFound.home')}</Link>
    </section>
  );
}
