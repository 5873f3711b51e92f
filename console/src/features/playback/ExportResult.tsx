// What became of an export that was just ordered: how far it is, and its files with their digests. The sheet may be closed.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { exportFileAddress, exportJob, type ExportJob } from '@/api/recordings';
import { bytesText } from '@/shared/time/numbers';

const ASK_EVERY_MS = 1_000;
const UNDER_WAY: readonly ExportJob['state'][] = ['queued', 'running'];

export function ExportResult({ ordered, nameOf }: { ordered: ExportJob; nameOf: (channel: string) => string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['exports', ordered.id],
    queryFn: ({ signal }) => exportJob(ordered.id, signal),
    refetchInterval: ({ state }) => (state.data && !UNDER_WAY.includes(state.data.state) ? false : ASK_EVERY_MS),
  });
  const job = query.data ?? ordered;
  return (
    <div role="status" data-testid="export-ordered" data-state={job.state}>
      <p>
        {UNDER_WAY.includes(job.state) ? t('playback.sheet.submitted') : t(`states.jobState.${job.state}`)}{' '}
        <a href="/jobs">{t('playback.sheet.openJobs')}</a>
      </p>
      {job.state === 'running' ? <progress value={job.done} max={Math.max(1, job.total)} aria-label={job.step} /> : null}
      {job.problem ? <p role="alert">{job.problem}</p> : null}
      <ul className="mj-play-files">
        {job.files.map((file) => (
          <li key={file.name}>
            <a href={exportFileAddress(job.id, file.channel)} download>
              {nameOf(file.channel)}
            </a>{' '}
            · {bytesText(file.bytes)}
            <code>SHA-256 {file.sha256}</code>
            <code>SM3 {file.sm3}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
