/** From this size on a message is reported as large: Microsoft often accepts 20 MB, including what it adds. */
export const HEAVY_MEGABYTES = 18;

/** Bytes of a file in a message: base64 turns three octets into four, plus a line end after each 76. */
export function onTheWire(length: number): number {
  return Math.ceil(length * 1.37);
}
