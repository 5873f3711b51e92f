import { LEDGERS } from './ledger';
import { LedgerRecord } from './LedgerSheet';

export default function AgreementPage() {
  return <LedgerRecord ledger={LEDGERS.agreements} />;
}
