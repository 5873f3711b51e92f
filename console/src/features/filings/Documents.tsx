// Documents of a filing: which kinds organs ask for, what is there, adding one, setting a wrong one aside with its reason.
// The complete package and the receipt are taken here, too.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addDocument, documentAddress, documents, packageAddress, printReceipt, setDocumentAside } from '@/api/submission';
import type { DocumentKind, FilingDocument, FilingDocuments } from '@/api/submission';
import type { FilingWhole } from '@/api/filings';
import { currentLanguage, inLanguage } from '@/shared/i18n';
import { useMay } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { bytesText } from '@/shared/time/numbers';
import { Act, useRefusal } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { saveFile } from '@/shared/saveFile';
import { SelectField, TextField } from '@/shared/ui/fields';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';

const paperLanguage = () => (currentLanguage() === 'en' ? 'en' : 'zh');

export function Documents({ filing }: { filing: FilingWhole }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['filing', filing.id, 'documents'], queryFn: ({ signal }) => documents(filing.id, signal) });
  return (
    <section className="mj-card" data-testid="filing-documents">
      <h2>{t('filings.documents.title')}</h2>
      <PanelState query={query} what={t('filings.documents.title')}>
        {query.data ? <Kept filing={filing} found={query.data} /> : null}
      </PanelState>
    </section>
  );
}

function Kept({ filing, found }: { filing: FilingWhole; found: FilingDocuments }) {
  const { t } = useTranslation();
  const [putting, setPutting] = useState<FilingDocument | null>(null);
  const nameOf = (kind: DocumentKind) => {
    const one = found.kinds.find((each) => each.kind === kind);
    return one ? inLanguage(one.title, one.title_en) : kind;
  };
  const writes = useMay('filing.write');
  return (
    <>
      <ul className="mj-plain">
        {found.kinds
          .filter((one) => one.wanted && !one.there)
          .map((one) => (
            <li key={one.kind} data-testid={`wanted-${one.kind}`}>
              <StatusShape status="degraded" label={t('filings.documents.absent')} word="hidden" /> {inLanguage(one.title, one.title_en)}
            </li>
          ))}
        {found.documents.map((one) => (
          <li key={one.id} data-testid="document" data-aside={one.aside_us !== null}>
            <StatusShape status={one.aside_us === null ? 'ok' : 'off'} label={t(one.aside_us === null ? 'filings.documents.kept' : 'filings.documents.aside')} word="hidden" />{' '}
            <a href={documentAddress(filing.id, one.id)} download title={`SHA-256 ${one.sha256}`}>
              {one.name}
            </a>{' '}
            <span className="mj-muted">
              {nameOf(one.kind)} · {bytesText(one.bytes)} · {one.who_name} {momentText(one.at_us)}
            </span>
            {one.aside_us === null ? (
              writes ? (
                <Act kind="link" onAct={() => setPutting(one)}>
                  {t('filings.documents.setAside')}
                </Act>
              ) : null
            ) : (
              <p className="mj-muted">{t('filings.documents.asideBecause', { reason: one.aside_reason })}</p>
            )}
          </li>
        ))}
      </ul>
      {writes ? <Adding filing={filing} found={found} /> : null}
      <Taking filing={filing} />
      {putting ? <Aside filing={filing} document={putting} onClose={() => setPutting(null)} /> : null}
    </>
  );
}

function useKept(filing: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['filing', filing, 'documents'] });
}

function Adding({ filing, found }: { filing: FilingWhole; found: FilingDocuments }) {
  const { t } = useTranslation();
  const kept = useKept(filing.id);
  const [kind, setKind] = useState<DocumentKind>(found.kinds.find((one) => one.wanted && !one.there)?.kind ?? 'other');
  const add = useMutation({ mutationFn: (file: File) => addDocument(filing.id, kind, file), onSuccess: kept });
  return (
    <div className="mj-form">
      <SelectField
        label={t('filings.documents.kind')}
        value={kind}
        options={found.kinds.map((one) => ({ code: one.kind, name: inLanguage(one.title, one.title_en) }))}
        testId="document-kind"
        onChange={setKind}
      />
      <label>
        {t('filings.documents.file')}
        <input
          className="mj-input"
          type="file"
          accept=".pdf,.jpg,.jpeg,.png"
          data-testid="document-file"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) add.mutate(file);
            event.target.value = '';
          }}
        />
      </label>
      {add.isPending ? <p role="status">{t('filings.documents.adding')}</p> : null}
      {add.isError ? <ErrorNote error={add.error} what={t('filings.documents.file')} /> : null}
    </div>
  );
}

/** The package for the organ, and once it was submitted the receipt. */
function Taking({ filing }: { filing: FilingWhole }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const denied = refusal(useMay('filing.write'), t('rights.permission.filing.write'));
  const print = useMutation({
    mutationFn: () => printReceipt(filing.id, paperLanguage()),
    onSuccess: (receipt) => saveFile(receipt, `${filing.number}-receipt.pdf`),
  });
  return (
    <div className="mj-row">
      <a href={packageAddress(filing.id, paperLanguage())} download data-testid="filing-package">
        {t('filings.documents.package')}
      </a>
      <Act
        testId="filing-receipt"
        refusal={denied ?? (filing.submitted ? null : { reason: t('filings.documents.notSubmitted') })}
        onAct={() => print.mutate()}
      >
        {t('filings.documents.receipt')}
      </Act>
      {print.isError ? <ErrorNote error={print.error} what={t('filings.documents.receipt')} /> : null}
    </div>
  );
}

function Aside({ filing, document, onClose }: { filing: FilingWhole; document: FilingDocument; onClose: () => void }) {
  const { t } = useTranslation();
  const kept = useKept(filing.id);
  const [reason, setReason] = useState('');
  const put = useMutation({
    mutationFn: () => setDocumentAside(filing.id, document.id, reason),
    onSuccess: async () => {
      onClose();
      await kept();
    },
  });
  return (
    <Confirm
      title={`${t('filings.documents.setAside')} · ${document.name}`}
      consequences={[t('filings.documents.asideFollows'), t('filings.journalled')]}
      verb={t('filings.documents.setAside')}
      running={put.isPending}
      refusal={reason.trim() ? null : { reason: t('filings.needs.note') }}
      error={put.error}
      onAct={() => put.mutate()}
      onClose={onClose}
      testId="aside-ask"
    >
      <TextField label={t('filings.documents.reason')} mandatory most={300} value={reason} testId="aside-reason" onChange={setReason} />
    </Confirm>
  );
}
