import { LEDGERS } from './ledger';
import { LedgerSheet } from './LedgerSheet';

export default function ContractsPage() {
  return <LedgerSheet ledger={LEDGERS.contracts} />;
}
