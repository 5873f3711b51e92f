// Administrative divisions and functional zones: the tree with codes and dates, and beside it what the chosen one is, what
// became of it, and what those who keep the register may do: rename, end, move, enter below, load a table.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { division as readDivision, divisionsBelow, loadDivisions } from '@/api/units';
import type { Division } from '@/api/units';
import { RecordChanges } from '@/features/registers/RecordParts';
import { useAddress } from '@/shared/address';
import { DivisionName } from '@/shared/names/DivisionName';
import { lineage } from '@/shared/names/paths';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { DIVISION_KEYS, EndForm, EnterForm, MoveForm, RenameForm } from './DivisionForms';
import './messages';
import './Divisions.css';

export default function DivisionsPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const mayWrite = useMay('division.write');
  const ended = address.ended === '1';
  const denied = refusal(mayWrite, t('rights.permission.division.write'));
  return (
    <Sheet
      title={t('divisions.title')}
      testId="divisions-page"
      acts={
        <>
          <label className="mj-check">
            <input type="checkbox" checked={ended} data-testid="divisions-ended" onChange={(event) => change({ ended: event.target.checked ? '1' : undefined }, 'replace')} />
            {t('divisions.withEnded')}
          </label>
          <Act testId="divisions-enter" refusal={denied} onAct={() => change({ act: 'enter' })}>
            {t('divisions.enter')}
          </Act>
          <Act testId="divisions-import" refusal={denied} onAct={() => change({ act: 'import' })}>
            {t('divisions.import')}
          </Act>
        </>
      }
      beside={
        <div className="mj-division-beside">
          {address.act === 'import' && mayWrite ? <Import onClose={() => change({ act: undefined }, 'replace')} /> : null}
          {address.act === 'enter' && mayWrite ? <EnterForm under={address.sel ?? ''} onDone={(made) => change({ sel: made.code, act: undefined })} onClose={() => change({ act: undefined }, 'replace')} /> : null}
          {address.sel ? <Chosen key={address.sel} code={address.sel} /> : <p className="mj-muted">{t('divisions.choose')}</p>}
        </div>
      }
    >
      <Level under={null} ended={ended} chosen={address.sel} onChoose={(code) => change({ sel: code, act: undefined }, 'replace')} />
    </Sheet>
  );
}

interface LevelProps {
  under: string | null;
  ended: boolean;
  chosen: string | undefined;
  onChoose: (code: string) => void;
}

function Level({ under, ended, chosen, onChoose }: LevelProps) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['divisions', under, ended], queryFn: ({ signal }) => divisionsBelow(under, ended, signal), staleTime: 60_000 });
  return (
    <PanelState query={query} what={t('divisions.title')}>
      <ul className="mj-plain mj-division-level" data-testid={`level-${under ?? 'top'}`}>
        {(query.data ?? []).map((one) => (
          <Branch key={one.code} one={one} ended={ended} chosen={chosen} onChoose={onChoose} />
        ))}
      </ul>
    </PanelState>
  );
}

function Branch({ one, ended, chosen, onChoose }: Omit<LevelProps, 'under'> & { one: Division }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(() => one.parent === null || lineage(chosen ?? '').slice(0, -1).includes(one.code));
  const leads = !one.leaf || ended;
  return (
    <li>
      <div className="mj-division-line" data-chosen={one.code === chosen}>
        {leads ? (
          <button type="button" className="mj-act mj-act-quiet" aria-expanded={open} aria-label={t(open ? 'divisions.fold' : 'divisions.unfold', { name: one.name })} onClick={() => setOpen(!open)}>
            {open ? '▾' : '▸'}
          </button>
        ) : (
          <span className="mj-division-leaf" aria-hidden="true" />
        )}
        <Act kind="link" testId={`division-${one.code}`} pressed={one.code === chosen} onAct={() => onChoose(one.code)}>
          {one.name}
        </Act>
        <code>{one.code}</code>
        {one.kind === 'functional_zone' ? <span className="mj-muted">{t('divisions.zone')}</span> : null}
        {one.valid_to ? <StatusShape status="off" label={t('divisions.endedOn', { day: one.valid_to })} /> : null}
      </div>
      {open && leads ? <Level under={one.code} ended={ended} chosen={chosen} onChoose={onChoose} /> : null}
    </li>
  );
}

