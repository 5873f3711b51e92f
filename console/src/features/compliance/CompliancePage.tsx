// What the rules say: by rule how many cases it binds and how they stand, each figure leading to its findings; the rule sets
// with the state of their texts. Unknown has its own column and is never counted as good.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { compliance } from '@/api/compliance';
import type { Compliance, RuleFigures, RuleSet } from '@/api/compliance';
import { useAddress } from '@/shared/address';
import type { Address } from '@/shared/address';
import { inLanguage } from '@/shared/i18n';
import { Citations } from '@/shared/law/Citation';
import { registerOf } from '@/shared/law/verdicts';
import { ListFilters } from '@/shared/views/ListFilters';
import { useRegisters } from '@/shared/names/useRegisters';
import { countText } from '@/shared/time/numbers';
import { SelectField } from '@/shared/ui/fields';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Sheet } from '@/shared/ui/Sheet';
import { FindingList } from './FindingList';
import { Reports } from './Reports';
import { SetState } from './SetState';
import { Trend } from './Trend';
import './messages';
import './Compliance.css';

const VERDICTS = ['broken', 'pending', 'unknown', 'late'] as const;
type What = 'applies' | 'met' | 'late' | 'pending' | 'broken' | 'unknown';

export default function CompliancePage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const { under, unit, month, rule, verdict } = address;
  const { units } = useRegisters();
  const list = useRef<HTMLElement>(null);
  const query = useQuery({ queryKey: ['compliance', under ?? '', unit ?? ''], queryFn: ({ signal }) => compliance(under, unit, signal) });
  const found = query.data;
  const shown = query.isSuccess;
  // Whoever follows a figure is brought to its list.
  useEffect(() => {
    if (shown && (rule ?? verdict)) list.current?.scrollIntoView({ block: 'nearest' });
  }, [shown, rule, verdict]);
  return (
    <Sheet
      title={t('compliance.title')}
      lead={t('compliance.lead')}
      testId="compliance-page"
      acts={<Reports address={address} month={month} onMonth={(value) => change({ month: value || undefined }, 'replace')} />}
      bar={
        <ListFilters page="compliance" more={['unit', 'rule', 'verdict']}>
          <SelectField
            label={t('compliance.unit')}
            value={unit ?? ''}
            none={t('views.any')}
            options={units.map((one) => ({ code: one.id, name: one.name }))}
            testId="filter-unit"
            onChange={(value) => change({ unit: value || undefined }, 'replace')}
          />
          <SelectField
            label={t('compliance.findings.rule')}
            value={rule ?? ''}
            none={t('views.any')}
            options={(found?.rules ?? []).map((one) => ({ code: one.rule, name: inLanguage(one.title, one.title_en) }))}
            testId="filter-rule"
            onChange={(value) => change({ rule: value || undefined }, 'replace')}
          />
          <SelectField
            label={t('compliance.findings.verdict')}
            value={verdict ?? ''}
            none={t('views.any')}
            options={VERDICTS.map((code) => ({ code: code, name: t(`law.verdict.${code}`) }))}
            testId="filter-verdict"
            onChange={(value) => change({ verdict: value || undefined }, 'replace')}
          />
        </ListFilters>
      }
    >
      <PanelState query={query} what={t('compliance.title')}>
        {found ? (
          <>
            <Sets sets={found.sets} />
            <Figures found={found} address={address} />
          </>
        ) : null}
      </PanelState>
      <FindingList seat={list} />
    </Sheet>
  );
}

function Figures({ found, address }: { found: Compliance; address: Address }) {
  const { t } = useTranslation();
  const figure = (what: What) => ({
    key: what,
    title: t(`compliance.columns.${what}`),
    number: true,
    cell: (one: RuleFigures) => <Figure figures={one} what={what} address={address} />,
    by: (one: RuleFigures) => one[what],
  });
  return (
    <RecordTable<RuleFigures>
      rows={found.rules}
      rowKey={(one) => one.rule}
      rowTestId={(one) => `rule-${one.rule}`}
      chosen={address.rule}
      caption={t('compliance.rulesCaption')}
      columns={[
        { key: 'code', title: t('compliance.columns.code'), cell: (one) => one.rule, by: (one) => one.rule },
        {
          key: 'rule',
          title: t('compliance.columns.rule'),
          cell: (one) => (
            <Link to="/compliance" search={{ under: address.under, unit: address.unit, rule: one.rule }}>
              {inLanguage(one.title, one.title_en)}
            </Link>
          ),
          by: (one) => inLanguage(one.title, one.title_en),
        },
        { key: 'basis', title: t('compliance.basis'), cell: (one) => <Citations basis={one.basis} basisEn={one.basis_en} /> },
        figure('applies'),
        figure('met'),
        figure('late'),
        figure('pending'),
        figure('broken'),
        figure('unknown'),
        { key: 'trend', title: t('compliance.columns.trend'), cell: (one) => <Trend counts={one.trend} rule={inLanguage(one.title, one.title_en)} /> },
        {
          key: 'in_time',
          title: t('compliance.columns.in_time'),
          number: true,
          cell: (one) => (one.in_time === null ? <span className="mj-muted">—</span> : `${one.in_time} %`),
          by: (one) => one.in_time ?? -1,
        },
      ]}
    />
  );
}

/** A figure with its list: what is met has no findings, its list is the register. */
function Figure({ figures, what, address: { under, unit } }: { figures: RuleFigures; what: What; address: Address }) {
  const { t } = useTranslation();
  const title = t('compliance.open', { rule: inLanguage(figures.title, figures.title_en), what: t(`compliance.columns.${what}`) });
  const text = <span data-metric={`${figures.rule}-${what}`}>{countText(figures[what])}</span>;
  if (what === 'met') {
    return (
      <Link to={registerOf(figures.kind)} search={{ under, unit }} title={t('compliance.toRegister')}>
        {text}
      </Link>
    );
  }
  return (
    <Link
      to="/compliance"
      search={{ under, unit, rule: figures.rule, verdict: what === 'applies' ? undefined : what }}
      title={title}
      className={what === 'broken' && figures.broken > 0 ? 'mj-broken' : undefined}
    >
      {text}
    </Link>
  );
}

/** Which sets judge, in one line: what each says stands on a page of its own. */
function Sets({ sets }: { sets: RuleSet[] }) {
  const { t } = useTranslation();
  return (
    <p className="mj-set-line" data-testid="rule-sets">
      <Link to="/rulesets">{t('compliance.sets.title')}</Link>
      {sets.map((one) => (
        <span key={one.id} title={inLanguage(one.note || one.title, one.note_en || one.title_en)} data-testid={`set-${one.id}`}>
          {one.id} <SetState set={one} />
        </span>
      ))}
    </p>
  );
}
