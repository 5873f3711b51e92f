// A file by its digest: it is read here and stays here.

/** Lower-case hexadecimal SHA-256 of a file; null where the browser has no means (a connection that is not encrypted). */
export async function sha256(file: Blob): Promise<string | null> {
  if (!globalThis.isSecureContext) return null;
  const digest = await globalThis.crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
