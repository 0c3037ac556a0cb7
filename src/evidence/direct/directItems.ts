import type { EvidenceItem, SenderQuestion } from '../../shared/evidence.ts';
import type { EvidencePorts, MailServerGreeting } from '../ports.ts';
import { blockListItems } from './blockList.ts';
import { hostItems } from './hostItems.ts';
import { portItems } from './portItems.ts';

/** How many mail servers are greeted at most. */
const MAX_GREETED = 3;

/** Replies of the list's largest mail servers. */
export function greetLargest(
  { domains }: SenderQuestion,
  ports: EvidencePorts,
  signal: AbortSignal,
): Promise<MailServerGreeting[]> {
  return Promise.all(domains.slice(0, MAX_GREETED).map((domain) => ports.greetMailServer(domain, signal)));
}

/** Whether mail delivered directly by this computer would be accepted. `address`: its public address, or null. */
export async function directItems(
  address: string | null,
  greetings: readonly MailServerGreeting[],
  ports: EvidencePorts,
): Promise<EvidenceItem[]> {
  const [host, way, lists] = await Promise.all([
    hostItems(address, ports),
    portItems(greetings, ports),
    address === null ? [] : blockListItems(address, ports.dns),
  ]);
  return [...host, ...way, ...lists];
}
