// One's own password and second factor: what protects this account.
import { useTranslation } from 'react-i18next';
import { Sheet } from '@/shared/ui/Sheet';
import { FactorCard } from './FactorCard';
import { PasswordCard } from './PasswordCard';
import './messages';
import './Own.css';

export default function SecurityPage() {
  const { t } = useTranslation();
  return (
    <Sheet title={t('own.security.title')} testId="security-page">
      <div className="mj-security">
        <PasswordCard />
        <FactorCard />
      </div>
    </Sheet>
  );
}
