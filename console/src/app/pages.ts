// The pages of the console: where they stand in the rail, what right opens them, and which chunk holds them.
// An entry without any of its permissions is absent from the rail; the server decides in any case.
import type { FunctionComponent } from 'react';

export type PageGroup = 'start' | 'video' | 'registers' | 'oversight' | 'operation' | 'settings';

export interface PageEntry {
  path: string;
  /** Key of `frame.pages`; entries without one are reached from other pages only. The rail shows those with a group. */
  name?:
    | 'home' | 'todo' | 'live' | 'playback' | 'map' | 'alarms' | 'cameras' | 'systems' | 'places' | 'units' | 'divisions' | 'ruleSets' | 'construction' | 'projects' | 'filings' | 'rounds' | 'orders' | 'contracts' | 'staff' | 'agreements' | 'compliance' | 'journal' | 'myViews' | 'recording'
    | 'plans' | 'jobs' | 'system' | 'accounts' | 'roles' | 'tokens' | 'approvals' | 'sessions' | 'security';
  group?: PageGroup;
  /** Any of these opens it; empty: everybody signed in. */
  permissions: string[];
  /** The letter after `g`. */
  go?: string;
  load: () => Promise<{ default: FunctionComponent }>;
}

export const PAGES: PageEntry[] = [
  { path: '/', name: 'home', group: 'start', permissions: [], go: 'h', load: () => import('./HomePage') },
  { path: '/todo', name: 'todo', group: 'start', permissions: ['filing.read', 'compliance.read', 'order.read'], go: 't', load: () => import('@/features/todo/TodoPage') },
  { path: '/live', name: 'live', group: 'video', permissions: ['video.live'], go: 'l', load: async () => import('@/features/live/LivePage') },
  { path: '/playback', name: 'playback', group: 'video', permissions: ['video.playback'], go: 'p', load: () => import('@/features/playback/PlaybackPage') },
  { path: '/map', name: 'map', group: 'video', permissions: ['camera.read', 'register.read'], go: 'm', load: () => import('@/features/map/MapPage') },
  { path: '/alarms', name: 'alarms', group: 'video', permissions: ['alarm.read'], go: 'a', load: () => import('@/features/alarms/AlarmsPage') },
  { path: '/cameras', name: 'cameras', group: 'registers', permissions: ['camera.read'], go: 'c', load: () => import('@/features/cameras/CamerasPage') },
  { path: '/cameras/$id', permissions: ['camera.read'], load: () => import('@/features/cameras/CameraPage') },
  { path: '/systems', name: 'systems', group: 'registers', permissions: ['register.read'], load: () => import('@/features/registers/SystemsPage') },
  { path: '/systems/$id', permissions: ['register.read'], load: () => import('@/features/registers/SystemPage') },
  { path: '/places', name: 'places', group: 'registers', permissions: ['register.read'], load: () => import('@/features/registers/PlacesPage') },
  { path: '/places/$id', permissions: ['register.read'], load: () => import('@/features/registers/PlacePage') },
  { path: '/construction-plans', name: 'construction', group: 'registers', permissions: ['planning.read'], load: () => import('@/features/building/PlansPage') },
  { path: '/construction-plans/$id', permissions: ['planning.read'], load: () => import('@/features/building/PlanPage') },
  { path: '/projects', name: 'projects', group: 'registers', permissions: ['project.read'], load: () => import('@/features/building/ProjectsPage') },
  { path: '/projects/$id', permissions: ['project.read'], load: () => import('@/features/building/ProjectPage') },
  { path: '/units', name: 'units', group: 'registers', permissions: ['register.read', 'organisation.write'], load: () => import('@/features/units/UnitsPage') },
  { path: '/units/$id', permissions: ['register.read', 'organisation.write'], load: () => import('@/features/units/UnitPage') },
  { path: '/forbidden-places', permissions: ['register.read'], load: () => import('@/features/forbidden/ForbiddenPlacesPage') },
  { path: '/forbidden-places/$id', permissions: ['register.read'], load: () => import('@/features/forbidden/ForbiddenPlacePage') },
  { path: '/decisions', permissions: ['compliance.read'], load: () => import('@/features/forbidden/DecisionsPage') },
  { path: '/decisions/$id', permissions: ['compliance.read'], load: () => import('@/features/forbidden/DecisionPage') },
  { path: '/secret-consents', permissions: ['register.read'], load: () => import('@/features/forbidden/ConsentsPage') },
  { path: '/filings', name: 'filings', group: 'registers', permissions: ['filing.read'], go: 'f', load: () => import('@/features/filings/FilingsPage') },
  { path: '/filings/$id', permissions: ['filing.read'], load: () => import('@/features/filings/FilingPage') },
  { path: '/rounds', name: 'rounds', group: 'registers', permissions: ['compliance.read'], load: () => import('@/features/rounds/RoundsPage') },
  { path: '/rounds/$id', permissions: ['compliance.read'], load: () => import('@/features/rounds/RoundPage') },
  { path: '/orders', name: 'orders', group: 'registers', permissions: ['order.read'], load: () => import('@/features/orders/OrdersPage') },
  { path: '/orders/$id', permissions: ['order.read'], load: () => import('@/features/orders/OrderPage') },
  { path: '/contracts', name: 'contracts', group: 'registers', permissions: ['order.read'], load: () => import('@/features/registers/ContractsPage') },
  { path: '/contracts/$id', permissions: ['order.read'], load: () => import('@/features/registers/ContractPage') },
  { path: '/staff', name: 'staff', group: 'registers', permissions: ['staff.read'], load: () => import('@/features/registers/StaffPage') },
  { path: '/staff/$id', permissions: ['staff.read'], load: () => import('@/features/registers/StaffFilePage') },
  { path: '/agreements', name: 'agreements', group: 'registers', permissions: ['staff.read'], load: () => import('@/features/registers/AgreementsPage') },
  { path: '/agreements/$id', permissions: ['staff.read'], load: () => import('@/features/registers/AgreementPage') },
  { path: '/compliance', name: 'compliance', group: 'registers', permissions: ['compliance.read'], load: () => import('@/features/compliance/CompliancePage') },
  { path: '/recording', name: 'recording', group: 'operation', permissions: ['recording.read'], load: () => import('@/features/keeping/KeptPage') },
  { path: '/plans', name: 'plans', group: 'operation', permissions: ['plan.read'], load: () => import('@/features/keeping/PlansPage') },
  { path: '/jobs', name: 'jobs', group: 'operation', permissions: ['video.export'], load: () => import('@/features/keeping/JobsPage') },
  { path: '/journal', name: 'journal', group: 'oversight', permissions: ['journal.read'], go: 'j', load: () => import('@/features/journal/JournalPage') },
  { path: '/me/views', name: 'myViews', group: 'oversight', permissions: [], load: () => import('@/features/own/MyViewsPage') },
  { path: '/accounts', name: 'accounts', group: 'settings', permissions: ['user.read'], load: () => import('@/features/accounts/AccountsPage') },
  { path: '/approvals', name: 'approvals', group: 'settings', permissions: ['user.confirm'], load: () => import('@/features/accounts/ApprovalsPage') },
  { path: '/roles', name: 'roles', group: 'settings', permissions: ['user.read'], load: () => import('@/features/accounts/RolesPage') },
  { path: '/divisions', name: 'divisions', group: 'settings', permissions: ['division.write', 'register.read'], load: () => import('@/features/divisions/DivisionsPage') },
  { path: '/rulesets', name: 'ruleSets', group: 'settings', permissions: ['compliance.read'], load: () => import('@/features/compliance/RuleSetsPage') },
  { path: '/tokens', name: 'tokens', group: 'settings', permissions: [], load: () => import('@/features/accounts/TokensPage') },
  { path: '/system', name: 'system', group: 'operation', permissions: ['system.read'], load: () => import('@/features/system/SystemPage') },
  { path: '/me/sessions', name: 'sessions', permissions: [], load: () => import('@/features/own/SessionsPage') },
  { path: '/me/security', name: 'security', permissions: [], load: () => import('@/features/own/SecurityPage') },
];
