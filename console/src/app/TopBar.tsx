// The top bar: product and jurisdiction, the search field, whether everything is being recorded, the name menu.
import { QuestionCircleOutlined, SearchOutlined, UserOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Dropdown } from 'antd';
import type { MenuProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { recordingNow } from '@/api/operations';
import { signOut } from '@/api/session';
import { chooseLanguage } from '@/shared/i18n';
import { useLive } from '@/shared/live';
import { useMay, usePresence } from '@/shared/session';
import { dateText, clockText } from '@/shared/time/beijing';
import { useNow } from '@/shared/time/useNow';
import { chooseDensity, chooseTheme, useAppearance } from '@/shared/theme/appearance';
import type { DensityChoice, ThemeChoice } from '@/shared/theme/appearance';
import { StatusShape } from '@/shared/ui/StatusShape';
import { Bell } from './Bell';
import { PAGES } from './pages';
import { togglePinned, usePinned } from './Rail';

const THEMES: [ThemeChoice, 'themeAuto' | 'themeLight' | 'themeDark' | 'themeContrast'][] = [
  ['auto', 'themeAuto'],
  ['light', 'themeLight'],
  ['dark', 'themeDark'],
  ['contrast', 'themeContrast'],
];
const DENSITY: [DensityChoice, 'densityAuto' | 'densityCompact' | 'densityStandard' | 'densityWall' | 'densityTouch'][] = [
  ['auto', 'densityAuto'],
  ['compact', 'densityCompact'],
  ['standard', 'densityStandard'],
  ['wall', 'densityWall'],
  ['touch', 'densityTouch'],
];

function RecordingState() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['recording', 'now'],
    queryFn: ({ signal }) => recordingNow(signal),
    refetchInterval: 10_000,
  });
  useLive('recording', () => void client.invalidateQueries({ queryKey: ['recording', 'now'] }));
  const lost = query.data?.lost.length;
  const shape =
    lost === undefined || query.isError ? (
      <StatusShape status="unknown" label={t('frame.status.unknown')} />
    ) : lost === 0 ? (
      <StatusShape status="ok" label={t('frame.status.allRecording')} />
    ) : (
      <StatusShape status="failed" label={t('frame.status.lost', { count: lost })} />
    );
  const page = PAGES.find((p) => p.path === '/recording');
  return page ? (
    <Link to="/recording" className="mj-top-link" data-testid="recording-state" data-metric="recording-now">
      {shape}
    </Link>
  ) : (
    <span className="mj-top-link">{shape}</span>
  );
}

function Clock() {
  const now = useNow();
  return (
    <span className="mj-clock" title={dateText(now)}>
      {clockText(now)}
    </span>
  );
}

function useNameMenu(onHelp: () => void): MenuProps {
  const { t, i18n } = useTranslation();
  const { themeChoice, densityChoice } = useAppearance();
  const { leave } = usePresence();
  const navigate = useNavigate();
  const pinned = usePinned();
  const leaveNow = async (): Promise<void> => {
    try {
      await signOut();
    } finally {
      leave();
    }
  };
  return {
    selectable: true,
    selectedKeys: [`theme:${themeChoice}`, `density:${densityChoice}`, `language:${i18n.language}`],
    items: [
      { key: 'theme', label: t('frame.menu.theme'), children: THEMES.map(([k, n]) => ({ key: `theme:${k}`, label: t(`frame.menu.${n}`) })) },
      { key: 'density', label: t('frame.menu.density'), children: DENSITY.map(([k, n]) => ({ key: `density:${k}`, label: t(`frame.menu.${n}`) })) },
      {
        key: 'language',
        label: t('frame.menu.language'),
        children: [
          { key: 'language:zh-CN', label: '中文' },
          { key: 'language:en', label: 'English' },
        ],
      },
      { key: 'pin', label: t(pinned ? 'frame.menu.unpin' : 'frame.menu.pin') },
      { key: 'help', label: t('frame.menu.shortcuts'), extra: '?' },
      { type: 'divider' },
      { key: 'go:/me/views', label: t('frame.menu.myViews') },
      { key: 'go:/me/sessions', label: t('frame.menu.sessions') },
      { key: 'go:/me/security', label: t('frame.menu.password') },
      { type: 'divider' },
      { key: 'leave', label: t('frame.menu.signOut'), danger: true },
    ],
    onClick: ({ key }) => {
      const [kind = '', value = ''] = key.split(':');
      if (kind === 'theme') chooseTheme(value as ThemeChoice);
      else if (kind === 'density') chooseDensity(value as DensityChoice);
      else if (kind === 'language') void chooseLanguage(value === 'en' ? 'en' : 'zh-CN');
      else if (kind === 'go') void navigate({ to: value });
      else if (kind === 'pin') togglePinned();
      else if (kind === 'help') onHelp();
      else if (kind === 'leave') void leaveNow();
    },
  };
}

export function TopBar({ onFind, onHelp }: { onFind: () => void; onHelp: () => void }) {
  const { t } = useTranslation();
  const { session } = usePresence();
  const menu = useNameMenu(onHelp);
  const mayKept = useMay('recording.read');
  return (
    <header className="mj-top">
      <Link to="/" className="mj-brand">
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" strokeWidth="2.4" />
          <circle cx="10" cy="10" r="2.8" fill="currentColor" />
        </svg>
        {t('frame.product')}
        {session.jurisdiction === t('frame.product') ? null : <span className="mj-brand-place">· {session.jurisdiction}</span>}
      </Link>
      <button type="button" className="mj-find" onClick={onFind} data-testid="find">
        <SearchOutlined />
        <span className="mj-find-words">{t('frame.find')}</span>
        <span className="mj-find-keys mj-key">Ctrl K</span>
      </button>
      <div className="mj-top-side">
        {mayKept ? <RecordingState /> : null}
        <Clock />
        <Bell />
        <button type="button" className="mj-top-link" onClick={onHelp} aria-label={t('frame.menu.shortcuts')} title={`${t('frame.menu.shortcuts')} (?)`}>
          <QuestionCircleOutlined />
        </button>
        <Dropdown menu={menu} trigger={['click']} placement="bottomRight">
          <button type="button" className="mj-top-link" data-testid="name-menu">
            <UserOutlined /> <span className="mj-name">{session.user.name}</span>
          </button>
        </Dropdown>
      </div>
    </header>
  );
}
