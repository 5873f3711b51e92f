// The frame around every page: skip link, top bar, rail, page, status bar; keys of the whole console.
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '@/shared/keys';
import type { KeyBinding } from '@/shared/keys';
import { liveFeed } from '@/shared/live';
import { HelpPanel } from './HelpPanel';
import { Palette } from './Palette';
import { Rail, useOpenPages } from './Rail';
import { ResetNotice } from './ResetNotice';
import { StatusBar } from './StatusBar';
import { TopBar } from './TopBar';
import './Shell.css';

const GO_WAIT_MS = 1200;
/** Not zero: that is when the page was opened, and a letter pressed at once is no letter behind a `g`. */
const NEVER = -Infinity;

/** `g` and then a letter, within 1.2 s. */
function useGoKeys(): KeyBinding {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const pages = useOpenPages();
  const pressedAt = useRef(NEVER);
  useEffect(() => {
    const onLetter = (event: KeyboardEvent): void => {
      if (event.timeStamp - pressedAt.current > GO_WAIT_MS || event.key === 'g') return;
      pressedAt.current = NEVER;
      const page = pages.find((p) => p.go === event.key);
      if (!page) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void navigate({ to: page.path });
    };
    window.addEventListener('keydown', onLetter, { capture: true });
    return () => window.removeEventListener('keydown', onLetter, { capture: true });
  }, [pages, navigate]);
  const letters = pages.flatMap((p) => (p.go && p.name ? [`${p.go} ${t(`frame.pages.${p.name}`)}`] : []));
  return {
    keys: 'G',
    meaning: `${t('frame.help.go')}: ${letters.join(' · ')}`,
    act: (event) => {
      pressedAt.current = event.timeStamp;
      return undefined;
    },
  };
}

export function Shell() {
  const { t } = useTranslation();
  const [finding, setFinding] = useState(false);
  const [helping, setHelping] = useState(false);
  const go = useGoKeys();

  useEffect(() => {
    liveFeed.start();
    return () => liveFeed.stop();
  }, []);

  const find = useMemo(
    () => (): undefined => {
      setFinding(true);
    },
    [],
  );
  useKeys([
    { keys: 'Ctrl K', meaning: t('frame.help.find'), act: find, inFields: true },
    { keys: '/', meaning: t('frame.help.find'), act: find },
    {
      keys: '?',
      meaning: t('frame.help.keys'),
      act: () => {
        setHelping((h) => !h);
        return undefined;
      },
    },
    go,
  ]);

  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });

  return (
    <div className="mj-shell">
      <a className="mj-skip" href="#page">
        {t('frame.skip')}
      </a>
      <TopBar onFind={() => setFinding(true)} onHelp={() => setHelping(true)} />
      <Rail />
      <main id="page" className="mj-page" tabIndex={-1} data-path={path}>
        <Outlet />
      </main>
      <StatusBar />
      <ResetNotice />
      {finding ? <Palette onClose={() => setFinding(false)} onHelp={() => setHelping(true)} /> : null}
      {helping ? <HelpPanel onClose={() => setHelping(false)} /> : null}
    </div>
  );
}
