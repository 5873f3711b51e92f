// Start: appearance and language first, then the entry, which asks who is there.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Entry } from '@/app/Entry';
import { startLanguage, storedLanguage } from '@/shared/i18n';
import { startAppearance } from '@/shared/theme/appearance';
import '@/shared/theme/page.css';

async function start(): Promise<void> {
  startAppearance();
  await startLanguage(storedLanguage());
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  createRoot(root).render(
    <StrictMode>
      <Entry />
    </StrictMode>,
  );
}

void start();
