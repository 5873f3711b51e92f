// Home by right: who may watch goes to the wall, an auditor to the journal, an administrator to accounts or the system.
import { Navigate } from '@tanstack/react-router';
import { holds, useSession } from '@/shared/session';
import { PAGES } from './pages';

const LAST_WALL = 'mingjing.lastWall';
const ORDER = ['/live', '/journal', '/accounts', '/system', '/me/views'];

export function HomePage() {
  const session = useSession();
  const open = ORDER.map((path) => PAGES.find((page) => page.path === path)).find(
    (page) => page && (page.permissions.length === 0 || page.permissions.some((p) => holds(session, p))),
  );
  if (!open) return null;
  const wall = open.path === '/live' ? window.sessionStorage.getItem(LAST_WALL) : null;
  const search = wall ? Object.fromEntries(new URLSearchParams(wall)) : {};
  return <Navigate to={open.path} search={search} replace />;
}
