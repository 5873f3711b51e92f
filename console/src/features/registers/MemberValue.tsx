// One member of a record as people read it: codes by their names, units and divisions by theirs, what is empty said so.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { place, system } from '@/api/registers';
import { comma } from '@/shared/i18n';
import { textOr } from '@/shared/i18n/textOr';
import { useWords } from '@/shared/law/useWords';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { momentText } from '@/shared/time/beijing';
import './messages';

/** The lists of codes that a member takes; registers that call theirs alike have different codes. */
const LISTS: Record<string, string | string[]> = {
  regime: 'regime',
  category: 'category',
  purposes: 'purpose',
  funding: 'funding',
  network: 'network',
  subcategory: 'subcategory',
  national_class: 'national_class',
  project_kind: 'project_kind',
  conclusion: 'conclusion',
  kind: ['forbidden_kind', 'project_kind', 'unit_kind'],
  state: 'decision_state',
  level: 'organ_level',
  function: 'function',
  assistance: 'assistance',
};
const UNITS = new Set(['organisation', 'building_unit', 'maintainer', 'entrusted_operator', 'planning_unit', 'designer', 'contractor', 'inspector']);

export function MemberValue({ name, value }: { name: string; value: unknown }) {
  const { t } = useTranslation();
  const { word } = useWords();
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) {
    return <span className="mj-muted">{t('registers.notEntered')}</span>;
  }
  if (name.endsWith('_us') && typeof value === 'number') return momentText(value);
  if (typeof value === 'boolean') return t(value ? 'registers.yes' : 'registers.no');
  if (name === 'outline' && Array.isArray(value)) return t('registers.corners', { count: value.length });
  if (name === 'streams' && Array.isArray(value)) return value.map((one) => <Stream key={JSON.stringify(one)} stream={one as object} />);
  if (name === 'positions' && Array.isArray(value)) return value.map(nameOf).join(comma());
  if (name === 'systems' && Array.isArray(value)) return <Each ids={value} cell={(id) => <SystemLink id={id} />} />;
  if (name === 'cameras' && Array.isArray(value)) return <Each ids={value} cell={(id) => <NameText id={id} />} />;
  if ((name === 'post' || name === 'work') && typeof value === 'string') return textOr(t, `registers.${name}.${value}`, value);
  const lists = [LISTS[name] ?? []].flat();
  if (lists.length > 0) {
    const said = (code: string) => lists.map((list) => word(list, code)).find((text) => text !== code) ?? code;
    return (Array.isArray(value) ? value : [value]).map((code) => said(String(code))).join(comma());
  }
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : JSON.stringify(value);
  if (UNITS.has(name)) return <NameText id={text} />;
  if (name === 'division') return <DivisionName code={text} />;
  if (name === 'system') return <SystemLink id={text} />;
  return name === 'place' ? <PlaceLink id={text} /> : text;
}

function Each({ ids, cell }: { ids: readonly unknown[]; cell: (id: string) => ReactNode }) {
  return ids.map(String).map((id, at) => (
    <span key={id}>
      {at > 0 ? comma() : ''}
      {cell(id)}
    </span>
  ));
}

/** A stream of a camera: which one, and where it comes from. */
function Stream({ stream }: { stream: { kind?: string; url?: string } }) {
  const { t } = useTranslation();
  return (
    <span>
      {textOr(t, `names.stream.${stream.kind ?? ''}`, stream.kind ?? '')} <span className="mj-code-line">{stream.url}</span>{' '}
    </span>
  );
}

function nameOf(position: unknown): string {
  const { name } = (position ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : '';
}

function SystemLink({ id }: { id: string }) {
  const { data } = useQuery({ queryKey: ['system', id], queryFn: ({ signal }) => system(id, signal), staleTime: 60_000 });
  return <Link to={`/systems/${id}`}>{data?.name ?? id}</Link>;
}

function PlaceLink({ id }: { id: string }) {
  const { data } = useQuery({ queryKey: ['place', id], queryFn: ({ signal }) => place(id, signal), staleTime: 60_000 });
  return <Link to={`/places/${id}`}>{data?.name ?? id}</Link>;
}
