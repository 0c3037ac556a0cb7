/**
 * The message with every array of bytes as the plain kind. The editor writes messages to a webview as JSON and puts typed
 * arrays aside in a replacer; a Node Buffer has a `toJSON`, which runs before it, and the page would get an empty array.
 * Values that are not plain objects or lists are passed unchanged.
 */
export function plainBytes<T>(message: T): T {
  return plain(message) as T;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.constructor === Uint8Array ? value : new Uint8Array(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const kind = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
