// The words of the wire that the console's pages share, as docs/design/doors.md §1 and §4 fix them.
// Times are integer microseconds since the epoch, UTC, in fields that end in `_us`.

export interface Page<T> {
  items: T[];
  total: number;
  next: string | null;
}

export interface Session {
  user: {
    id: string;
    account: string;
    name: string;
    organisation: string;
    organisation_name: string;
    must_change_password: boolean;
    second_factor: boolean;
  };
  roles: string[];
  permissions: string[];
  csrf_token: string;
  expires_us: number;
  jurisdiction: string;
  media_base: string;
  watermark: string;
}

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

export interface Remedy {
  text: string;
  text_en: string;
  act?: string | null;
}

export interface Leg {
  leg: LegName;
  state: LegState;
  at_us?: number | null;
  took_ms?: number | null;
  cause?: string | null;
  title?: string | null;
  title_en?: string | null;
  evidence?: string[] | string | null;
  remedies?: Remedy[];
}

export interface Diagnosis {
  legs: Leg[];
  summary: string;
  summary_en: string;
  since_us: number | null;
  siblings?: unknown;
  history?: unknown;
}

export interface VideoFormat {
  codec: string;
  width: number;
  height: number;
  fps: number;
  codec_string?: string;
}

export interface AudioFormat {
  codec: string;
  sample_rate: number;
  channels: number;
}

export interface StreamStats {
  stream: string;
  state: string;
  cause: string | null;
  since_us: number | null;
  legs?: Leg[];
  oddities?: Record<string, number>;
  format: { video: VideoFormat | null; audio: AudioFormat | null } | null;
  fps: number | null;
  bitrate_bps: number | null;
  last_frame_us: number | null;
  reconnects: number;
  viewers: number;
  recording: boolean;
}

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

export interface CameraStream {
  kind: StreamKind;
  url: string;
  transport: 'auto' | 'tcp' | 'udp' | 'udp_only';
  audio: boolean;
  purpose: string | null;
}

export interface RecordingState {
  state: 'recording' | 'not_due' | 'lost';
  since_us: number | null;
  reason: GapReason | null;
}

export interface Camera {
  id: string;
  name: string;
  division: string;
  organisation: string;
  enabled: boolean;
  address: string | null;
  note: string | null;
  streams: CameraStream[];
  has_password: boolean;
  plan: string | null;
  retention_days: number | null;
  state: Partial<Record<StreamKind, StreamStats | null>>;
  recording: RecordingState;
}

export interface TreeNode {
  id: string;
  kind: 'division' | 'organisation' | 'camera';
  name: string;
  parent: string | null;
  online: number;
  total: number;
  camera?: Camera | null;
}

export type TicketKind = 'live' | 'hls' | 'rtsp' | 'playback' | 'keyframes';

export interface TicketWish {
  kind: TicketKind;
  channel: string;
  stream: StreamKind;
  from_us?: number;
  until_us?: number;
  purpose?: string;
}

export interface Ticket {
  ticket: string;
  id: string;
  stream: string;
  url: string;
  start_by_us: number;
}
