// The form of a filing, by group. It is saved as a draft when it is left; once it is submitted, its content only reads.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { FilingWhole } from '@/api/filings';
import { inLanguage } from '@/shared/i18n';
import { clockText } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { DayField, NumberField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { isOpen, typeOf } from './lines';
import type { Line } from './lines';
import type { Draft } from './useDraft';

const GROUPS = ['unit', 'system', 'location', 'devices', 'retention', 'process'] as const;

interface Props {
  filing: FilingWhole;
  lines: Line[];
  draft: Draft;
  editable: boolean;
  /** The focus went elsewhere. */
  onLeave: () => void;
}

export function FilingFields({ filing, lines, draft, editable, onLeave }: Props) {
  const { t } = useTranslation();
  const faults = useFaults(draft.error);
  return (
    <section
      className="mj-card mj-form"
      data-testid="filing-form"
      aria-label={t('filings.form')}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onLeave();
      }}
    >
      {editable ? <DraftLine draft={draft} /> : isOpen(filing.state) ? null : <p className="mj-muted">{t('filings.closed')}</p>}
      <div className="mj-filing-groups">
        {GROUPS.map((group) => (
          <fieldset key={group} data-group={group}>
            <legend>{t(`filings.groups.${group}`)}</legend>
            <div className="mj-filing-fields">
              {lines
                .filter((line) => line.group === group)
                .map((line) => (
                  <div key={line.name} data-item={line.name} data-state={line.state}>
                    {editable ? (
                      <LineField line={line} fault={faults[line.name]} onChange={(value) => draft.set({ [line.name]: value })} />
                    ) : (
                      <LineText line={line} />
                    )}
                  </div>
                ))}
            </div>
          </fieldset>
        ))}
      </div>
    </section>
  );
}

function DraftLine({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const state = draft.running
    ? t('oversee.submitting')
    : draft.waiting
      ? t('filings.unsaved')
      : draft.savedUs === null
        ? ''
        : t('filings.saved', { time: clockText(draft.savedUs) });
  return (
    <div className="mj-row">
      <Act
        testId="draft-save"
        shortcut="Ctrl S"
        refusal={draft.waiting ? null : { reason: t('filings.nothingToSave') }}
        onAct={() => void draft.save().catch(() => undefined)}
      >
        {t('filings.saveDraft')}
      </Act>
      <span className="mj-muted" role="status" data-testid="draft-state">
        {state}
      </span>
    </div>
  );
}

function LineField({ line, fault, onChange }: { line: Line; fault: string | undefined; onChange: (value: string | number | null) => void }) {
  const { t } = useTranslation();
  const seat = {
    label: inLanguage(line.title, line.title_en),
    mandatory: line.mandatory,
    fault,
    hint: line.state === 'mismatch' ? `▲ ${t('filings.register', { value: line.fact })}` : undefined,
    testId: `field-${line.name}`,
  };
  switch (typeOf(line.name)) {
    case 'number':
      return <NumberField {...seat} value={typeof line.value === 'number' ? line.value : null} onChange={onChange} />;
    case 'day':
      return <DayField {...seat} value={typeof line.value === 'string' ? line.value : null} onChange={onChange} />;
    case 'answer':
      return (
        <SelectField
          {...seat}
          value={String(line.value ?? '')}
          none={t('filings.unfilled')}
          options={[
            { code: 'yes', name: t('filings.answer.yes') },
            { code: 'no', name: t('filings.answer.no') },
          ]}
          onChange={onChange}
        />
      );
    case 'text':
      return <TextField {...seat} value={String(line.value ?? '')} onChange={onChange} />;
  }
}

function shownOf(t: TFunction, line: Line): string | number | null {
  if (typeOf(line.name) !== 'answer') return line.value;
  return t(line.value === 'yes' ? 'filings.answer.yes' : 'filings.answer.no');
}

function LineText({ line }: { line: Line }) {
  const { t } = useTranslation();
  return (
    <dl className="mj-filing-text">
      <dt>{inLanguage(line.title, line.title_en)}</dt>
      <dd>{line.state === 'missing' || line.state === 'open' ? <span className="mj-muted">{t('filings.unfilled')}</span> : shownOf(t, line)}</dd>
    </dl>
  );
}
