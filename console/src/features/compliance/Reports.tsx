// The formal report of what the page shows, as a file: its month is chosen, division and unit are the page's.
import { useTranslation } from 'react-i18next';
import { reportAddress } from '@/api/compliance';
import type { Address } from '@/shared/address';
import { currentLanguage } from '@/shared/i18n';
import { dateText, nowUs } from '@/shared/time/beijing';
import { SelectField } from '@/shared/ui/fields';

const MONTHS = 12;

interface Props {
  address: Address;
  month: string | undefined;
  onMonth: (month: string) => void;
}

export function Reports({ address, month, onMonth }: Props) {
  const { t } = useTranslation();
  const language = currentLanguage() === 'en' ? 'en' : 'zh';
  const wish = { under: address.under, unit: address.unit, month, language } as const;
  return (
    <>
      <SelectField
        label={t('compliance.report.month')}
        value={month ?? ''}
        none={t('compliance.report.thisMonth')}
        options={monthsBefore(dateText(nowUs())).map((code) => ({ code, name: code }))}
        testId="report-month"
        onChange={onMonth}
      />
      <a href={reportAddress({ ...wish, form: 'docx' })} download data-testid="report-docx">
        {t('compliance.report.docx')}
      </a>
      <a href={reportAddress({ ...wish, form: 'pdf' })} download data-testid="report-pdf">
        {t('compliance.report.pdf')}
      </a>
    </>
  );
}

/** The months before a day's, the newest first: `2026-10`. */
function monthsBefore(day: string): string[] {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return Array.from({ length: MONTHS }, (_, back) => {
    const count = year * 12 + month - 2 - back;
    return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
  });
}
