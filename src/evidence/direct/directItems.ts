import type { EvidenceItem, SenderQuestion } from '../../shared/evidence.ts';
import type { EvidencePorts, Knock } from '../ports.ts';
import { blockListItems } from './blockList.ts';
import { hostItems } from './hostItems.ts';
import { portItems } from './portItems.ts';

/** Mail servers that are greeted at most. */
const MOST_KNOCKS = 3;

/** What the list's largest mail servers said when they were greeted. */
export function knockAtLargest(
  { domains }: SenderQuestion,
  ports: EvidencePorts,
  signal: AbortSignal,
): Promise<Knock[]> {
  return Promise.all(domains.slice(0, MOST_KNOCKS).map((domain) => ports.knock(domain, signal)));
}

/** Whether mail that this computer itself delivers would be taken. `address`: under which others see it, or null. */
export async function directItems(
  address: string | null,
  knocks: readonly Knock[],
  ports: EvidencePorts,
): Promise<EvidenceItem[]> {
  const [host, way, lists] = await Promise.all([
    hostItems(address, ports),
    portItems(knocks, ports),
    address === null ? [] : blockListItems(address, ports.dns),
  ]);
  return [...host, ...way, ...lists];
}
