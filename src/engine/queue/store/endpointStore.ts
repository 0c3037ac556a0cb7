import type { DatabaseSync } from 'node:sqlite';

/** Where reading continues: the endpoint's log by its id, and an offset in it. */
export interface EndpointCursor {
  log: string;
  after: number;
}

/** How far each unsubscribe endpoint has been read. */
export class EndpointStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  cursor(url: string): EndpointCursor {
    const row = this.#database.prepare('SELECT log, after FROM endpoints WHERE url = ?').get(url);
    return { log: String(row?.log ?? ''), after: Number(row?.after ?? 0) };
  }

  keep(url: string, { log, after }: EndpointCursor): void {
    this.#database.prepare('INSERT OR REPLACE INTO endpoints (url, log, after) VALUES (?, ?, ?)').run(url, log, after);
  }
}
