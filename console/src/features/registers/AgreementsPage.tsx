import { LEDGERS } from './ledger';
import { LedgerSheet } from './LedgerSheet';

export default function AgreementsPage() {
  return <LedgerSheet ledger={LEDGERS.agreements} />;
}
