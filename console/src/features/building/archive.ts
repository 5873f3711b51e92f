// A file of an archive: kept by the server where it takes such files, or by its digest alone, and then it stays here.
import { keepProjectFile } from '@/api/projects';
import type { ProjectDocument } from '@/api/projects';

const TAKEN = ['application/pdf', 'image/jpeg', 'image/png'];
const MOST_BYTES = 10 * 1024 * 1024;

/** How a chosen file stands in the archive; null where only its digest can be kept and the browser has no means to take it. */
export async function filed(project: string, file: File): Promise<Pick<ProjectDocument, 'sha256' | 'kept'> | null> {
  if (TAKEN.includes(file.type) && file.size <= MOST_BYTES) return { sha256: (await keepProjectFile(project, file)).sha256, kept: true };
  const digest = await sha256(file);
  return digest === null ? null : { sha256: digest, kept: false };
}

/** Lower-case hexadecimal SHA-256 of a file; null where the browser has no means (a connection that is not encrypted). */
async function sha256(file: Blob): Promise<string | null> {
  if (!globalThis.isSecureContext) return null;
  const digest = await globalThis.crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
