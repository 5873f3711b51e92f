// Cameras with their dossiers from a table: looked at first, row by row, while one watches; then all rows or only the good
// ones. The bad rows go back as a table with the same columns, in which they can be mended and brought in again.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { importFaultsAddress, importJob, orderImport, ownImports, writeImport, type ImportJob } from '@/api/dossiers';
import { cameraTemplateAddress } from '@/api/registry';
import { inLanguage } from '@/shared/i18n';
import { momentText } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { StatusShape } from '@/shared/ui/StatusShape';
import { SHAPE, standing } from './imports';

type Row = ImportJob['rows'][number];
const LOOKS_MS = 500;
const STEPS = ['reading', 'checking', 'writing', 'judging'] as const;
const BUSY = new Set<ImportJob['state']>(['checking', 'writing']);

export function ImportSheet() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [picked, setPicked] = useState<string | undefined>();
  const order = useMutation({ mutationFn: orderImport });
  const id = order.data?.id ?? picked;
  const watch = useQuery({
    queryKey: ['import', id],
    queryFn: ({ signal }) => importJob(id ?? '', signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && !BUSY.has(state.data.state) ? false : LOOKS_MS),
  });
  const write = useMutation({
    mutationFn: (mode: 'all' | 'good') => writeImport(id ?? '', mode),
    onSuccess: (job) => client.setQueryData(['import', job.id], job),
  });
  const job = watch.data ?? order.data;
  const state = job?.state;
  useEffect(() => {
    if (state === 'done') void client.invalidateQueries({ queryKey: ['cameras'] });
    void client.invalidateQueries({ queryKey: ['imports'] });
  }, [state, client]);
  const choose = (chosen: File | null): void => {
    setFile(chosen);
    setPicked(undefined);
    write.reset();
    order.reset();
    if (chosen) order.mutate(chosen);
  };
  return (
    <div className="mj-form" data-testid="import-sheet">
      <p>
        {t('cameras.importHow')} <a href={cameraTemplateAddress()}>{t('cameras.template')}</a>
      </p>
      <label>
        {t('cameras.importFile')}
        <input
          className="mj-input"
          type="file"
          accept=".xlsx,.csv"
          data-testid="camera-import-file"
          onChange={(event) => {
            choose(event.target.files?.[0] ?? null);
            event.target.value = '';
          }}
        />
      </label>
      {file ? <p className="mj-muted">{file.name}</p> : null}
      {order.isPending ? <p role="status">{t('cameras.importSending')}</p> : null}
      {[order, watch, write].map((one, at) => (one.isError ? <ErrorNote key={at} error={one.error} what={t('cameras.import')} /> : null))}
      {job ? <Progress job={job} /> : null}
      {job?.counts && !BUSY.has(job.state) ? <Report job={job} /> : null}
      {job?.counts && !BUSY.has(job.state) ? (
        <div className="mj-row">
          {job.state === 'checked' ? <WriteActs counts={job.counts} onWrite={(mode) => write.mutate(mode)} /> : null}
          {job.held && job.counts.error > 0 ? (
            <a className="mj-link-act" data-testid="import-faults" href={importFaultsAddress(job.id)}>
              {t('cameras.importFaults', { count: job.counts.error })}
            </a>
          ) : null}
        </div>
      ) : null}
      <Earlier
        shown={id}
        onPick={(one) => {
          setFile(null);
          write.reset();
          order.reset();
          setPicked(one);
        }}
      />
    </div>
  );
}

/** One's own tables, those of before a restart too. */
function Earlier({ shown, onPick }: { shown: string | undefined; onPick: (id: string) => void }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['imports'], queryFn: ({ signal }) => ownImports(signal) });
  const rows = (query.data ?? []).filter((one) => one.id !== shown);
  if (rows.length === 0) return null;
  return (
    <RecordTable<ImportJob>
      rows={rows}
      rowKey={(one) => one.id}
      caption={t('cameras.importEarlier')}
      testId="imports-earlier"
      columns={[
        { key: 'at', title: t('cameras.importAt'), cell: (one) => <span className="mj-moment">{momentText(one.begun_us)}</span> },
        {
          key: 'file',
          title: t('cameras.importName'),
          cell: (one) => (
            <Act kind="link" onAct={() => onPick(one.id)}>
              {one.file || one.id}
            </Act>
          ),
        },
        { key: 'state', title: t('cameras.importState'), cell: (one) => <StatusShape status={SHAPE[standing(one)]} label={t(`cameras.importStates.${standing(one)}`)} /> },
        { key: 'written', title: t('cameras.importRows'), number: true, cell: (one) => (one.counts ? `${one.counts.written} / ${one.counts.rows}` : '–') },
      ]}
    />
  );
}