const ACTS = ['rename', 'move', 'end'] as const;

function Chosen({ code }: { code: string }) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const mayWrite = useMay('division.write');
  const query = useQuery({ queryKey: ['division', code], queryFn: ({ signal }) => readDivision(code, signal) });
  const found = query.data;
  const done = (kept: Division): void => change({ sel: kept.code, act: undefined }, 'replace');
  const close = (): void => change({ act: undefined }, 'replace');
  const refused = refusal(mayWrite, t('rights.permission.division.write')) ?? (found?.valid_to ? { reason: t('divisions.alreadyEnded') } : null);
  return (
    <PanelState query={query} what={t('divisions.one')}>
      {found ? (
        <>
          <section className="mj-card" data-testid="division-record">
            <h2>{found.name}</h2>
            <Facts found={found} />
            <div className="mj-row">
              {ACTS.map((one) => (
                <Act key={one} testId={`division-${one}`} pressed={address.act === one} refusal={refused} onAct={() => change({ act: one }, 'replace')}>
                  {t(`divisions.acts.${one}`)}
                </Act>
              ))}
            </div>
            {!refused && address.act === 'rename' ? <RenameForm found={found} onDone={done} onClose={close} /> : null}
            {!refused && address.act === 'move' ? <MoveForm found={found} onDone={done} onClose={close} /> : null}
            {!refused && address.act === 'end' ? <EndForm found={found} onDone={done} onClose={close} /> : null}
          </section>
          <section className="mj-card">
            <h2>{t('divisions.history')}</h2>
            {mayWrite ? <RecordChanges register="divisions" id={code} /> : <p className="mj-muted">{t('divisions.historyDenied')}</p>}
          </section>
        </>
      ) : null}
    </PanelState>
  );
}

function Facts({ found }: { found: Division }) {
  const { t } = useTranslation();
  return (
    <dl className="mj-facts">
      <dt>{t('divisions.member.code')}</dt>
      <dd>
        <code>{found.code}</code>
      </dd>
      <dt>{t('divisions.member.parent')}</dt>
      <dd>{found.parent ? <DivisionName code={found.parent} /> : t('divisions.topmost')}</dd>
      <dt>{t('divisions.member.kind')}</dt>
      <dd>{t(`divisions.kind.${found.kind}`)}</dd>
      {found.kind === 'functional_zone' ? (
        <>
          <dt>{t('divisions.member.civil_code')}</dt>
          <dd>
            <code>{found.civil_code}</code>
          </dd>
        </>
      ) : null}
      <dt>{t('divisions.member.valid_from')}</dt>
      <dd>{found.valid_from ?? <span className="mj-muted">{t('divisions.nobodySaid')}</span>}</dd>
      <dt>{t('divisions.member.valid_to')}</dt>
      <dd>{found.valid_to ?? t('divisions.inForce')}</dd>
      {found.successor ? (
        <>
          <dt>{t('divisions.member.successor')}</dt>
          <dd>
            <DivisionName code={found.successor} /> <code>{found.successor}</code>
          </dd>
        </>
      ) : null}
    </dl>
  );
}

/** Another province, or a newer edition, from a table: all of it or nothing. */
function Import({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const load = useMutation({
    mutationFn: (table: File) => loadDivisions(table),
    onSuccess: () => Promise.all(DIVISION_KEYS.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  return (
    <form
      className="mj-card mj-form"
      data-testid="division-import"
      onSubmit={(event) => {
        event.preventDefault();
        if (file && !load.isPending) load.mutate(file);
      }}
    >
      <h2>{t('divisions.import')}</h2>
      <p className="mj-muted">{t('divisions.importHint')}</p>
      <label className="mj-field">
        {t('divisions.file')}
        <input type="file" accept=".csv,text/csv" className="mj-input" data-testid="division-file" onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
      </label>
      {load.data ? <p role="status">{t('divisions.loaded', { ...load.data })}</p> : null}
      {load.isError ? <ErrorNote error={load.error} what={t('divisions.import')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={file ? null : { reason: t('divisions.noFile') }} testId="division-load">
          {load.isPending ? t('oversee.submitting') : t('divisions.load')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}
