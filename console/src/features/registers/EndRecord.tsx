// Taking a system or a place out of its register: the act with its reason, and the line that says that it is out.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endPlace, endSystem } from '@/api/registers';
import { useMay } from '@/shared/session';
import { dateText } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { TextField } from '@/shared/ui/fields';
import { StatusShape } from '@/shared/ui/StatusShape';
import './messages';

const ENDING = { systems: endSystem, places: endPlace };

interface Ending {
  register: keyof typeof ENDING;
  record: { id: string; name: string };
}

export function EndAct({ register, record }: Ending) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const mayWrite = useMay('register.write');
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Act kind="danger" testId="record-end" refusal={refusal(mayWrite, t('rights.permission.register.write'))} onAct={() => setAsking(true)}>
        {t(`registers.ended.act.${register}`)}
      </Act>
      {asking ? <Ask register={register} record={record} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function Ask({ register, record, onClose }: Ending & { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const end = useMutation({
    mutationFn: async () => {
      await ENDING[register](record.id, reason);
    },
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Confirm
      title={t('registers.ended.title', { name: record.name })}
      consequences={[t('registers.ended.kept'), t(`registers.ended.follows.${register}`)]}
      verb={t(`registers.ended.act.${register}`)}
      danger
      running={end.isPending}
      refusal={reason.trim() ? null : { reason: t('registers.ended.reasonless') }}
      error={end.error}
      onAct={() => end.mutate()}
      onClose={onClose}
      testId="record-ending"
    >
      <TextField label={t('registers.ended.reason')} mandatory value={reason} testId="record-end-reason" onChange={setReason} />
    </Confirm>
  );
}

export function EndedLine({ us }: { us: number }) {
  const { t } = useTranslation();
  return <StatusShape status="off" label={t('registers.ended.since', { day: dateText(us) })} />;
}
