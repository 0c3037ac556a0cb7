import { hash } from 'node:crypto';
import { foldAddress } from './address.ts';

/** What is kept of somebody who left and was then erased: enough never to write to them again, and nothing else. */
export function erasedEntry(address: string): string {
  return `#${hash('sha256', foldAddress(address))}`;
}

export function isErased(entry: string): boolean {
  return entry.startsWith('#');
}
