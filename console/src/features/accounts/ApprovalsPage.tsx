// What takes two persons: what waits for a second, and what was decided. A half of a password is shown here once.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { approvals, approve, refuse } from '@/api/approvals';
import type { Approval } from '@/api/approvals';
import { useLive } from '@/shared/live';
import { RoleWords } from '@/shared/names/RoleWords';
import { listText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { OnceShown } from '@/shared/ui/OnceShown';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { inOrder, standingOf } from './second';
import './messages';

const SHAPES = { open: 'waiting', approved: 'ok', refused: 'off', expired: 'off' } as const;
const STATES = { open: 'waiting', approved: 'approved', refused: 'refused', expired: 'expired' } as const;

export default function ApprovalsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({ queryKey: ['approvals'], queryFn: ({ signal }) => approvals(signal) });
  const [asking, setAsking] = useState<Approval | null>(null);
  const [half, setHalf] = useState<{ of: Approval; part: string } | null>(null);
  const [note, setNote] = useState('');
  const again = async () => {
    await client.invalidateQueries({ queryKey: ['approvals'] });
    await client.invalidateQueries({ queryKey: ['users'] });
  };
  useLive('account', () => void again());
  const confirm = useMutation({
    mutationFn: (one: Approval) => approve(one.id),
    onSuccess: async ({ approval, part }) => {
      setAsking(null);
      setHalf(part === null ? null : { of: approval, part });
      setNote(part === null ? t('accounts.second.done', { name: approval.name }) : '');
      await again();
    },
  });
  const turnDown = useMutation({
    mutationFn: (one: Approval) => refuse(one.id),
    onSuccess: async (_, one) => {
      setNote(t(one.mine ? 'accounts.second.takenBack' : 'accounts.second.refusedDone'));
      await again();
    },
  });
  const items = inOrder(query.data ?? []);
  return (
    <Sheet
      title={t('accounts.second.title')}
      lead={t('accounts.second.lead')}
      testId="approvals-page"
      bar={
        half ? (
          <OnceShown
            title={t('accounts.second.secondHalf')}
            text={half.part}
            note={t('accounts.second.halfNote', { name: half.of.name, account: half.of.account })}
            onHide={() => setHalf(null)}
            testId="half"
          />
        ) : note ? (
          <p className="mj-note" role="status" data-testid="approval-note">
            {note}
          </p>
        ) : null
      }
    >
      {turnDown.isError ? <ErrorNote error={turnDown.error} what={t('accounts.second.refuse')} /> : null}
      <PanelState
        query={query}
        what={t('accounts.second.title')}
        empty={query.isSuccess && items.length === 0 ? <Empty>{t('accounts.second.none')}</Empty> : undefined}
      >
        <ApprovalTable
          items={items}
          onApprove={(one) => {
            confirm.reset();
            setAsking(one);
          }}
          onRefuse={(one) => {
            if (!turnDown.isPending) turnDown.mutate(one);
          }}
        />
      </PanelState>
      {asking ? (
        <ApproveAsk
          one={asking}
          running={confirm.isPending}
          error={confirm.error}
          onAct={() => confirm.mutate(asking)}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </Sheet>
  );
}

interface TableProps {
  items: Approval[];
  onApprove: (one: Approval) => void;
  onRefuse: (one: Approval) => void;
}

function ApprovalTable({ items, onApprove, onRefuse }: TableProps) {
  const { t } = useTranslation();
  const now = nowUs();
  return (
    <div className="mj-table-seat">
      <table className="mj-table">
        <thead>
          <tr>
            <th scope="col">{t('accounts.second.person')}</th>
            <th scope="col">{t('accounts.second.act')}</th>
            <th scope="col">{t('accounts.second.reason')}</th>
            <th scope="col">{t('accounts.second.askedBy')}</th>
            <th scope="col">{t('accounts.second.state')}</th>
            <th scope="col" aria-label={t('accounts.second.approve')} />
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id} data-testid={`approval-${one.account}`} data-state={one.state}>
              <td>
                {one.name} <span className="mj-muted">{one.account}</span>
              </td>
              <td>
                <Matter one={one} />
              </td>
              <td>{one.reason}</td>
              <td>
                {one.asked_by_name} · {listText(one.asked_us, now)}
              </td>
              <td>
                <StatusShape status={SHAPES[one.state]} label={t(`accounts.second.${STATES[one.state]}`)} />{' '}
                <span className="mj-muted">
                  {one.decided_us
                    ? t('accounts.second.decided', { name: one.decided_by_name ?? '', time: listText(one.decided_us, now) })
                    : t('accounts.second.until', { time: listText(one.until_us, now) })}
                </span>
              </td>
              <td>
                <Decide one={one} onApprove={onApprove} onRefuse={onRefuse} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What was asked for, in words. */
function Matter({ one }: { one: Approval }) {
  const { t } = useTranslation();
  if (one.act === 'reset') return <>{t(one.drop_factor ? 'accounts.second.actResetFactor' : 'accounts.second.actReset')}</>;
  const shown = (one.roles ?? []).map(({ role, division, organisation }) => ({
    role,
    division_path: division ?? '',
    organisation_path: organisation ?? '',
  }));
  return (
    <>
      {t('accounts.second.actRoles')}
      <RoleWords shown={shown} />
    </>
  );
}

function Decide({ one, onApprove, onRefuse }: Omit<TableProps, 'items'> & { one: Approval }) {
  const { t } = useTranslation();
  const standing = standingOf(one);
  if (standing === 'over') return null;
  if (standing === 'concerned') return <span className="mj-muted">{t('accounts.second.notYours')}</span>;
  const own = standing === 'own';
  return (
    <span className="mj-row-acts">
      <Act
        kind="primary"
        refusal={own ? { reason: t('accounts.second.own') } : null}
        testId={`approve-${one.account}`}
        onAct={() => onApprove(one)}
      >
        {t('accounts.second.approve')}
      </Act>
      <Act kind="danger" testId={`refuse-${one.account}`} onAct={() => onRefuse(one)}>
        {t(own ? 'accounts.second.takeBack' : 'accounts.second.refuse')}
      </Act>
    </span>
  );
}

interface AskProps {
  one: Approval;
  running: boolean;
  error: unknown;
  onAct: () => void;
  onClose: () => void;
}

function ApproveAsk({ one, running, error, onAct, onClose }: AskProps) {
  const { t } = useTranslation();
  const what = t('accounts.second.approveWhat', { returnObjects: true });
  const reset = one.act === 'reset';
  const act = reset
    ? t(one.drop_factor ? 'accounts.second.actResetFactor' : 'accounts.second.actReset')
    : t('accounts.editRoles');
  return (
    <Confirm
      title={t('accounts.second.approveAsk', { name: one.name, account: one.account, act })}
      consequences={reset ? [what.check, what.atOnce, what.half] : [what.check, what.atOnce]}
      verb={t('accounts.second.approve')}
      danger
      running={running}
      error={error}
      onAct={onAct}
      onClose={onClose}
      testId="approve-ask"
    />
  );
}
