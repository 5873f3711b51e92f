// The acceptance of a project as it stands: conclusion and who drew it, checks, defects with their cure, the archive.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { acceptanceChecklist, projectFileAddress } from '@/api/projects';
import type { Acceptance, Check, Defect, Member, ProjectDocument, ProjectWhole } from '@/api/projects';
import { comma, inLanguage } from '@/shared/i18n';
import { RuleBasis } from '@/shared/law/Citation';
import { useWords } from '@/shared/law/useWords';
import { RecordTable } from '@/shared/ui/RecordTable';
import { StatusShape } from '@/shared/ui/StatusShape';
import { Conclusion } from './Conclusion';
import './messages';
import './Building.css';

const RESULT = { passed: 'ok', failed: 'failed', not_applicable: 'off' } as const;

export function AcceptanceSheet({ project }: { project: ProjectWhole }) {
  const { t } = useTranslation();
  const found = project.acceptance;
  return (
    <section className="mj-card" data-testid="project-acceptance">
      <h2>
        {t('building.accept.title')} <RuleBasis rule="ACC-01" />
      </h2>
      {found ? (
        <>
          <Facts project={project} found={found} />
          <Defects defects={found.defects} />
          <Checks checks={found.checks} />
          <Members members={found.members} share={found.expert_share} />
          <Documents project={project.id} found={found} />
        </>
      ) : (
        <p className="mj-muted">{t('building.accept.none')}</p>
      )}
    </section>
  );
}

function Facts({ project, found }: { project: ProjectWhole; found: Acceptance }) {
  const { t } = useTranslation();
  const { word } = useWords();
  const none = <span className="mj-muted">{t('registers.notEntered')}</span>;
  const parties = (['construction', 'technical', 'document'] as const).filter((one) => found.opinions[one]);
  const facts: [string, ReactNode][] = [
    [t('building.accept.conclusion'), <Conclusion key="conclusion" project={project} />],
    [t('building.accept.concluded'), found.concluded ?? none],
    [
      t('building.project.acceptance'),
      <StatusShape
        key="stands"
        status={found.accepted ? 'ok' : 'failed'}
        label={found.accepted ? t('building.project.standsSince', { day: found.accepted }) : t('building.project.notStanding')}
      />,
    ],
    [
      t('building.accept.trial'),
      found.trial_days === null ? none : t('building.accept.trialDays', { from: found.trial_from, until: found.trial_until, count: found.trial_days }),
    ],
    [t('building.accept.report'), [found.report_lab, found.report_number, found.report_date].filter(Boolean).join(' · ') || none],
    [t('building.accept.opinions'), parties.map((one) => `${t(`building.accept.party.${one}`)} ${word('conclusion', found.opinions[one] ?? '')}`).join(comma()) || none],
    [t('building.accept.standards'), found.standards.join(comma()) || none],
    [t('building.accept.handedOver'), found.handed_over ?? none],
  ];
  return (
    <dl className="mj-facts">
      {facts.map(([name, value]) => (
        <div key={name} className="mj-fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Defects({ defects }: { defects: Defect[] }) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('building.accept.defects')}</h3>
      {defects.length === 0 ? (
        <p className="mj-muted">{t('building.accept.noDefects')}</p>
      ) : (
        <RecordTable<Defect>
          rows={defects}
          rowKey={(one) => one.what}
          caption={t('building.accept.defects')}
          testId="defects"
          columns={[
            { key: 'what', title: t('building.accept.defect.what'), cell: (one) => one.what },
            { key: 'cure', title: t('building.accept.defect.cure'), cell: (one) => one.cure },
            { key: 'cured', title: t('building.accept.defect.cured'), cell: (one) => one.cured },
            { key: 'retested', title: t('building.accept.defect.retested'), cell: (one) => one.retested },
            {
              key: 'retest',
              title: t('building.accept.defect.retest'),
              cell: (one) => (one.retest ? <StatusShape status={RESULT[one.retest]} label={t(`building.accept.retest.${one.retest}`)} /> : null),
            },
          ]}
        />
      )}
    </>
  );
}

function Checks({ checks }: { checks: Check[] }) {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ['acceptance-checklist'], queryFn: ({ signal }) => acceptanceChecklist(signal), staleTime: Infinity });
  const lines = data?.items ?? [];
  const resultOf = (item: string) => checks.find((one) => one.item === item);
  return (
    <>
      <h3>{t('building.accept.checks')}</h3>
      <RecordTable
        rows={lines}
        rowKey={(one) => one.item}
        caption={t('building.accept.checks')}
        testId="checks"
        columns={[
          { key: 'item', title: t('building.accept.check.item'), cell: (one) => inLanguage(one.title, one.title_en) },
          { key: 'standard', title: t('building.accept.check.standard'), cell: (one) => <span className="mj-whole">{one.standard}</span> },
          { key: 'seen', title: t('building.accept.check.seen'), cell: (one) => <span className="mj-muted">{inLanguage(one.seen_words, one.seen_words_en)}</span> },
          {
            key: 'result',
            title: t('building.accept.check.result'),
            cell: (one) => {
              const found = resultOf(one.item);
              return found ? <StatusShape status={RESULT[found.result]} label={t(`building.accept.result.${found.result}`)} /> : <span className="mj-muted mj-whole">{t('registers.notEntered')}</span>;
            },
          },
          { key: 'value', title: t('building.accept.check.value'), cell: (one) => resultOf(one.item)?.value },
        ]}
      />
    </>
  );
}

function Members({ members, share }: { members: Member[]; share: number }) {
  const { t } = useTranslation();
  if (members.length === 0) return null;
  return (
    <>
      <h3>
        {t('building.accept.members')} <span className="mj-muted">{t('building.accept.experts', { share })}</span> <RuleBasis rule="ACC-02" />
      </h3>
      <ul className="mj-plain">
        {members.map((one) => (
          <li key={`${one.name} ${one.unit}`}>
            {one.name} <span className="mj-muted">{[one.unit, one.post, one.party ? t(`building.accept.party.${one.party}`) : '', one.expert ? t('building.accept.member.expert') : ''].filter(Boolean).join(' · ')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Documents({ project, found }: { project: string; found: Acceptance }) {
  const { t } = useTranslation();
  const { word } = useWords();
  const missing = found.missing_groups.map((one) => word('archive_group', one)).join(comma());
  return (
    <>
      <h3>{t('building.accept.documents')}</h3>
      <StatusShape status={missing ? 'degraded' : 'ok'} label={missing ? t('building.accept.missingGroups', { names: missing }) : t('building.accept.wholeArchive')} />
      {found.documents.length > 0 ? (
        <RecordTable<ProjectDocument>
          rows={found.documents}
          rowKey={(one) => `${one.group} ${one.title} ${one.sha256}`}
          caption={t('building.accept.documents')}
          testId="documents"
          columns={[
            { key: 'group', title: t('building.accept.document.group'), cell: (one) => word('archive_group', one.group) },
            { key: 'title', title: t('building.accept.document.title'), cell: (one) => (one.kept ? <a href={projectFileAddress(project, one.sha256)} download>{one.title}</a> : <>{one.title} <span className="mj-muted">{t('building.accept.keptByUnit')}</span></>) },
            { key: 'dated', title: t('building.accept.document.dated'), cell: (one) => one.dated },
            { key: 'size', title: t('building.accept.document.size'), number: true, cell: (one) => one.size_bytes },
            { key: 'sha256', title: t('building.accept.document.sha256'), cell: (one) => <span className="mj-code mj-digest">{one.sha256}</span> },
          ]}
        />
      ) : null}
    </>
  );
}
