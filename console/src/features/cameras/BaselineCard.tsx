// The view as it shall be beside the view as it is: kept by one act, with who and when. Nothing here compares the pictures:
// a person does. What is reckoned is how far the dossier has gone from where the camera stood and looked then.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { snapshotAddress } from '@/api/cameras';
import { baselineAddress, keepBaseline, type Dossier } from '@/api/dossiers';
import { RuleBasis } from '@/shared/law/Citation';
import { useMay } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';

const WIDTH = 640;

export function BaselineCard({ dossier }: { dossier: Dossier }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const maySee = useMay('video.snapshot');
  const mayWrite = useMay('register.write');
  const client = useQueryClient();
  const keep = useMutation({
    mutationFn: () => keepBaseline(dossier.camera),
    onSuccess: async (made) => {
      client.setQueryData(['dossier', dossier.camera], made);
      await client.invalidateQueries({ queryKey: ['findings', { subject: dossier.camera }] });
    },
  });
  const { baseline } = dossier;
  return (
    <section className="mj-card" data-testid="baseline-card">
      <h2>
        {t('cameras.dossier.baseline')} <RuleBasis rule="FIX-01" />
      </h2>
      {baseline ? (
        <>
          {maySee ? <img className="mj-proof" src={baselineAddress(dossier.camera, baseline.id)} alt={t('cameras.dossier.baseline')} /> : null}
          <p>{t('cameras.dossier.keptBy', { who: baseline.who_name, at: momentText(baseline.at_us) })}</p>
          <p className="mj-muted">
            {t('cameras.dossier.since', { shift: baseline.shift_m?.toFixed(1) ?? '–', turn: baseline.turn_degrees?.toFixed(1) ?? '–' })}
          </p>
        </>
      ) : (
        <p className="mj-muted">{t('cameras.dossier.noBaseline')}</p>
      )}
      {maySee ? <Now key={baseline?.id} camera={dossier.camera} /> : null}
      <Act
        testId="baseline-keep"
        refusal={refusal(maySee && mayWrite, t(maySee ? 'rights.permission.register.write' : 'rights.permission.video.snapshot'))}
        onAct={() => keep.mutate()}
      >
        {keep.isPending ? t('oversee.submitting') : t(baseline ? 'cameras.dossier.keepAnew' : 'cameras.dossier.keep')}
      </Act>
      {keep.isError ? <ErrorNote error={keep.error} what={t('cameras.dossier.baseline')} /> : null}
      <p className="mj-muted">{t('cameras.dossier.notCompared')}</p>
    </section>
  );
}

/** The picture of now; each look is in the journal, so it is asked for by hand. */
function Now({ camera }: { camera: string }) {
  const { t } = useTranslation();
  const [looked, setLooked] = useState(false);
  const [failed, setFailed] = useState(false);
  if (!looked) {
    return (
      <Act kind="link" testId="baseline-now" onAct={() => setLooked(true)}>
        {t('cameras.dossier.lookNow')}
      </Act>
    );
  }
  if (failed) return <p className="mj-muted">{t('cameras.dossier.noPicture')}</p>;
  return (
    <figure className="mj-proof-now">
      <img className="mj-proof" src={snapshotAddress(camera, { width: WIDTH })} alt={t('cameras.dossier.now')} onError={() => setFailed(true)} />
      <figcaption className="mj-muted">{t('cameras.dossier.now')}</figcaption>
    </figure>
  );
}
