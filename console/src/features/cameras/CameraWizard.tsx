// From an address to a camera that records: address, probe leg by leg, purpose, lawfulness, check. Every step can be left
// and returned to; nothing is written before the last one. The password never leaves this form but to the server.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { organisations, probe, register, type Transport } from '@/api/registry';
import { plans } from '@/api/recordings';
import { LegDiagnosis } from '@/shared/diagnosis/LegDiagnosis';
import { inLanguage } from '@/shared/i18n';
import { useSession } from '@/shared/session';
import { clockText } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { DivisionField } from '@/shared/names/DivisionField';
import { FirstLook } from './FirstLook';
import { useWizardDraft } from './wizardDraft';

const STEPS = ['address', 'probe', 'purpose', 'lawful', 'check'] as const;
const TRANSPORTS: Transport[] = ['auto', 'tcp', 'udp', 'udp_only'];

export function CameraWizard({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const session = useSession();
  const { draft, step, keptMs, returned, setDraft: set, setStep, forget } = useWizardDraft(session.user.id);
  const units = useQuery({ queryKey: ['organisations'], queryFn: ({ signal }) => organisations(signal) });
  const offered = useQuery({ queryKey: ['plans'], queryFn: ({ signal }) => plans(signal) });
  const credentials = {
    ...(draft.user ? { user: draft.user } : {}),
    ...(draft.password ? { password: draft.password } : {}),
  };
  const trial = useMutation({
    mutationFn: () => probe({ url: draft.url.trim(), transport: draft.transport, ...credentials }),
  });
  const unit = units.data?.find((one) => one.id === draft.organisation);
  const save = useMutation({
    mutationFn: () => {
      const stream = { transport: draft.transport, audio: draft.audio };
      const sub = draft.sub.trim() ? [{ kind: 'sub' as const, url: draft.sub.trim(), ...stream }] : [];
      return register({
        name: draft.name.trim(),
        division: draft.division,
        organisation: draft.organisation,
        address: draft.place,
        streams: [{ kind: 'main', url: draft.url.trim(), ...stream }, ...sub],
        ...credentials,
        ...(draft.plan ? { plan: draft.plan } : {}),
      });
    },
    onSuccess: async () => {
      forget();
      await client.invalidateQueries({ queryKey: ['cameras'] });
    },
  });
  const problems = [
    ...(draft.url.trim() ? [] : [t('cameras.wizard.noUrl')]),
    ...(draft.name.trim() ? [] : [t('cameras.wizard.noName')]),
    ...(unit ? [] : [t('cameras.wizard.noUnit')]),
    ...(draft.division ? [] : [t('cameras.wizard.noDivision')]),
  ];
  const failed = trial.data?.legs.some((leg) => leg.state === 'failed') ?? false;
  const video = trial.data?.format?.video;
  const text = (key: 'url' | 'sub' | 'user' | 'name' | 'place') => (
    <label>
      {t(`cameras.wizard.${key}`)}
      <Input
        value={draft[key]}
        data-testid={`wizard-${key}`}
        onChange={(event) => set({ [key]: event.target.value })}
      />
    </label>
  );
  if (save.data) return <FirstLook camera={save.data} onDone={onClose} />;
  const next = () => {
    if (step === 0) trial.mutate();
    setStep(Math.min(STEPS.length - 1, step + 1));
  };
  return (
    <div className="mj-cams" data-testid="camera-wizard" data-step={STEPS[step]}>
      <h1>{t('cameras.add')}</h1>
      <div className="mj-cams-bar">
        {STEPS.map((name, index) => (
          <Act key={name} kind="quiet" pressed={index === step} onAct={() => setStep(index)}>
            {index + 1} {t(`cameras.wizard.steps.${name}`)}
          </Act>
        ))}
        {keptMs === null ? null : (
          <span className="mj-muted" role="status" data-testid="wizard-draft">
            {t('cameras.wizard.draftKept', { time: clockText(keptMs * 1000) })}
            {returned && draft.user ? ` · ${t('cameras.wizard.draftNoPassword')}` : ''}
          </span>
        )}
        {keptMs === null ? null : (
          <Act kind="quiet" testId="wizard-forget" onAct={forget}>
            {t('cameras.wizard.draftForget')}
          </Act>
        )}
      </div>
      <form
        className="mj-cams-form"
        onSubmit={(event) => {
          event.preventDefault();
          next();
        }}
      >
        {step === 0 ? (
          <>
            {text('url')}
            {text('user')}
            <label>
              {t('cameras.wizard.password')}
              <Input.Password
                value={draft.password}
                autoComplete="off"
                data-testid="wizard-password"
                onChange={(event) => set({ password: event.target.value })}
              />
            </label>
            <label>
              {t('cameras.wizard.transport')}
              <select value={draft.transport} onChange={(event) => set({ transport: event.target.value as Transport })}>
                {TRANSPORTS.map((one) => (
                  <option key={one} value={one}>
                    {t(`cameras.wizard.transports.${one}`)}
                  </option>
                ))}
              </select>
            </label>
          </>
        ) : null}
        {step === 1 ? (
          <>
            {trial.isPending ? <p role="status">{t('cameras.wizard.probing')}</p> : null}
            {trial.isError ? (
              <ErrorNote error={trial.error} what={t('cameras.diagnose')} onRetry={() => trial.mutate()} />
            ) : null}
            {trial.data ? (
              <LegDiagnosis legs={trial.data.legs} summary={inLanguage(trial.data.summary, trial.data.summary_en)} />
            ) : null}
            {video ? (
              <p data-testid="wizard-format">{`${video.codec} ${video.width}×${video.height} · ${video.fps ?? '?'} fps`}</p>
            ) : null}
            <Act testId="wizard-probe" onAct={() => trial.mutate()}>
              {t('cameras.runAgain')}
            </Act>
          </>
        ) : null}
        {step === 2 ? (
          <>
            {text('name')}
            {text('place')}
            {text('sub')}
            <PanelState query={units} what={t('cameras.wizard.unit')}>
              <label>
                {t('cameras.wizard.unit')}
                <select
                  value={draft.organisation}
                  data-testid="wizard-unit"
                  onChange={(event) => set({ organisation: event.target.value })}
                >
                  <option value="">–</option>
                  {units.data?.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name}
                    </option>
                  ))}
                </select>
              </label>
            </PanelState>
            <DivisionField value={draft.division} onChange={(division) => set({ division })} />
            <label>
              {t('cameras.wizard.plan')}
              <select value={draft.plan} onChange={(event) => set({ plan: event.target.value })}>
                <option value="">{t('cameras.wizard.defaultPlan')}</option>
                {offered.data?.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </select>
            </label>
            <label>
              <span>
                <input
                  type="checkbox"
                  checked={draft.audio}
                  onChange={(event) => set({ audio: event.target.checked })}
                />{' '}
                {t('cameras.wizard.audio')}
              </span>
            </label>
          </>
        ) : null}
        {step === 3 ? <p>{t('cameras.wizard.lawful')}</p> : null}
        {step === 4 ? (
          <>
            <ul data-testid="wizard-problems">
              {problems.map((problem) => (
                <li key={problem}>■ {problem}</li>
              ))}
              {failed ? <li>▲ {t('cameras.wizard.probeFailed')}</li> : null}
              {!trial.data ? <li>◇ {t('cameras.wizard.notProbed')}</li> : null}
              {trial.data && !failed ? <li>● {t('cameras.wizard.probeOk')}</li> : null}
            </ul>
            {save.isError ? <ErrorNote error={save.error} what={t('cameras.add')} /> : null}
            <Act
              kind="primary"
              testId="wizard-save"
              refusal={problems.length > 0 ? { reason: problems.join(' ') } : null}
              onAct={() => save.mutate()}
            >
              {save.isPending ? t('oversee.submitting') : t('cameras.wizard.save')}
            </Act>
          </>
        ) : null}
        <div className="mj-cams-bar">
          <Act onAct={step === 0 ? onClose : () => setStep(step - 1)}>
            {step === 0 ? t('cameras.wizard.leave') : t('cameras.wizard.back')}
          </Act>
          {step < STEPS.length - 1 ? (
            <Act
              kind="primary"
              submit
              testId="wizard-next"
              refusal={step === 0 && !draft.url.trim() ? { reason: t('cameras.wizard.noUrl') } : null}
            >
              {t('cameras.wizard.next')}
            </Act>
          ) : null}
        </div>
      </form>
    </div>
  );
}
