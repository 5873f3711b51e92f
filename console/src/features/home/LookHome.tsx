// Home of chiefs and of the organs that oversee: one look.
import { useTranslation } from 'react-i18next';
import { Sheet } from '@/shared/ui/Sheet';
import { Look } from './Look';
import './messages';

export default function LookHome() {
  const { t } = useTranslation();
  return (
    <Sheet title={t('home.title')} testId="look-home">
      <Look />
    </Sheet>
  );
}
