import type { Text } from './errors.ts';
import type { EvidenceItem } from './evidence.ts';
import type { EvidenceCode } from './evidenceCodes.ts';

/** Whether mail sent directly from this computer gets through; `why` not. */
export type DirectStanding = { state: 'passed' } | { state: 'unknown' } | { state: 'failed'; why: Text };

/** What the network is asked to determine it. */
export const directCodes = ['directHost', 'directPorts', 'blockList'] as const satisfies readonly EvidenceCode[];

/** Whether mail gets through directly, as far as the network has been asked. */
export function directStanding(items: readonly EvidenceItem[]): DirectStanding {
  const asked = items.filter(({ code }) => directCodes.some((each) => each === code));
  const failed = asked.find(({ state }) => state === 'failed');
  if (failed) return { state: 'failed', why: failed.text };
  return asked.length > 0 && asked.every(({ state }) => state === 'passed')
    ? { state: 'passed' }
    : { state: 'unknown' };
}
