// Addresses to pages. Every page is its own chunk; parameters are flat text (shared/address).
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '@/shared/address';
import { Crashed } from './Crashed';
import { HomePage } from './HomePage';
import { NotFound } from './NotFound';
import { PAGES } from './pages';
import { Shell } from './Shell';

export function createConsoleRouter() {
  const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Crashed });
  const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });
  const pages = PAGES.map((page) =>
    createRoute({
      getParentRoute: () => root,
      path: page.path,
      component: lazyRouteComponent(page.load),
      errorComponent: Crashed,
    }),
  );
  return createRouter({
    routeTree: root.addChildren([home, ...pages]),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: false,
  });
}
