const ready = new WeakSet<Uint8Array>();

/**
 * Marks the bytes of a message as made so that DATA carries them as they are: every line ends in CRLF, the last one too,
 * and none begins with a dot. The mark is on these very bytes, so it does not outlive a change: whoever adds to a message
 * makes other bytes.
 */
export function markWireReady<T extends Uint8Array>(bytes: T): T {
  ready.add(bytes);
  return bytes;
}

export const isWireReady = (bytes: Uint8Array): boolean => ready.has(bytes);
