import { gatherKeys } from './gatherKeys.ts';

const PREFIX = 'envoi.';

/**
 * What settings that lie in somebody's folder may say before a person trusts that folder: names and texts. All else needs
 * trust, a key added tomorrow too: what names a host, a path, a key, a mailbox, an address, a URL or a limit. In the editor the
 * same keys have the scope `resource` or `window`, the others `application`; a test compares the two.
 */
export const folderKeys: readonly string[] = [
  'from',
  'replyTo',
  'recipients',
  'route',
  'domainRoutes',
  'whenQuotaReached',
  'retry',
  'sendingHours',
  'postalAddress',
  'listId',
  'feedbackId',
  'checks',
  'codeLens',
  'preview.scrollSync',
];

/** Which settings of a folder need trust, as their keys are written at the top: `envoi.servers`. */
export function keysThatNeedTrust(written: Record<string, unknown>): string[] {
  const names = Object.keys(gatherKeys(written, PREFIX)).filter((key) => key.startsWith(PREFIX));
  return names.filter((key) => !folderKeys.includes(key.slice(PREFIX.length)));
}
