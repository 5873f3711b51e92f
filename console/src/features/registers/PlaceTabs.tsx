// The registers of places beside one another: what must be covered, what must not, what is suspected, whose consent is needed.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { holds, useSession } from '@/shared/session';
import './messages';

const TABS = [
  { name: 'places', right: 'register.read' },
  { name: 'forbidden-places', right: 'register.read' },
  { name: 'decisions', right: 'compliance.read' },
  { name: 'secret-consents', right: 'register.read' },
] as const;

export function PlaceTabs({ current }: { current: (typeof TABS)[number]['name'] }) {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <nav className="mj-tabs" aria-label={t('registers.besideWhat')}>
      {TABS.filter(({ right }) => holds(session, right)).map(({ name }) => (
        <Link key={name} to={`/${name}`} className="mj-link-act" aria-current={name === current ? 'page' : undefined} data-testid={`beside-${name}`}>
          {t(`registers.beside.${name}`)}
        </Link>
      ))}
    </nav>
  );
}
