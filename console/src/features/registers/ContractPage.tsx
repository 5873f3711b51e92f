import { LEDGERS } from './ledger';
import { LedgerRecord } from './LedgerSheet';

export default function ContractPage() {
  return <LedgerRecord ledger={LEDGERS.contracts} />;
}
