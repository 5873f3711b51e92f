// Exports as jobs: what was ordered, how far it is, its files with both digests, its gaps.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { cancelExport, exportFileAddress, exportJobs, type ExportJob } from '@/api/recordings';
import { Identifier, NameText } from '@/shared/names/Named';
import { listText, nowUs, rangeText } from '@/shared/time/beijing';
import { bytesText } from '@/shared/time/numbers';
import { knownReason } from '@/shared/timeline/span';
import { Act } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Status } from '@/shared/ui/StatusShape';
import './messages';
import './KeptPage.css';

const SHAPES: Record<ExportJob['state'], Status> = {
  queued: 'waiting',
  running: 'running',
  done: 'ok',
  failed: 'failed',
  cancelled: 'off',
  expired: 'off',
};

export default function JobsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['exports'],
    queryFn: ({ signal }) => exportJobs(signal),
    refetchInterval: 2_000,
  });
  const cancel = useMutation({
    mutationFn: cancelExport,
    onSuccess: () => client.invalidateQueries({ queryKey: ['exports'] }),
  });
  const items = query.data?.items ?? [];
  const none = (
    <Empty>
      {t('keeping.noJobs')} <Link to="/playback">{t('frame.pages.playback')}</Link>
    </Empty>
  );
  return (
    <Sheet title={t('keeping.jobsTitle')} lead={t('keeping.jobsLead')} testId="jobs-page">
      {cancel.isError ? <ErrorNote error={cancel.error} what={t('keeping.cancel')} /> : null}
      <PanelState query={query} what={t('keeping.jobs')} empty={query.isSuccess && items.length === 0 ? none : undefined}>
        <div className="mj-jobs">
          {items.map((job) => (
            <Job key={job.id} job={job} onCancel={() => cancel.mutate(job.id)} />
          ))}
        </div>
      </PanelState>
    </Sheet>
  );
}

function Job({ job, onCancel }: { job: ExportJob; onCancel: () => void }) {
  const { t } = useTranslation();
  const active = job.state === 'queued' || job.state === 'running';
  return (
    <section className="mj-card" data-testid={`job-${job.id}`} data-state={job.state}>
      <div className="mj-card-head">
        <h2>
          <StatusShape status={SHAPES[job.state]} label={t(`states.jobState.${job.state}`)} /> {rangeText(job.from_us, job.until_us)}
        </h2>
        <span className="mj-muted">{listText(job.created_us, nowUs())}</span>
      </div>
      <p>
        {job.reason} · <span className="mj-muted">{t('keeping.gapCount', { count: job.gaps.length })}</span>
      </p>
      {job.state === 'running' ? <progress value={job.done} max={Math.max(1, job.total)} aria-label={job.step} /> : null}
      {job.problem ? <p role="alert">{job.problem}</p> : null}
      <ul className="mj-jobs-cameras">
        {job.channels.map((channel) => (
          <CameraOf key={channel} job={job} channel={channel} />
        ))}
      </ul>
      {active ? (
        <div>
          <Act onAct={onCancel}>{t('keeping.cancel')}</Act>
        </div>
      ) : null}
    </section>
  );
}

/** What of a camera came of the job: its file with both digests, and what is missing in it. */
function CameraOf({ job, channel }: { job: ExportJob; channel: string }) {
  const { t } = useTranslation();
  const file = job.files.find((one) => one.channel === channel);
  const gaps = job.gaps.filter((gap) => gap.channel === channel);
  return (
    <li data-testid={`job-camera-${channel}`}>
      {file ? (
        <>
          <a href={exportFileAddress(job.id, channel)} download>
            <NameText id={channel} />
          </a>{' '}
          · {bytesText(file.bytes)}
        </>
      ) : (
        <NameText id={channel} />
      )}{' '}
      <Identifier id={channel} />
      {gaps.length > 0 ? (
        <ul className="mj-plain mj-muted">
          {gaps.map((gap) => (
            <li key={gap.from_us}>
              {t(`states.gap.${knownReason(gap.reason)}`)} {rangeText(gap.from_us, gap.until_us)}
            </li>
          ))}
        </ul>
      ) : null}
      {file ? (
        <>
          <div className="mj-code-line mj-muted">{file.name}</div>
          <div className="mj-code-line mj-muted">SHA-256 {file.sha256}</div>
          <div className="mj-code-line mj-muted">SM3 {file.sm3}</div>
        </>
      ) : null}
    </li>
  );
}
