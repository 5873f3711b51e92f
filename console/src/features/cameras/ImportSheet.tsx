// Cameras from a table: tried first, row by row; then all rows or only the good ones. The bad rows go back as a table with
// the same columns, in which they can be mended and brought in again.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cameraTemplateAddress, faultyRows, importCameras, type ImportReport } from '@/api/registry';
import { inLanguage } from '@/shared/i18n';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { StatusShape } from '@/shared/ui/StatusShape';

type Row = ImportReport['rows'][number];

export function ImportSheet() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const trial = useMutation({ mutationFn: (chosen: File) => importCameras(chosen, true, 'good') });
  const write = useMutation({
    mutationFn: ({ chosen, mode }: { chosen: File; mode: 'all' | 'good' }) => importCameras(chosen, false, mode),
    onSuccess: () => client.invalidateQueries({ queryKey: ['cameras'] }),
  });
  const choose = (chosen: File | null): void => {
    setFile(chosen);
    write.reset();
    trial.reset();
    if (chosen) trial.mutate(chosen);
  };
  const report = write.data ?? trial.data;
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
      {trial.isPending ? <p role="status">{t('cameras.importTrying')}</p> : null}
      {trial.isError ? <ErrorNote error={trial.error} what={t('cameras.import')} /> : null}
      {write.isError ? <ErrorNote error={write.error} what={t('cameras.import')} /> : null}
      {report ? <Report report={report} written={write.isSuccess} /> : null}
      {report && file ? (
        <div className="mj-row">
          {write.isSuccess ? null : <WriteActs report={report} onWrite={(mode) => write.mutate({ chosen: file, mode })} />}
          {report.counts.error > 0 ? <FaultsAct file={file} count={report.counts.error} /> : null}
        </div>
      ) : null}
    </div>
  );
}

function WriteActs({ report, onWrite }: { report: ImportReport; onWrite: (mode: 'all' | 'good') => void }) {
  const { t } = useTranslation();
  const { rows, ok, error } = report.counts;
  return (
    <>
      <Act
        kind={error > 0 ? 'plain' : 'primary'}
        testId="import-all"
        refusal={error > 0 ? { reason: t('cameras.importHasErrors', { count: error }) } : null}
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

function FaultsAct({ file, count }: { file: File; count: number }) {
  const { t } = useTranslation();
  const take = useMutation({
    mutationFn: () => faultyRows(file),
    onSuccess: (table) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(table);
      link.download = 'cameras-to-mend.xlsx';
      link.click();
      URL.revokeObjectURL(link.href);
    },
  });
  return (
    <>
      <Act testId="import-faults" onAct={() => take.mutate()}>
        {t('cameras.importFaults', { count })}
      </Act>
      {take.isError ? <ErrorNote error={take.error} what={t('cameras.import')} /> : null}
    </>
  );
}

function Report({ report, written }: { report: ImportReport; written: boolean }) {
  const { t } = useTranslation();
  const bad = report.rows.filter((row) => row.state === 'error');
  const status = bad.length > 0 ? 'degraded' : 'ok';
  return (
    <>
      <p role="status" data-testid="import-counts">
        <StatusShape status={status} word="hidden" /> {t(written ? 'cameras.importWritten' : 'cameras.importCounts', report.counts)}
      </p>
      {bad.length > 0 ? (
        <RecordTable<Row>
          rows={bad}
          rowKey={(row) => String(row.row)}
          caption={t('cameras.importBad')}
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

/** A column's heading is `中文 / English` in the table itself. */
function heading(column: string): string {
  const [zh = column, en] = column.split(' / ');
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
