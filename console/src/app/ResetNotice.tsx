// Somebody else gave this person a password: who and when, until they say that they know.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { remember, toTell } from './resetNotice';

export function ResetNotice() {
  const { t } = useTranslation();
  const { user } = useSession();
  const [reset, setReset] = useState(() => toTell(user));
  if (!reset) return null;
  return (
    <aside className="mj-reset-notice" role="status" data-testid="reset-notice">
      <p>{t('frame.resetNotice.text', { time: momentText(reset.at_us), who: reset.by_name })}</p>
      <Link to="/me/security">{t('frame.resetNotice.change')}</Link>
      <Link to="/me/sessions">{t('frame.resetNotice.sessions')}</Link>
      <Act
        kind="primary"
        testId="reset-known"
        onAct={() => {
          remember(user);
          setReset(null);
        }}
      >
        {t('frame.resetNotice.known')}
      </Act>
    </aside>
  );
}
