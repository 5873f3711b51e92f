// The findings behind a figure: what is wrong, on which article, until when; a person takes note with a reason.
import { Link } from '@tanstack/react-router';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { findings } from '@/api/compliance';
import type { Finding } from '@/api/compliance';
import { useAddress } from '@/shared/address';
import { inLanguage } from '@/shared/i18n';
import { AcknowledgeAct } from '@/shared/law/AcknowledgeAct';
import { Deadline } from '@/shared/law/Deadline';
import { FindingText, VerdictShape } from '@/shared/law/Findings';
import { subjectAddress } from '@/shared/law/verdicts';
import { Act } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty } from '@/shared/ui/Sheet';
import { PAGE_ROWS, useRows } from '@/shared/useRows';
import './messages';
import './Compliance.css';

export function FindingList({ seat }: { seat: Ref<HTMLElement> }) {
  const { t } = useTranslation();
  const [address] = useAddress();
  const { under, unit, rule, verdict } = address;
  const { query, rows, total } = useRows(['findings', { under, unit, rule, verdict }], (after, signal) =>
    // What was done late is settled: it stands among what is cured.
    findings({ under, unit, rule, verdict, state: verdict === 'late' ? 'cured' : undefined, limit: PAGE_ROWS, after }, signal),
  );
  const filtered = Boolean(under ?? unit ?? rule ?? verdict);
  return (
    <section ref={seat} className="mj-compliance-findings" data-testid="finding-list">
      <h2>{t('compliance.findings.title')}</h2>
      <PanelState
        query={query}
        what={t('compliance.findings.title')}
        empty={
          query.isSuccess && rows.length === 0 ? (
            <Empty>{filtered ? t('states.panel.filteredEmpty', { what: t('compliance.findings.title') }) : t('compliance.findings.none')}</Empty>
          ) : undefined
        }
      >
        <RecordTable<Finding>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `finding-${one.rule}-${one.subject}`}
          rowState={(one) => one.state}
          caption={t('compliance.findings.caption', { shown: rows.length, total })}
          columns={[
            { key: 'verdict', title: t('compliance.findings.columns.verdict'), cell: (one) => <VerdictShape verdict={one.verdict} /> },
            { key: 'subject', title: t('compliance.findings.columns.subject'), cell: (one) => <Link to={subjectAddress(one)}>{one.subject_name}</Link> },
            {
              key: 'what',
              title: t('compliance.findings.columns.what'),
              cell: (one) => (
                <>
                  <strong>{inLanguage(one.title, one.title_en)}</strong>
                  <FindingText finding={one} />
                </>
              ),
            },
            {
              key: 'due',
              title: t('compliance.findings.columns.due'),
              cell: (one) =>
                one.due === null || one.days_left === null ? (
                  <span className="mj-muted">{t('compliance.findings.noDue')}</span>
                ) : (
                  <Deadline due={one.due} daysLeft={one.days_left} when />
                ),
            },
            { key: 'act', title: t('compliance.findings.columns.act'), cell: (one) => <AcknowledgeAct finding={one} /> },
          ]}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </section>
  );
}
