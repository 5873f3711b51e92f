// The words of the wire that the console's pages share, as docs/design/doors.md §1 and §4 fix them.
// Times are integer microseconds since the epoch, UTC, in fields that end in `_us`.
// Shapes come from the program's own description (`npm run api`); what stands here by hand narrows its plain texts.
import type { components } from './schema';

export type Schemas = components['schemas'];

export interface Page<T> {
  items: T[];
  total: number;
  next: string | null;
}

export type Session = Schemas['Session'];

export type StreamKind = 'main' | 'sub';

export type LegName =
  | 'resolved'
  | 'connected'
  | 'authenticated'
  | 'described'
  | 'set_up'
  | 'first_packet'
  | 'first_key_frame'
  | 'decodable'
  | 'written';

export type LegState = 'ok' | 'failed' | 'waiting' | 'not_reached' | 'unknown';

export type Leg = Omit<Schemas['LegOut'], 'leg' | 'state'> & { leg: LegName; state: LegState };

export type Diagnosis = Omit<Schemas['DiagnosisOut'], 'legs'> & { legs: Leg[] };

export type VideoFormat = Schemas['VideoStats'];

export type AudioFormat = Schemas['AudioStats'];

export type StreamStats = Schemas['StreamStats'];

export type GapReason =
  | 'source_offline'
  | 'source_refused'
  | 'source_silent'
  | 'source_unsupported'
  | 'path_network'
  | 'path_power'
  | 'disk_full'
  | 'disk_fault'
  | 'data_damaged'
  | 'write_overload'
  | 'platform_restart'
  | 'clock_jump'
  | 'agreed_outage'
  | 'disabled'
  | 'unknown';

export type RecordingState = Omit<Schemas['RecordingNow'], 'reason'> & { reason: GapReason | null };

export type Camera = Omit<Schemas['Camera'], 'recording'> & { recording: RecordingState };

export type TreeNode = Omit<Schemas['TreeItem'], 'camera'> & { camera: Camera | null };

export type TicketWish = Omit<Schemas['TicketWish'], 'stream'> & { stream: StreamKind };

export type Ticket = Schemas['TicketOut'];
