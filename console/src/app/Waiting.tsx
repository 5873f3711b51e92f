// While a page's chunk is on its way: a sentence, after a moment in which most pages have come.
import { useTranslation } from 'react-i18next';

export function Waiting() {
  const { t } = useTranslation();
  return (
    <p className="mj-wait" role="status">
      {t('frame.loadingPage')}
    </p>
  );
}
