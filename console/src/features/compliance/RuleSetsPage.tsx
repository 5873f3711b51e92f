// The rule sets as they are loaded: from when to when, where, on which articles, with which figures; a set whose text is not
// at hand is a named, empty place with the reason why. Read only: a set is dated data that a release brings.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { compliance, ruleSets } from '@/api/compliance';
import type { Clause, RuleSetWhole } from '@/api/compliance';
import { inLanguage } from '@/shared/i18n';
import { useWords } from '@/shared/law/useWords';
import { DivisionName } from '@/shared/names/DivisionName';
import { countText } from '@/shared/time/numbers';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Sheet } from '@/shared/ui/Sheet';
import { SetState } from './SetState';
import '@/shared/law/Law.css';
import './messages';
import './Compliance.css';

export default function RuleSetsPage() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['rule-sets'], queryFn: ({ signal }) => ruleSets(signal) });
  return (
    <Sheet title={t('compliance.sets.title')} lead={t('compliance.sets.lead')} testId="rule-sets-page">
      <PanelState query={query} what={t('compliance.sets.title')}>
        <div className="mj-set-list">{query.data?.map((one) => <Whole key={one.id} set={one} />)}</div>
      </PanelState>
    </Sheet>
  );
}

function Whole({ set }: { set: RuleSetWhole }) {
  const { t } = useTranslation();
  return (
    <section className="mj-card" data-testid={`set-${set.id}`}>
      <h2>
        {set.id} <SetState set={set} />
      </h2>
      <p>{inLanguage(set.title, set.title_en)}</p>
      <dl className="mj-facts">
        <dt>{t('compliance.sets.inForce')}</dt>
        <dd>
          {t('compliance.sets.since', { day: set.since })}
          {set.until ? ` · ${t('compliance.sets.until', { day: set.until })}` : ''}
          {set.followed_by ? ` · ${t('compliance.sets.followedBy', { id: set.followed_by })}` : ''}
        </dd>
        <dt>{t('compliance.sets.where')}</dt>
        <dd>{set.division ? <DivisionName code={set.division} /> : t('compliance.sets.country')}</dd>
        {set.note ? (
          <>
            <dt>{t(set.loaded ? 'compliance.sets.note' : 'compliance.sets.whyEmpty')}</dt>
            <dd>{inLanguage(set.note, set.note_en)}</dd>
          </>
        ) : null}
      </dl>
      {set.clauses.length > 0 ? <Clauses set={set} /> : <p className="mj-muted">{t('compliance.sets.noClause')}</p>}
    </section>
  );
}

function Clauses({ set }: { set: RuleSetWhole }) {
  const { t } = useTranslation();
  const { word } = useWords();
  return (
    <RecordTable<Clause>
      rows={set.clauses}
      rowKey={(one) => one.rule}
      rowTestId={(one) => `clause-${set.id}-${one.rule}`}
      caption={t('compliance.sets.caption', { count: set.clauses.length })}
      columns={[
        { key: 'code', title: t('compliance.columns.code'), cell: (one) => <span className="mj-whole">{one.rule}</span>, by: (one) => one.rule },
        { key: 'article', title: t('compliance.sets.article'), cell: (one) => <span className="mj-citation mj-whole">{inLanguage(one.article, one.article_en)}</span> },
        { key: 'rule', title: t('compliance.columns.rule'), cell: (one) => <Text clause={one} /> },
        { key: 'severity', title: t('compliance.sets.severity'), cell: (one) => t(`compliance.severity.${one.severity}`), by: (one) => t(`compliance.severity.${one.severity}`) },
        { key: 'figures', title: t('compliance.sets.figures'), cell: (one) => <Figures clause={one} /> },
        {
          key: 'regimes',
          title: t('compliance.sets.regimes'),
          cell: (one) => (one.regimes.length > 0 ? one.regimes.map((code) => <div key={code}>{word('regime', code)}</div>) : t('compliance.sets.allRegimes')),
        },
        { key: 'findings', title: t('compliance.findings.title'), number: true, cell: (one) => <FindingsOf rule={one.rule} /> },
      ]}
    />
  );
}

function Text({ clause }: { clause: Clause }) {
  return (
    <>
      {inLanguage(clause.title, clause.title_en)}
      <p className="mj-muted">{inLanguage(clause.message, clause.message_en)}</p>
      <p className="mj-muted">{inLanguage(clause.remedy, clause.remedy_en)}</p>
    </>
  );
}

function Figures({ clause }: { clause: Clause }) {
  const { t } = useTranslation();
  if (clause.figures.length === 0) return <span className="mj-muted">—</span>;
  return (
    <ul className="mj-plain">
      {clause.figures.map((one) => (
        <li key={one.text}>
          {inLanguage(one.text, one.text_en)} {one.own ? <span className="mj-muted">{t('compliance.sets.own')}</span> : null}
        </li>
      ))}
    </ul>
  );
}

/** How many findings a rule has in one's scope, leading to them. */
function FindingsOf({ rule }: { rule: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ['compliance', '', ''], queryFn: ({ signal }) => compliance(undefined, undefined, signal), staleTime: 60_000 });
  const found = data?.rules.find((one) => one.rule === rule);
  return (
    <Link to="/compliance" search={{ rule }} title={t('compliance.open', { rule, what: t('compliance.findings.title') })}>
      {found ? <span data-metric={`${rule}-findings`}>{countText(found.pending + found.broken + found.unknown)}</span> : t('compliance.findings.title')}
    </Link>
  );
}
