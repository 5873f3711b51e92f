// One journal entry in full: who, what, when, facts, and the hashes that bind it to its neighbours. Nothing can be edited.
import { useTranslation } from 'react-i18next';
import type { JournalEntry } from '@/api/journal';
import { textOr } from '@/shared/i18n/textOr';
import { identified } from '@/shared/names/identifiers';
import { Identifier, Named } from '@/shared/names/Named';
import { useName } from '@/shared/names/useName';
import { preciseText } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { FactRow } from './FactValue';
import { actorText, objectText, verbText } from './words';
import './Journal.css';

interface Props {
  entry: JournalEntry;
  onClose: () => void;
  onSameObject?: () => void;
  onSameActor?: () => void;
}

export function EntryPanel({ entry, onClose, onSameObject, onSameActor }: Props) {
  const { t } = useTranslation();
  const facts = Object.entries(entry.facts);
  const { name } = useName(identified(entry.object));
  return (
    <aside
      className="mj-card"
      aria-label={t('journal.entry', { seq: entry.seq })}
      data-testid="entry-panel"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className="mj-card-head">
        <h2>{t('journal.entry', { seq: entry.seq })}</h2>
        <Act kind="quiet" onAct={onClose} testId="entry-close">
          {t('journal.close')}
        </Act>
      </div>
      <p>
        <strong>{actorText(t, entry)}</strong> {verbText(t, entry.action)} {objectText(t, entry, name)}
      </p>
      <dl className="mj-facts">
        <dt>{t('journal.at')}</dt>
        <dd>{preciseText(entry.at_us)}</dd>
        <dt>{t('journal.actor')}</dt>
        <dd>{entry.actor ? <Named id={entry.actor} name={actorText(t, entry)} /> : '–'}</dd>
        <dt>{t('journal.source')}</dt>
        <dd>{entry.source || '–'}</dd>
        <dt>{t('journal.session')}</dt>
        <dd>{entry.session ? <Identifier id={entry.session} /> : '–'}</dd>
        <dt>{t('journal.what')}</dt>
        <dd>
          {verbText(t, entry.action)} <span className="mj-code-line mj-muted">{entry.action}</span>
        </dd>
        <dt>{t('journal.object')}</dt>
        <dd>
          {textOr(t, `journal.kind.${entry.object_kind}`, entry.object_kind)} <Named id={entry.object} />
        </dd>
      </dl>
      <h3>{t('journal.facts')}</h3>
      {facts.length === 0 ? (
        <p className="mj-muted">{t('journal.noFacts')}</p>
      ) : (
        <dl className="mj-facts" data-testid="entry-facts">
          {facts.map(([fact, value]) => (
            <FactRow key={fact} name={fact} value={value} />
          ))}
        </dl>
      )}
      <h3>{t('journal.proof')}</h3>
      <dl className="mj-facts">
        <dt>{t('journal.previous')}</dt>
        <dd className="mj-code-line">{entry.previous}</dd>
        <dt>{t('journal.hash')}</dt>
        <dd className="mj-code-line" data-testid="entry-hash">
          {entry.hash}
        </dd>
      </dl>
      <p className="mj-muted">{t('journal.proofNote')}</p>
      <div className="mj-row">
        {onSameObject && entry.object ? <Act onAct={onSameObject}>{t('journal.sameObject')}</Act> : null}
        {onSameActor && entry.actor ? <Act onAct={onSameActor}>{t('journal.sameActor')}</Act> : null}
      </div>
    </aside>
  );
}
