// The article that asks for something, as a small chip. Only articles that the server cites, from texts that are loaded.
import { useQuery } from '@tanstack/react-query';
import { compliance } from '@/api/compliance';
import { inLanguage } from '@/shared/i18n';
import { useMay } from '@/shared/session';
import './Law.css';

export function Citations({ basis, basisEn }: { basis: string[]; basisEn: string[] }) {
  return (
    <span className="mj-citations">
      {basis.map((text, at) => (
        <span key={text} className="mj-citation">
          {inLanguage(text, basisEn[at])}
        </span>
      ))}
    </span>
  );
}

/** What a rule rests on; nothing where this person may not read what the rules say. */
export function RuleBasis({ rule }: { rule: string }) {
  const may = useMay('compliance.read');
  const { data } = useQuery({
    queryKey: ['compliance', '', ''],
    queryFn: ({ signal }) => compliance(undefined, undefined, signal),
    enabled: may,
    staleTime: 600_000,
  });
  const found = data?.rules.find((one) => one.rule === rule);
  return found ? <Citations basis={found.basis} basisEn={found.basis_en} /> : null;
}
