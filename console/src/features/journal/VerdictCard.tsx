// Is the journal whole? The last check, a check now, and a signed checkpoint to be kept outside this system.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { makeCheckpoint, verdict, verifyJournal } from '@/api/journal';
import type { Checkpoint } from '@/api/journal';
import { useMay } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { countText } from '@/shared/time/numbers';
import { saveFile } from '@/shared/saveFile';
import { Act, useRefusal } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import '@/shared/ui/Sheet.css';

function download(made: Checkpoint): void {
  saveFile(new Blob([JSON.stringify(made, null, 2)], { type: 'application/json' }), `mingjing-checkpoint-${made.seq}.json`);
}

export function VerdictCard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const refusal = useRefusal();
  const mayVerify = useMay('journal.verify');
  const [made, setMade] = useState<Checkpoint | null>(null);
  const query = useQuery({ queryKey: ['journal-verdict'], queryFn: ({ signal }) => verdict(signal), refetchInterval: 60_000 });
  const verify = useMutation({
    mutationFn: verifyJournal,
    onSuccess: (found) => client.setQueryData(['journal-verdict'], found),
  });
  const sign = useMutation({
    mutationFn: makeCheckpoint,
    onSuccess: async (checkpoint) => {
      download(checkpoint);
      setMade(checkpoint);
      await client.invalidateQueries({ queryKey: ['journal-verdict'] });
    },
  });
  const found = query.data;
  const words = found?.ok
    ? t('journal.verdict.whole')
    : found?.broken_seq == null
      ? t('journal.verdict.brokenNowhere')
      : t('journal.verdict.broken', { seq: found.broken_seq });
  return (
    <section className="mj-card" data-testid="verdict" data-ok={found?.ok} aria-label={t('journal.verdict.title')}>
      <PanelState query={query} what={t('journal.verdict.title')}>
        {found ? (
          <div className="mj-row">
            <h2>{t('journal.verdict.title')}</h2>
            <StatusShape status={found.ok ? 'ok' : 'failed'} size={16} label={words} />
            <span>{t('journal.verdict.entries', { count: found.entries, replace: { count: countText(found.entries) } })}</span>
            <span>{t('journal.verdict.checkpoints', { count: found.checkpoints })}</span>
            <span className="mj-muted">{t('journal.verdict.asOf', { time: momentText(found.at_us) })}</span>
            <span className="mj-register-acts">
              <Act
                testId="verify-now"
                refusal={refusal(mayVerify, t('journal.verdict.permission'))}
                onAct={verify.isPending ? undefined : () => verify.mutate()}
              >
                {verify.isPending ? t('journal.verdict.verifying') : t('journal.verdict.verify')}
              </Act>
              <Act
                testId="make-checkpoint"
                refusal={refusal(mayVerify, t('journal.verdict.permission'))}
                onAct={sign.isPending ? undefined : () => sign.mutate()}
              >
                {sign.isPending ? t('journal.verdict.signing') : t('journal.verdict.checkpoint')}
              </Act>
            </span>
          </div>
        ) : null}
        {found?.reason ? <p role="alert">{found.reason}</p> : null}
        {found?.head ? (
          <p className="mj-muted">
            {t('journal.verdict.head')} <span className="mj-code-line">{found.head}</span>
          </p>
        ) : null}
      </PanelState>
      {verify.isError ? <ErrorNote error={verify.error} what={t('journal.verdict.verify')} /> : null}
      {sign.isError ? <ErrorNote error={sign.error} what={t('journal.verdict.checkpoint')} /> : null}
      {made ? (
        <p className="mj-note" role="status" data-testid="checkpoint-made">
          {t('journal.verdict.checkpointDone', { seq: made.seq })}
        </p>
      ) : null}
    </section>
  );
}
