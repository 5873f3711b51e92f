// What the server says when it refuses: RFC 9457 problem details with our codes, in both languages.

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
  message_en: string;
}

export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  detail_en: string;
  remedy: string;
  remedy_en: string;
  instance?: string;
  fields?: FieldProblem[];
  [extra: string]: unknown;
}

/** Thrown by every call of the client. `status` 0 and code `NET-000` mean that no answer came at all. */
export class Problem extends Error {
  readonly details: ProblemDetails;
  /** When it was met, browser's clock, microseconds. */
  readonly atUs: number;

  constructor(details: ProblemDetails) {
    super(`${details.code}: ${details.detail || details.title}`);
    this.name = 'Problem';
    this.details = details;
    this.atUs = Date.now() * 1000;
  }

  get status(): number {
    return this.details.status;
  }

  get code(): string {
    return this.details.code;
  }
}

export function noAnswer(): Problem {
  return new Problem({
    type: 'about:blank',
    title: '没有应答',
    status: 0,
    code: 'NET-000',
    detail: '服务器没有应答。',
    detail_en: 'The server did not answer.',
    remedy: '检查网络连接；会自动重试。',
    remedy_en: 'Check the network; it is tried again by itself.',
  });
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** Reads an error answer, whatever its body is. */
export async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = await response.json();
    if (typeof parsed === 'object' && parsed !== null) body = { ...parsed };
  } catch {
    // A proxy's HTML page is not ours to read; the status says enough.
    body = {};
  }
  return new Problem({
    ...body,
    type: text(body.type, 'about:blank'),
    title: text(body.title, response.statusText),
    status: response.status,
    code: text(body.code, `HTTP-${response.status}`),
    detail: text(body.detail, response.statusText || `HTTP ${response.status}`),
    detail_en: text(body.detail_en, response.statusText || `HTTP ${response.status}`),
    remedy: text(body.remedy, ''),
    remedy_en: text(body.remedy_en, ''),
  });
}
