/** Settings that are objects; the first three by a name of the person's choice, dots allowed. */
const named = new Set(['servers', 'dkim', 'mailboxes']);
const plain = new Set(['oauth', 'direct', 'retry', 'unsubscribe', 'sendingHours', 'checks']);

/**
 * Moves dotted keys into the setting they belong to: `envoi.direct.port` into `envoi.direct`. The later of two
 * wins, as in the editor.
 */
export function gatherKeys(written: Record<string, unknown>, prefix: string): Record<string, unknown> {
  const raw: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(written)) {
    const [root = '', ...below] = key.startsWith(prefix) ? key.slice(prefix.length).split('.') : [];
    if (below.length === 0 || !(named.has(root) || plain.has(root))) {
      put(raw, key, value);
      continue;
    }
    const path =
      !named.has(root) || isObject(value) ? [below.join('.')] : [below.slice(0, -1).join('.'), below.at(-1) ?? ''];
    const whole = path.reduceRight<unknown>((inner, name) => (name === '' ? inner : { [name]: inner }), value);
    put(raw, prefix + root, whole);
  }
  return raw;
}

function put(into: Record<string, unknown>, key: string, value: unknown): void {
  const other = into[key];
  if (!isObject(other) || !isObject(value)) {
    into[key] = value;
    return;
  }
  const both: Record<string, unknown> = { ...other };
  for (const [name, item] of Object.entries(value)) put(both, name, item);
  into[key] = both;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
