// Choosing an administrative division level by level, from the top down to the chosen one.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { divisions } from '@/api/registry';
import { lineage } from './paths';
import './messages';
import './Names.css';

interface Props {
  value: string;
  /** Gets the empty text where none is chosen. */
  onChange: (code: string) => void;
  /** What choosing none of a level says. */
  none?: string;
}

export function DivisionField({ value, onChange, none = '–' }: Props) {
  const { t } = useTranslation();
  const chain = lineage(value);
  return (
    <fieldset className="mj-division" data-testid="division-field">
      <legend>{t('names.division')}</legend>
      <Level under={null} chosen={chain[0] ?? ''} none={none} onChoose={onChange} />
      {chain.map((code, at) => (
        <Level key={code} under={code} chosen={chain[at + 1] ?? ''} none={none} onChoose={(next) => onChange(next || code)} />
      ))}
    </fieldset>
  );
}

function Level({ under, chosen, none, onChoose }: { under: string | null; chosen: string; none: string; onChoose: (code: string) => void }) {
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
      className="mj-input"
      value={chosen}
      aria-label={t('names.division')}
      data-testid={`division-under-${under ?? 'top'}`}
      onChange={(event) => onChoose(event.target.value)}
    >
      <option value="">{none}</option>
      {items.map((one) => (
        <option key={one.code} value={one.code}>
          {one.name}
        </option>
      ))}
    </select>
  );
}
