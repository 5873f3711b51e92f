// Asking a second person for what one may not do alone: the act stands as it was wished, the reason is the asker's.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/accounts';
import { askApproval } from '@/api/approvals';
import type { ApprovalDone } from '@/api/approvals';
import { Confirm } from '@/shared/ui/Confirm';
import type { Asking } from './second';

interface Props {
  user: User;
  asking: Asking;
  onAsked: (done: ApprovalDone) => void;
  onClose: () => void;
}

export function AskSecond({ user, asking, onAsked, onClose }: Props) {
  const { t } = useTranslation();
  const who = { name: user.name, account: user.account };
  const isReset = asking.act === 'reset';
  const [reason, setReason] = useState(t(isReset ? 'accounts.second.reasonReset' : 'accounts.second.reasonRoles', who));
  const ask = useMutation({
    mutationFn: () => askApproval({ ...asking, user: user.id, reason: reason.trim() }),
    onSuccess: onAsked,
  });
  const what = t('accounts.second.what', { returnObjects: true });
  const blank = reason.trim() === '';
  return (
    <Confirm
      title={t(isReset ? 'accounts.second.askReset' : 'accounts.second.askRoles', who)}
      consequences={isReset ? [what.two, what.halves, what.lapses] : [what.two, what.lapses]}
      verb={t('accounts.second.ask')}
      running={ask.isPending}
      error={ask.error}
      onAct={() => {
        if (!blank) ask.mutate();
      }}
      onClose={onClose}
      testId="second-ask"
    >
      <div className="mj-form">
        <label>
          {t('accounts.second.reason')}
          <input
            className="mj-input"
            maxLength={200}
            data-testid="second-reason"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {blank ? <p role="alert">{t('accounts.second.reasonMissing')}</p> : null}
      </div>
    </Confirm>
  );
}
