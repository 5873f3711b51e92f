import { LEDGERS } from './ledger';
import { LedgerSheet } from './LedgerSheet';

export default function StaffPage() {
  return <LedgerSheet ledger={LEDGERS.staff} />;
}
