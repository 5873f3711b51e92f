import { LEDGERS } from './ledger';
import { LedgerRecord } from './LedgerSheet';

export default function StaffFilePage() {
  return <LedgerRecord ledger={LEDGERS.staff} />;
}
