// What a unit is by law, with the level of an organ, the function of a department, the line of an assisting unit.
import type { Unit } from '@/api/units';
import { useWords } from '@/shared/law/useWords';

export function UnitKindText({ unit }: { unit: Unit }) {
  const { word } = useWords();
  const detail = unit.level ? word('organ_level', unit.level) : unit.function ? word('function', unit.function) : unit.assistance ? word('assistance', unit.assistance) : '';
  return `${word('unit_kind', unit.kind)}${detail ? ` · ${detail}` : ''}`;
}
