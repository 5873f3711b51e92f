// Where I am signed in, and ending what should not be.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endOtherSessions, endOwnSession, ownSessions } from '@/api/session';
import { agentText } from '@/shared/agent';
import { usePresence } from '@/shared/session';
import { listText, momentText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import './messages';

export default function SessionsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { leave } = usePresence();
  const query = useQuery({ queryKey: ['own-sessions'], queryFn: ownSessions });
  const items = query.data?.items ?? [];
  const others = items.filter((one) => !one.current);
  const end = useMutation({
    mutationFn: endOwnSession,
    onSuccess: async (_, id) => {
      if (items.some((one) => one.current && one.id === id)) leave();
      else await client.invalidateQueries({ queryKey: ['own-sessions'] });
    },
  });
  const [asking, setAsking] = useState(false);
  const endOthers = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: ['own-sessions'] });
    },
  });
  const what = t('own.sessions.endOthersWhat', { returnObjects: true });
  return (
    <Sheet
      title={t('own.sessions.title')}
      lead={t('own.sessions.lead')}
      testId="sessions-page"
      acts={
        <Act
          testId="sessions-end-others"
          refusal={others.length === 0 ? { reason: t('own.sessions.none') } : null}
          onAct={() => setAsking(true)}
        >
          {t('own.sessions.endOthers')}
        </Act>
      }
    >
      {endOthers.data ? (
        <p className="mj-note" role="status" data-testid="sessions-ended">
          {t('own.sessions.ended', { sessions: endOthers.data.sessions, tokens: endOthers.data.tokens })}
        </p>
      ) : null}
      {end.isError ? <ErrorNote error={end.error} what={t('own.sessions.end')} /> : null}
      <PanelState query={query} what={t('own.sessions.title')}>
        <div className="mj-table-seat">
          <table className="mj-table">
            <thead>
              <tr>
                <th scope="col">{t('own.sessions.seen')}</th>
                <th scope="col">{t('own.sessions.source')}</th>
                <th scope="col">{t('own.sessions.agent')}</th>
                <th scope="col">{t('own.sessions.since')}</th>
                <th scope="col">{t('own.sessions.expires')}</th>
                <th scope="col" aria-label={t('own.sessions.end')} />
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.id} data-testid={`session-${one.id}`} data-current={one.current}>
                  <td>
                    {listText(one.seen_us, nowUs())}{' '}
                    {one.current ? <StatusShape status="ok" label={t('own.sessions.current')} /> : null}
                  </td>
                  <td>{one.source}</td>
                  <td title={one.agent}>{agentText(one.agent)}</td>
                  <td>{momentText(one.created_us)}</td>
                  <td>{momentText(one.expires_us)}</td>
                  <td>
                    <Act kind="danger" testId={`end-${one.id}`} onAct={() => end.mutate(one.id)}>
                      {t('own.sessions.end')}
                    </Act>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </PanelState>
      {asking ? (
        <Confirm
          title={t('own.sessions.endOthersAsk')}
          consequences={[what.sessions, what.tokens]}
          verb={t('own.sessions.endOthers')}
          danger
          running={endOthers.isPending}
          error={endOthers.error}
          onAct={() => endOthers.mutate()}
          onClose={() => setAsking(false)}
          testId="end-others-ask"
        />
      ) : null}
    </Sheet>
  );
}
