// Taking note of a finding: why it stands, and until when that holds; after that day it is open again.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { acknowledge } from '@/api/compliance';
import type { Finding } from '@/api/compliance';
import { inLanguage } from '@/shared/i18n';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { DayField, TextField, useFaults } from '@/shared/ui/fields';
import './messages';

export function AcknowledgeAct({ finding }: { finding: Finding }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const may = useMay('compliance.handle');
  const [asking, setAsking] = useState(false);
  return (
    <div>
      {finding.state === 'acknowledged' ? (
        <p className="mj-muted" data-testid="acknowledged">
          {t('law.acknowledged', { reason: finding.reason })}
          {finding.acknowledged_by ? (
            <>
              {' · '}
              <NameText id={finding.acknowledged_by} />
            </>
          ) : null}
          {finding.acknowledged_until ? ` · ${t('law.acknowledgedUntil', { day: finding.acknowledged_until })}` : ''}
        </p>
      ) : (
        <Act
          kind="link"
          testId={`acknowledge-${finding.rule}-${finding.subject}`}
          refusal={refusal(may, t('rights.permission.compliance.handle'))}
          onAct={() => setAsking(true)}
        >
          {t('law.acknowledge')}
        </Act>
      )}
      {asking ? <Ask finding={finding} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

function Ask({ finding, onClose }: { finding: Finding; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: () => acknowledge(finding.id, reason.trim(), until),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['findings'] });
      onClose();
    },
  });
  const faults = useFaults(save.error);
  return (
    <Confirm
      title={`${t('law.acknowledge')} · ${finding.subject_name}`}
      consequences={[inLanguage(finding.message, finding.message_en), t('law.stays'), t('law.journalled')]}
      verb={t('law.acknowledge')}
      running={save.isPending}
      refusal={reason.trim() ? null : { reason: t('law.noReason') }}
      error={save.error}
      onAct={() => save.mutate()}
      onClose={onClose}
      testId="acknowledge-ask"
    >
      <div className="mj-form">
        <TextField label={t('law.reason')} mandatory lines={2} most={2000} value={reason} fault={faults.reason} testId="acknowledge-reason" onChange={setReason} />
        <DayField label={t('law.until')} hint={t('law.untilHint')} value={until} fault={faults.until} testId="acknowledge-until" onChange={setUntil} />
      </div>
    </Confirm>
  );
}
