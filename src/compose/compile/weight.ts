/** From here on a message is said to be heavy: Microsoft often takes 20 MB, and what it writes on top counts. */
export const HEAVY_MEGABYTES = 18;

/** Bytes of a file in a message: base64 makes four of three, and a line end after each 76. */
export function onTheWire(length: number): number {
  return Math.ceil(length * 1.37);
}
