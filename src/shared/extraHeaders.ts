/** Header fields a person may add to every message: none that delivery, signing or the body depends on. */
const known = [
  'auto-submitted',
  'comments',
  'feedback-id',
  'importance',
  'keywords',
  'list-archive',
  'list-help',
  'list-owner',
  'list-post',
  'list-subscribe',
  'organization',
  'precedence',
  'priority',
];

/** Names that begin with X- but change how servers or readers treat sender and body. */
const reserved = /^x-(?:envoi|original-|sender$|spam|virus|authentication|google-dkim|received)/i;

export function isExtraHeaderName(name: string): boolean {
  if (known.includes(name.toLowerCase())) return true;
  return /^x-[a-z0-9][a-z0-9-]{0,60}$/i.test(name) && !reserved.test(name);
}

/** One line of printable ASCII that fits a header line. */
export function isExtraHeaderValue(value: string): boolean {
  return /^[\x20-\x7e]{1,800}$/.test(value) && value.trim() === value;
}
