import { hash } from 'node:crypto';
import { foldAddress } from './address.ts';

/** What is kept of a reader who unsubscribed and was then erased: enough never to mail them again, and nothing else. */
export function erasedEntry(address: string): string {
  return `#${hash('sha256', foldAddress(address))}`;
}

export function isErased(entry: string): boolean {
  return entry.startsWith('#');
}