/** What is awaited, and how far it is. */
function Progress({ job }: { job: ImportJob }) {
  const { t } = useTranslation();
  if (job.state === 'failed') {
    return (
      <p role="alert" className="mj-fault">
        {inLanguage(job.problem ?? '', job.problem_en ?? '')}
      </p>
    );
  }
  if (standing(job) === 'unwritten') {
    return (
      <p role="status" data-testid="import-unwritten">
        {t('cameras.importUnwritten')}
      </p>
    );
  }
  if (job.state === 'interrupted') {
    return (
      <p role="alert" className="mj-fault" data-testid="import-interrupted">
        {t('cameras.importInterrupted', { written: job.counts?.written ?? 0 })}
      </p>
    );
  }
  if (!BUSY.has(job.state)) return null;
  const step = STEPS.find((one) => one === job.step) ?? 'checking';
  return (
    <p role="status" data-testid="import-progress">
      {t(`cameras.importStep.${step}`, { done: job.done, total: job.total })}{' '}
      <progress max={Math.max(job.total, 1)} value={step === 'reading' ? job.done : undefined} aria-label={t(`cameras.importStep.${step}`, { done: job.done, total: job.total })} />
    </p>
  );
}

function WriteActs({ counts, onWrite }: { counts: NonNullable<ImportJob['counts']>; onWrite: (mode: 'all' | 'good') => void }) {
  const { t } = useTranslation();
  const { rows, ok, error } = counts;
  return (
    <>
      <Act
        kind={error > 0 ? 'plain' : 'primary'}
        testId="import-all"
        refusal={error > 0 ? { reason: t('cameras.importHasErrors', { count: error }) } : rows === 0 ? { reason: t('cameras.importNoRows') } : null}
        onAct={() => onWrite('all')}
      >
        {t('cameras.importAll', { count: rows })}
      </Act>
      {error > 0 ? (
        <Act
          kind="primary"
          testId="import-good"
          refusal={ok === 0 ? { reason: t('cameras.importNoneGood') } : null}
          onAct={() => onWrite('good')}
        >
          {t('cameras.importGood', { count: ok })}
        </Act>
      ) : null}
    </>
  );
}

function Report({ job }: { job: ImportJob }) {
  const { t } = useTranslation();
  const { counts, rows } = job;
  if (!counts) return null;
  const written = job.state !== 'checked';
  return (
    <>
      <p role="status" data-testid="import-counts">
        <StatusShape status={counts.error > 0 ? 'degraded' : 'ok'} word="hidden" /> {t(written ? 'cameras.importWritten' : 'cameras.importCounts', { ...counts })}{' '}
        {t('cameras.importKinds', { fresh: counts.new, changed: counts.changed, unchanged: counts.unchanged })}
      </p>
      {rows.length > 0 ? (
        <RecordTable<Row>
          rows={rows}
          rowKey={(row) => String(row.row)}
          caption={rows.length < counts.error ? t('cameras.importBadSome', { shown: rows.length, total: counts.error }) : t('cameras.importBad')}
          testId="import-errors"
          columns={[
            { key: 'row', title: t('cameras.importRow'), number: true, cell: (row) => row.row },
            { key: 'name', title: t('cameras.columns.name'), cell: (row) => row.name || '–' },
            { key: 'errors', title: t('cameras.importProblem'), cell: (row) => <Problems row={row} /> },
          ]}
        />
      ) : null}
    </>
  );
}

/** A column's heading is `中文 / English`, with ★ where the dossier demands it, in the table itself. */
function heading(column: string): string {
  const [zh = column, en] = column.replace(' ★', '').split(' / ');
  return inLanguage(zh, en);
}

function Problems({ row }: { row: Row }) {
  return (
    <ul className="mj-plain">
      {row.errors.map((error) => (
        <li key={`${error.column} ${error.message}`}>
          <strong>{heading(error.column)}</strong> {inLanguage(error.message, error.message_en)}
        </li>
      ))}
    </ul>
  );
}
