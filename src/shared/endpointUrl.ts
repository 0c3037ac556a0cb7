import type { Settings } from './settings.ts';
import { trimEndOf } from './trimRuns.ts';

/** The unsubscribe link without its reader-specific part: the endpoint answers the engine at the same address. */
export function endpointUrl({ url }: Settings['unsubscribe']): string {
  const [before = ''] = url.trim().split(/[?#]|\{\{|\{%/);
  return trimEndOf(before, '/');
}
