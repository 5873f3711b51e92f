// Findings of one record, line by line: verdict, what is wrong, what to do, the article, the deadline, who took note.
import { useTranslation } from 'react-i18next';
import type { Finding } from '@/api/compliance';
import { inLanguage } from '@/shared/i18n';
import { StatusShape } from '@/shared/ui/StatusShape';
import { AcknowledgeAct } from './AcknowledgeAct';
import { Citations } from './Citation';
import { Deadline } from './Deadline';
import { VERDICT_STATUS } from './verdicts';
import './messages';
import './Law.css';

export function FindingLines({ findings }: { findings: Finding[] }) {
  return (
    <ul className="mj-plain mj-findings">
      {findings.map((one) => (
        <li key={one.id} data-testid={`finding-${one.rule}`} data-verdict={one.verdict}>
          <div className="mj-finding-head">
            <VerdictShape verdict={one.verdict} />
            <strong>{inLanguage(one.title, one.title_en)}</strong>
          </div>
          {one.due === null || one.days_left === null ? null : <Deadline due={one.due} daysLeft={one.days_left} when />}
          <FindingText finding={one} />
          <AcknowledgeAct finding={one} />
        </li>
      ))}
    </ul>
  );
}

export function VerdictShape({ verdict }: { verdict: Finding['verdict'] }) {
  const { t } = useTranslation();
  return <StatusShape status={VERDICT_STATUS[verdict]} label={t(`law.verdict.${verdict}`)} />;
}

/** The message, the remedy, the articles, and where they rest on a text that is said to be replaced. */
export function FindingText({ finding }: { finding: Finding }) {
  const { t } = useTranslation();
  return (
    <div className="mj-finding-text">
      <p>
        {inLanguage(finding.message, finding.message_en)}
        {finding.late_days === null ? null : ` ${t('law.deadline.late', { count: finding.late_days })}`}
      </p>
      <p className="mj-muted">{inLanguage(finding.remedy, finding.remedy_en)}</p>
      <Citations basis={finding.basis} basisEn={finding.basis_en} />
      {finding.carried ? (
        <p className="mj-muted" title={t('law.carried')}>
          ◇ {t('law.carriedShort')}
        </p>
      ) : null}
    </div>
  );
}
