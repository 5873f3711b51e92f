// The left rail: icons with short labels, pinned to 200 px on wish; groups are headings, not pages.
import {
  AlertOutlined, ApartmentOutlined, ApiOutlined, AppstoreOutlined, AuditOutlined, BankOutlined, BookOutlined, BuildOutlined,
  CalendarOutlined, CarryOutOutlined, CheckSquareOutlined, ClusterOutlined, DashboardOutlined, EnvironmentOutlined,
  EyeOutlined, FileDoneOutlined, FileProtectOutlined, FileTextOutlined, GlobalOutlined, HistoryOutlined, HomeOutlined,
  IdcardOutlined, ProjectOutlined, SafetyCertificateOutlined, SafetyOutlined, ScheduleOutlined, TeamOutlined, ToolOutlined,
  UnorderedListOutlined, UserSwitchOutlined, VideoCameraOutlined,
} from '@ant-design/icons';
import { Link, useLocation } from '@tanstack/react-router';
import { useMemo, useSyncExternalStore } from 'react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { holds, useSession } from '@/shared/session';
import { PAGES } from './pages';
import type { PageEntry, PageGroup } from './pages';

/** Pages of the name menu have none. */
const ICONS: Partial<Record<NonNullable<PageEntry['name']>, ComponentType>> = {
  home: HomeOutlined,
  todo: CarryOutOutlined,
  live: AppstoreOutlined,
  playback: HistoryOutlined,
  map: GlobalOutlined,
  alarms: AlertOutlined,
  cameras: VideoCameraOutlined,
  systems: ClusterOutlined,
  places: EnvironmentOutlined,
  construction: ProjectOutlined,
  projects: BuildOutlined,
  units: BankOutlined,
  divisions: ApartmentOutlined,
  ruleSets: BookOutlined,
  filings: FileDoneOutlined,
  rounds: ScheduleOutlined,
  orders: ToolOutlined,
  contracts: FileProtectOutlined,
  staff: IdcardOutlined,
  agreements: FileTextOutlined,
  compliance: SafetyCertificateOutlined,
  journal: AuditOutlined,
  myViews: EyeOutlined,
  recording: CheckSquareOutlined,
  plans: CalendarOutlined,
  jobs: UnorderedListOutlined,
  system: DashboardOutlined,
  accounts: TeamOutlined,
  approvals: UserSwitchOutlined,
  roles: SafetyOutlined,
  tokens: ApiOutlined,
};

const GROUPS: PageGroup[] = ['start', 'video', 'registers', 'operation', 'oversight', 'settings'];

const PIN_KEY = 'mingjing.railPinned';
const pinListeners = new Set<() => void>();

export function togglePinned(): void {
  window.localStorage.setItem(PIN_KEY, String(window.localStorage.getItem(PIN_KEY) !== 'true'));
  for (const listener of pinListeners) listener();
}

export function usePinned(): boolean {
  return useSyncExternalStore(
    (listener) => {
      pinListeners.add(listener);
      return () => pinListeners.delete(listener);
    },
    () => window.localStorage.getItem(PIN_KEY) === 'true',
  );
}

/** The pages that this person may open, in the order of the rail. */
export function useOpenPages(): PageEntry[] {
  const session = useSession();
  return useMemo(
    () => PAGES.filter((p) => p.permissions.length === 0 || p.permissions.some((right) => holds(session, right))),
    [session],
  );
}

export function Rail() {
  const { t } = useTranslation();
  const pages = useOpenPages();
  const pinned = usePinned();
  const { pathname } = useLocation();
  const groups = GROUPS.map((group) => ({ group, entries: pages.filter((p) => p.group === group && p.name) })).filter(
    ({ entries }) => entries.length > 0,
  );
  return (
    <nav className="mj-rail" data-pinned={pinned} aria-label={t('frame.product')}>
      {groups.map(({ group, entries }, index) => (
        <section key={group} aria-label={t(`frame.groups.${group}`)}>
          {index > 0 ? (
            <div className="mj-rail-heading">{pinned ? t(`frame.groups.${group}`) : null}</div>
          ) : null}
          <ul className="mj-rail-group">
            {entries.map((page) => (
              <li key={page.path}>
                <RailLink page={page} current={pathname === page.path || (page.path !== '/' && pathname.startsWith(`${page.path}/`))} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

/** The page that is open stands in sight, also in a rail that is longer than the screen. */
function shown(link: HTMLElement | null): void {
  link?.scrollIntoView({ block: 'nearest' });
}

function RailLink({ page, current }: { page: PageEntry; current: boolean }) {
  const { t } = useTranslation();
  const Icon = page.name ? ICONS[page.name] : undefined;
  if (!page.name || !Icon) return null;
  const label = t(`frame.pages.${page.name}`);
  return (
    <Link
      ref={current ? shown : undefined}
      to={page.path}
      className="mj-rail-link"
      aria-current={current ? 'page' : undefined}
      title={page.go ? `${label} (g ${page.go})` : label}
      data-testid={`rail-${page.name}`}
    >
      <Icon />
      <span>{label}</span>
    </Link>
  );
}
