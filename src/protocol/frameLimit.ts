import type { Socket } from 'node:net';

/** Header lines of a frame: two short ones at most. */
const MAX_HEADER = 200;

/**
 * Ends a connection whose peer announces a message of more than `max` octets, or does not speak the protocol: the reader behind
 * would collect it in memory. Must be created before the reader; `max` may be raised later.
 */
export class FrameLimit {
  max: number;
  #header = '';
  #left = 0;

  constructor(socket: Socket, max: number) {
    this.max = max;
    socket.on('data', (chunk: Buffer) => {
      if (!this.#take(chunk)) socket.destroy();
    });
  }

  #take(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, chunk.length - at);
        this.#left -= step;
        at += step;
        continue;
      }
      this.#header += chunk.toString('latin1', at, at + MAX_HEADER);
      const end = this.#header.indexOf('\r\n\r\n');
      if (end < 0) return this.#header.length < MAX_HEADER;
      const taken = Math.min(MAX_HEADER, chunk.length - at);
      // What follows the header in this chunk belongs to the body.
      at += taken - (this.#header.length - end - 4);
      const size = /^content-length: *(\d{1,15})\r?$/im.exec(this.#header.slice(0, end));
      this.#header = '';
      if (!size || Number(size[1]) > this.max) return false;
      this.#left = Number(size[1]);
    }
    return true;
  }
}
