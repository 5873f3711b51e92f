// The clock that deletion rests on: whether its witnesses agree, what a jump means, and a person's word that it is right.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockState, confirmClock } from '@/api/recordings';
import { useMay } from '@/shared/session';
import { momentText, spanText } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';

const DOUBTS = ['wall_ahead', 'wall_behind', 'segment_ahead'] as const;

export function ClockCard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const refusal = useRefusal();
  const may = useMay('system.write');
  const [reason, setReason] = useState<string | null>(null);
  const query = useQuery({ queryKey: ['clock'], queryFn: ({ signal }) => clockState(signal), refetchInterval: 5_000 });
  const confirm = useMutation({
    mutationFn: (why: string) => confirmClock(why),
    onSuccess: async () => {
      setReason(null);
      await client.invalidateQueries({ queryKey: ['clock'] });
    },
  });
  const found = query.data;
  const paused = found?.paused_since_us ?? null;
  const doubts = DOUBTS.filter((doubt) => found?.doubts.includes(doubt));
  return (
    <section className="mj-card" data-testid="clock-card" data-paused={paused !== null}>
      <h2>{t('system.clock.title')}</h2>
      <PanelState query={query} what={t('system.clock.title')}>
        {found ? (
          <>
            <StatusShape
              status={paused === null ? 'ok' : 'failed'}
              label={paused === null ? t('system.clock.agreed') : t('system.clock.paused', { time: momentText(paused) })}
            />
            <dl className="mj-facts">
              <dt>{t('system.clock.wall')}</dt>
              <dd>{momentText(found.wall_us)}</dd>
              {found.trusted_us === null ? null : (
                <>
                  <dt>{t('system.clock.trusted')}</dt>
                  <dd>
                    {momentText(found.trusted_us)} · {t('system.clock.apart', { length: spanText(Math.abs(found.wall_us - found.trusted_us)) })}
                  </dd>
                </>
              )}
            </dl>
            {paused === null ? null : (
              <>
                <ul>
                  {doubts.map((doubt) => (
                    <li key={doubt}>{t(`system.clock.doubt.${doubt}`)}</li>
                  ))}
                </ul>
                <p>{t('system.clock.meaning')}</p>
                <div>
                  <Act kind="primary" testId="clock-confirm" refusal={refusal(may, t('system.clock.permission'))} onAct={() => setReason('')}>
                    {t('system.clock.confirm')}
                  </Act>
                </div>
              </>
            )}
          </>
        ) : null}
      </PanelState>
      {reason !== null && found ? (
        <Confirm
          title={t('system.clock.ask', { time: momentText(found.wall_us) })}
          consequences={[t('system.clock.compare'), t('system.clock.follows'), t('system.clock.journalled')]}
          verb={t('system.clock.confirm')}
          danger
          running={confirm.isPending}
          error={confirm.error}
          onAct={() => {
            if (reason.trim() !== '') confirm.mutate(reason.trim());
          }}
          onClose={() => setReason(null)}
          testId="clock-ask"
        >
          <label className="mj-field">
            {t('system.clock.reason')}
            <input className="mj-input" value={reason} required maxLength={200} aria-invalid={reason.trim() === ''} data-testid="clock-reason" onChange={(event) => setReason(event.target.value)} />
          </label>
        </Confirm>
      ) : null}
    </section>
  );
}
