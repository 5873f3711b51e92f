// Home by role (`homes`): the last wall of this window, the summary of what is kept, one look, or the page of one's function.
import { Navigate } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { useSession } from '@/shared/session';
import { SkeletonRows } from '@/shared/ui/PanelState';
import { KEEPING, LOOK, homeOf } from './homes';

const KeepingHome = lazy(() => import('@/features/home/KeepingHome'));
const LookHome = lazy(() => import('@/features/home/LookHome'));
const LAST_WALL = 'mingjing.lastWall';

export default function HomePage() {
  const home = homeOf(useSession());
  if (home === KEEPING || home === LOOK) {
    return (
      <Suspense fallback={<SkeletonRows />}>
        {home === KEEPING ? <KeepingHome /> : <LookHome />}
      </Suspense>
    );
  }
  const wall = home === '/live' ? window.sessionStorage.getItem(LAST_WALL) : null;
  const search = wall ? Object.fromEntries(new URLSearchParams(wall)) : {};
  return <Navigate to={home} search={search} replace />;
}
