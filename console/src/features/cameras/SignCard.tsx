// The sign at a camera: what it says and where, its photo, when it was checked and is due, and every check before.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkSign, keepSignPhoto, signChecks, signPhotoAddress, type Dossier, type SignCheckWish } from '@/api/dossiers';
import { RuleBasis } from '@/shared/law/Citation';
import { useWords } from '@/shared/law/useWords';
import { useMay } from '@/shared/session';
import { dateText, nowUs } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { DayField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';

export function SignCard({ dossier }: { dossier: Dossier }) {
  const { t } = useTranslation();
  const { word } = useWords();
  const refusal = useRefusal();
  const mayWrite = useMay('register.write');
  const [checking, setChecking] = useState(false);
  const [kept, setKept] = useState(0);
  const client = useQueryClient();
  const photo = useMutation({
    mutationFn: (file: File) => keepSignPhoto(dossier.camera, file),
    onSuccess: async (made) => {
      client.setQueryData(['dossier', dossier.camera], made);
      setKept((count) => count + 1);
      await client.invalidateQueries({ queryKey: ['findings', { subject: dossier.camera }] });
    },
  });
  const checks = useQuery({ queryKey: ['sign-checks', dossier.camera, dossier.sign_checked, dossier.sign_state], queryFn: ({ signal }) => signChecks(dossier.camera, signal) });
  const late = dossier.sign_due !== null && dossier.sign_due < dateText(nowUs());
  const good = dossier.sign_checked !== null && !late && (dossier.sign_state ?? 'present') === 'present';
  return (
    <section className="mj-card" id="group-sign" data-testid="sign-card">
      <h2>
        {t('cameras.dossier.groups.sign')} <RuleBasis rule="SIGN-01" />
      </h2>
      <StatusShape
        status={good ? 'ok' : 'failed'}
        label={dossier.sign_checked ? t('cameras.dossier.signDue', { day: dossier.sign_due ?? '–' }) : t('cameras.dossier.signNone')}
      />
      {dossier.sign_photo ? (
        <img className="mj-proof" src={signPhotoAddress(dossier.camera, kept)} alt={t('cameras.dossier.signPhoto')} />
      ) : (
        <p className="mj-muted">{t('cameras.dossier.noPhoto')}</p>
      )}
      {dossier.sign_text ? <p>{`“${dossier.sign_text}” ${dossier.sign_place ?? ''}`}</p> : null}
      {mayWrite ? (
        <label className="mj-link-act">
          {t('cameras.dossier.takePhoto')}
          <input
            type="file"
            accept="image/jpeg,image/png"
            data-testid="sign-photo"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) photo.mutate(file);
              event.target.value = '';
            }}
          />
        </label>
      ) : null}
      {photo.isError ? <ErrorNote error={photo.error} what={t('cameras.dossier.signPhoto')} /> : null}
      {checking && mayWrite ? (
        <CheckForm dossier={dossier} onDone={() => setChecking(false)} />
      ) : (
        <Act testId="sign-check" refusal={refusal(mayWrite, t('rights.permission.register.write'))} onAct={() => setChecking(true)}>
          {t('cameras.dossier.check')}
        </Act>
      )}
      <PanelState query={checks} what={t('cameras.dossier.checks')}>
        <ul className="mj-plain" data-testid="sign-checks">
          {checks.data?.map((one) => (
            <li key={`${one.day} ${one.at_us}`}>
              {one.day} · {word('sign_state', one.state)} · {one.who_name}
            </li>
          ))}
        </ul>
      </PanelState>
    </section>
  );
}

function CheckForm({ dossier, onDone }: { dossier: Dossier; onDone: () => void }) {
  const { t } = useTranslation();
  const { list } = useWords();
  const client = useQueryClient();
  const today = dateText(nowUs());
  const [wish, setWish] = useState<SignCheckWish>({ day: today, state: 'present', text: dossier.sign_text ?? '', place: dossier.sign_place ?? '' });
  const set = (change: Partial<SignCheckWish>) => setWish((before) => ({ ...before, ...change }));
  const save = useMutation({
    mutationFn: () => checkSign(dossier.camera, wish),
    onSuccess: async (made) => {
      client.setQueryData(['dossier', dossier.camera], made);
      await client.invalidateQueries({ queryKey: ['findings', { subject: dossier.camera }] });
      onDone();
    },
  });
  const faults = useFaults(save.error);
  return (
    <form
      className="mj-form"
      data-testid="sign-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <DayField label={t('cameras.dossier.checkDay')} mandatory latest={today} value={wish.day} fault={faults.day} onChange={(day) => set({ day: day ?? today })} />
      <SelectField label={t('cameras.dossier.checkState')} mandatory value={wish.state} options={list('sign_state')} onChange={(state) => set({ state: state as SignCheckWish['state'] })} />
      <TextField label={t('cameras.dossier.checkText')} value={wish.text ?? ''} fault={faults.text} onChange={(text) => set({ text })} />
      <TextField label={t('cameras.dossier.checkPlace')} value={wish.place ?? ''} fault={faults.place} onChange={(place) => set({ place })} />
      {save.isError ? <ErrorNote error={save.error} what={t('cameras.dossier.check')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit testId="sign-save">
          {t('cameras.dossier.checkSave')}
        </Act>
        <Act onAct={onDone}>{t('cameras.record.cancel')}</Act>
      </div>
    </form>
  );
}
