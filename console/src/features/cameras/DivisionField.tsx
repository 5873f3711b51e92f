// Choosing an administrative division level by level. A code holds the codes of all above it (GB/T 2260, GB/T 10114:
// 2, 4, 6, 9, 12 digits), so the chain is read from the chosen code itself.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { divisions } from '@/api/registry';

const LENGTHS = [2, 4, 6, 9, 12];

interface Props {
  value: string;
  onChange: (code: string) => void;
}

export function DivisionField({ value, onChange }: Props) {
  const { t } = useTranslation();
  const chain = LENGTHS.filter((length) => length <= value.length).map((length) => value.slice(0, length));
  return (
    <fieldset className="mj-cams-division" data-testid="division-field">
      <legend>{t('cameras.wizard.division')}</legend>
      <Level under={null} chosen={chain[0] ?? ''} onChoose={onChange} />
      {chain.map((code, at) => (
        <Level key={code} under={code} chosen={chain[at + 1] ?? ''} onChoose={(next) => onChange(next || code)} />
      ))}
    </fieldset>
  );
}

function Level({ under, chosen, onChoose }: { under: string | null; chosen: string; onChoose: (code: string) => void }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['divisions', under],
    queryFn: ({ signal }) => divisions(under, signal),
    staleTime: 600_000,
  });
  const items = query.data ?? [];
  if (items.length === 0) return null;
  return (
    <select
      value={chosen}
      aria-label={t('cameras.wizard.division')}
      data-testid={`division-under-${under ?? 'top'}`}
      onChange={(event) => onChoose(event.target.value)}
    >
      <option value="">–</option>
      {items.map((one) => (
        <option key={one.code} value={one.code}>
          {one.name}
        </option>
      ))}
    </select>
  );
}
