// Pure rules of a dossier's form: when a camera is moved, when a measured value says more than what is filed.
import type { Measured } from '@/api/dossiers';
import { dateText, nowUs } from '@/shared/time/beijing';

export type Values = Record<string, unknown>;

/** Members that say where a camera stands and looks; of one in use they are changed for a reason. */
const VIEW = ['longitude', 'latitude', 'azimuth', 'tilt', 'view_angle'];

/** Whether a change moves a camera that is in use. To enter a member for the first time is no move. */
export function moves(filed: Values, patch: Values, today: string = dateText(nowUs())): boolean {
  const { in_use: since } = filed;
  if (typeof since !== 'string' || since > today) return false;
  return VIEW.some((name) => name in patch && filed[name] !== null && filed[name] !== undefined && patch[name] !== filed[name]);
}

/** Whether what was measured is something else than what is filed. */
export function beyond(filed: unknown, measured: Measured | undefined): boolean {
  return measured !== undefined && (filed === null || filed === undefined || JSON.stringify(filed) !== JSON.stringify(measured.value));
}
