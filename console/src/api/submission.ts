// What leaves the house with a filing: its documents, the package for the organ, the receipt.
import { addressOf, get, post, send } from './http';
import type { Schemas } from './types';

export type FilingDocuments = Schemas['FilingDocuments'];
export type FilingDocument = Schemas['FilingDocument'];
export type DocumentKind = FilingDocument['kind'];

export async function documents(filing: string, signal?: AbortSignal): Promise<FilingDocuments> {
  return get(`/filings/${filing}/documents`, undefined, signal);
}

export async function addDocument(filing: string, kind: DocumentKind, file: File): Promise<FilingDocument> {
  const response = await send('POST', `/filings/${filing}/documents`, { query: { kind, name: file.name.slice(-100) }, body: file });
  return (await response.json()) as FilingDocument;
}

export async function setDocumentAside(filing: string, document: string, reason: string): Promise<FilingDocument> {
  return post(`/filings/${filing}/documents/${document}/aside`, { reason });
}

export async function printReceipt(filing: string, language: 'zh' | 'en'): Promise<Blob> {
  return (await send('POST', `/filings/${filing}/receipts`, { query: { language } })).blob();
}

export const documentAddress = (filing: string, document: string) => addressOf(`/filings/${filing}/documents/${document}`);
export const packageAddress = (filing: string, language: 'zh' | 'en') => addressOf(`/filings/${filing}/package.zip`, { language });
