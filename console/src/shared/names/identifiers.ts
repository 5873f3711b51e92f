// What an identifier stands for: two letters name the kind, `ch_…` a camera, `ch_….main` one of its streams.
const KINDS = { ch: 'camera', us: 'person', or: 'unit', pl: 'plan' } as const;
const PATTERN = /^(ch|us|or|pl)_[a-z2-7]{12}$/;
const STREAM = /^(ch_[a-z2-7]{12})\.(main|sub)$/;

export type NamedKind = (typeof KINDS)[keyof typeof KINDS];

export interface Identified {
  kind: NamedKind;
  id: string;
  /** Of a stream: which of the camera's. */
  stream?: 'main' | 'sub';
}

/** Null where the text is no identifier of something that has a name. */
export function identified(text: string): Identified | null {
  const [, camera, stream] = STREAM.exec(text) ?? [];
  if (camera) return { kind: 'camera', id: camera, stream: stream === 'sub' ? 'sub' : 'main' };
  const prefix = PATTERN.exec(text)?.[1] as keyof typeof KINDS | undefined;
  return prefix ? { kind: KINDS[prefix], id: text } : null;
}
