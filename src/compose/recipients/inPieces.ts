const PIECE = 65_536;

/** Bytes in pieces no larger than a file's are when it is read: a list that arrives whole, as from an editor, must not take one long turn. */
export async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source)
    for (let at = 0; at < chunk.length; at += PIECE)
      yield chunk.length > PIECE ? chunk.subarray(at, at + PIECE) : chunk;
}
