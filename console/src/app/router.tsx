// Addresses to pages. Every page is its own chunk; parameters are flat text (shared/address).
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '@/shared/address';
import { Crashed } from './Crashed';
import { Guarded } from './Denied';
import { NotFound } from './NotFound';
import { PAGES } from './pages';
import type { PageEntry } from './pages';
import { Shell } from './Shell';
import { Waiting } from './Waiting';

/** The page's chunk behind its permissions; loaded ahead when a link to it is pointed at. */
function guarded(page: PageEntry) {
  const Page = lazyRouteComponent(page.load);
  const Shown = () => (
    <Guarded page={page}>
      <Page />
    </Guarded>
  );
  return Object.assign(Shown, { preload: Page.preload });
}

export function createConsoleRouter() {
  const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Crashed });
  const pages = PAGES.map((page) =>
    createRoute({
      getParentRoute: () => root,
      path: page.path,
      component: guarded(page),
      errorComponent: Crashed,
    }),
  );
  return createRouter({
    routeTree: root.addChildren(pages),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: Waiting,
    defaultPendingMs: 0,
    defaultPendingMinMs: 0,
    scrollRestoration: false,
  });
}
