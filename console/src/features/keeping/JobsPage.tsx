// Exports as jobs: what was ordered, how far it is, its files with both digests, its gaps.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { cancelExport, exportFileAddress, exportJobs, type ExportJob } from '@/api/recordings';
import { listText, nowUs, rangeText } from '@/shared/time/beijing';
import { bytesText } from '@/shared/time/numbers';
import { Act } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import './KeptPage.css';

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
  return (
    <div className="mj-kept" data-testid="jobs-page">
      <PanelState
        query={query}
        what={t('keeping.jobs')}
        empty={query.isSuccess && items.length === 0 ? <p>{t('keeping.noJobs')}</p> : undefined}
      >
        {items.map((job) => (
          <section key={job.id} data-testid={`job-${job.id}`} data-state={job.state}>
            <h2>
              {t(`keeping.jobState.${job.state}`)} · {rangeText(job.from_us, job.until_us)} · {job.reason}
            </h2>
            <p>
              {listText(job.created_us, nowUs())} · {t('keeping.gapCount', { count: job.gaps.length })}
            </p>
            <Progress job={job} />
            {job.problem ? <p role="alert">{job.problem}</p> : null}
            <ul>
              {job.files.map((file) => (
                <li key={file.name}>
                  <a href={exportFileAddress(job.id, file.channel)} download>
                    {file.name}
                  </a>{' '}
                  · {bytesText(file.bytes)}
                  <br />
                  <code>SHA-256 {file.sha256}</code>
                  <br />
                  <code>SM3 {file.sm3}</code>
                </li>
              ))}
            </ul>
            {job.state === 'queued' || job.state === 'running' ? (
              <Act onAct={() => cancel.mutate(job.id)}>{t('keeping.cancel')}</Act>
            ) : null}
          </section>
        ))}
      </PanelState>
      {cancel.isError ? <ErrorNote error={cancel.error} what={t('keeping.cancel')} /> : null}
    </div>
  );
}

function Progress({ job }: { job: ExportJob }) {
  if (job.state !== 'running') return null;
  return <progress value={job.done} max={Math.max(1, job.total)} aria-label={job.step} />;
}
