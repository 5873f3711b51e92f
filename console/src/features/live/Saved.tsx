// What saved walls and saved tours have in common: a choice of one's own and the unit's, keeping one under a name, removing one.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Saved } from '@/api/layouts';
import { useMay } from '@/shared/session';
import { Act } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { problemText } from '@/shared/ui/PanelState';

/** The options of a select: mine, then those that my unit shares. */
export function SavedOptions({ saved }: { saved: readonly Saved[] }) {
  const { t } = useTranslation();
  return (
    <>
      <Group label={t('live.toolbar.mine')} saved={saved.filter((one) => one.mine)} />
      <Group label={t('live.toolbar.shared')} saved={saved.filter((one) => !one.mine)} />
    </>
  );
}

function Group({ label, saved }: { label: string; saved: readonly Saved[] }) {
  const { t } = useTranslation();
  if (saved.length === 0) return null;
  return (
    <optgroup label={label}>
      {saved.map((one) => (
        <option key={one.id} value={one.id}>
          {one.name}
          {one.mine ? (one.shared ? ` · ${t('live.toolbar.sharedMark')}` : '') : ` · ${one.owner_name}`}
        </option>
      ))}
    </optgroup>
  );
}

interface SaveProps<Kept> {
  label: string;
  save: (name: string, shared: boolean) => Promise<Kept>;
  onEnd: (kept: Kept | null) => void;
  testId: string;
}

export function SaveForm<Kept>({ label, save, onEnd, testId }: SaveProps<Kept>) {
  const { t, i18n } = useTranslation();
  const mayShare = useMay('layout.share');
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const keeping = useMutation({ mutationFn: () => save(name, shared), onSuccess: onEnd });
  return (
    <form
      className="mj-wall-save"
      onSubmit={(event) => {
        event.preventDefault();
        keeping.mutate();
      }}
    >
      <input
        className="mj-tree-search"
        autoFocus
        required
        maxLength={60}
        value={name}
        placeholder={label}
        aria-label={label}
        data-testid={`${testId}-name`}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onEnd(null)}
      />
      {mayShare ? (
        <label className="mj-wall-said">
          <input type="checkbox" checked={shared} data-testid={`${testId}-share`} onChange={(event) => setShared(event.target.checked)} />{' '}
          {t('live.toolbar.share')}
        </label>
      ) : null}
      <Act kind="primary" submit testId={`${testId}-keep`}>
        {t('live.toolbar.save')}
      </Act>
      <Act kind="quiet" onAct={() => onEnd(null)}>
        {t('oversee.leave')}
      </Act>
      {keeping.isError ? <span role="alert">{problemText(keeping.error, i18n.language).text}</span> : null}
    </form>
  );
}

interface DropProps {
  title: string;
  consequence: string;
  verb: string;
  drop: () => Promise<void>;
  onDropped: () => Promise<void>;
  onClose: () => void;
  testId: string;
}

export function DropAsk({ title, consequence, verb, drop, onDropped, onClose, testId }: DropProps) {
  const dropping = useMutation({ mutationFn: drop, onSuccess: onDropped });
  return (
    <Confirm
      title={title}
      consequences={[consequence]}
      verb={verb}
      danger
      running={dropping.isPending}
      error={dropping.error}
      onAct={() => dropping.mutate()}
      onClose={onClose}
      testId={testId}
    />
  );
}
