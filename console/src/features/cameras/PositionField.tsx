// The key position that a camera covers, chosen by name: of the place of its system, or of a place that is searched for.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { place as readPlace, places, system as readSystem } from '@/api/registers';
import type { Place } from '@/api/registers';
import { bracketed } from '@/shared/i18n';
import { useWords } from '@/shared/law/useWords';
import { SelectField, TextField } from '@/shared/ui/fields';
import './messages';

const FOUND_MOST = 20;
const FRESH_MS = 60_000;

/** The place that has a key position. */
function usePlaceOf(position: string): Place | undefined {
  const query = useQuery({
    queryKey: ['places', { position }],
    queryFn: ({ signal }) => places({ position, limit: 1 }, signal),
    enabled: position !== '',
    staleTime: FRESH_MS,
  });
  return query.data?.items[0];
}

/** `实验小学 · 大门`, a link to the place. */
export function PositionLink({ id }: { id: string }) {
  const found = usePlaceOf(id);
  const position = found?.positions.find((one) => one.id === id);
  if (!found || !position) return <span className="mj-code">{id}</span>;
  return <Link to={`/places/${found.id}`}>{`${found.name} · ${position.name}`}</Link>;
}

interface Props {
  label: string;
  mandatory: boolean;
  fault: string | undefined;
  testId: string;
  value: string;
  /** The system that the camera belongs to, whose place is offered first. */
  system: string;
  onChange: (value: string | null) => void;
}

export function PositionField({ value, system, onChange, ...seat }: Props) {
  const { t } = useTranslation();
  const { word } = useWords();
  const [words, setWords] = useState('');
  const [picked, setPicked] = useState<string | null>(null);
  const covered = usePlaceOf(value);
  const served = useQuery({ queryKey: ['system', system], queryFn: ({ signal }) => readSystem(system, signal), enabled: system !== '', staleTime: FRESH_MS }).data?.place ?? '';
  const chosen = picked ?? covered?.id ?? (value ? '' : served);
  const open = useQuery({ queryKey: ['place', chosen], queryFn: ({ signal }) => readPlace(chosen, signal), enabled: chosen !== '', staleTime: FRESH_MS }).data;
  const q = words.trim();
  const found = useQuery({ queryKey: ['places', { q }], queryFn: ({ signal }) => places({ q, limit: FOUND_MOST }, signal), enabled: q !== '' });
  const offered = [...(open ? [open] : []), ...(q ? (found.data?.items ?? []) : [])].filter((one, at, all) => all.findIndex((other) => other.id === one.id) === at);
  const positions = open?.positions ?? [];
  return (
    <fieldset>
      <legend>{seat.label}</legend>
      <TextField label={t('cameras.dossier.findPlace')} value={words} testId="position-place-find" onChange={setWords} />
      <SelectField
        label={t('cameras.dossier.place')}
        value={chosen}
        none={t('cameras.dossier.noPlace')}
        options={offered.map(({ id, name }) => ({ code: id, name }))}
        hint={q && found.isSuccess && found.data.total > FOUND_MOST ? t('cameras.dossier.moreFound', { total: found.data.total }) : undefined}
        testId="position-place"
        onChange={(place) => {
          setPicked(place);
          onChange(null);
        }}
      />
      <SelectField
        {...seat}
        value={positions.some((one) => one.id === value) ? value : ''}
        none={t('cameras.dossier.notEntered')}
        options={positions.map((one) => ({ code: one.id, name: bracketed(one.name, word('position', one.kind)) }))}
        hint={open && positions.length === 0 ? <Link to={`/places/${open.id}`} search={{ edit: '1' }}>{t('cameras.dossier.noPositions')}</Link> : undefined}
        onChange={(code) => onChange(code || null)}
      />
    </fieldset>
  );
}
