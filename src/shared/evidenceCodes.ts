/** What can be checked about a sender, in the order in which it is reported. Each is a finding's code too. */
export const evidenceCodes = [
  'senderDomain',
  'spfRecord',
  'dkimRecord',
  'dmarcRecord',
  'dmarcResult',
  'directHost',
  'directPorts',
  'blockList',
  'bulkRules',
  'unsubscribeWay',
  'listDomain',
] as const;
export type EvidenceCode = (typeof evidenceCodes)[number];
