// How a decision stands, as shape and word.
import { useTranslation } from 'react-i18next';
import type { Decision } from '@/api/forbidden';
import { useWords } from '@/shared/law/useWords';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Status } from '@/shared/ui/StatusShape';
import './messages';

const SHAPE: Record<Decision['state'], Status> = { waiting: 'waiting', allowed: 'ok', masked: 'masked', prohibited: 'failed', lapsed: 'off' };

export function DecisionState({ decision: { state, mask_confirmed } }: { decision: Decision }) {
  const { t } = useTranslation();
  const { word } = useWords();
  const open = state === 'masked' && mask_confirmed === null;
  return (
    <>
      <StatusShape status={open ? 'degraded' : SHAPE[state]} label={word('decision_state', state)} />
      {open ? <span className="mj-muted"> · {t('forbidden.decisions.maskOpen')}</span> : null}
    </>
  );
}
