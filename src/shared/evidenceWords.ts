import { msg, type Text } from './errors.ts';
import type { EvidenceCode } from './evidenceCodes.ts';

/** The title of each check. */
export const evidenceTitles: Record<EvidenceCode, Text> = {
  senderDomain: msg('From domain'),
  spfRecord: msg('SPF'),
  dkimRecord: msg('DKIM'),
  dmarcRecord: msg('DMARC'),
  dmarcResult: msg('What receivers will conclude'),
  directHost: msg('Direct delivery: this computer’s name'),
  directPorts: msg('Direct delivery: outgoing connections'),
  blockList: msg('Blocklists'),
  bulkRules: msg('Rules for bulk senders'),
  unsubscribeWay: msg('Unsubscribe link'),
  listDomain: msg('Domains of the list'),
};
