import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The process has ended: nothing it does after that reaches anybody. */
export class Crashed extends Error {}

const SQLITE_FULL = 13;

function noRoom(): Error {
  return Object.assign(new Error('database or disk is full'), { errcode: SQLITE_FULL });
}

/**
 * A store whose process dies at its `crashAt`th effect, in the middle of a transaction too, and whose disk takes nothing from
 * one effect to another. What was committed stays in the real database for the next life.
 */
export class Disk {
  readonly database: DatabaseSync;
  readonly #real: DatabaseSync;
  readonly #crashAt: number;
  #full: { from: number; to: number };
  #effects = 0;
  #inside = false;
  dead = false;
  /** Called at that very moment. */
  onDeath: () => void = () => {};

  constructor(real: DatabaseSync, crashAt: number, full: { from: number; to: number }) {
    this.#real = real;
    this.#crashAt = crashAt;
    this.#full = full;
    this.database = new Proxy(real, {
      get: (target, name) => {
        if (name === 'prepare') return (sql: string) => this.#statement(sql, target.prepare(sql));
        if (name === 'exec') return (sql: string) => this.#exec(sql);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Somebody makes room. */
  makeRoom(): void {
    this.#full = { from: 0, to: 0 };
  }

  /** Something that others see, or that stays. Throws when it does not happen. */
  effect(): void {
    if (this.dead) throw new Crashed('crashed');
    if (++this.#effects < this.#crashAt) return;
    this.dead = true;
    this.onDeath();
    if (this.#inside) this.#real.exec('ROLLBACK');
    throw new Crashed('crashed');
  }

  #write(): void {
    this.effect();
    if (this.#effects >= this.#full.from && this.#effects < this.#full.to) throw noRoom();
  }

  #exec(sql: string): void {
    if (this.dead) throw new Crashed('crashed');
    if (sql === 'ROLLBACK') this.#inside = false;
    else this.#write();
    this.#real.exec(sql);
    if (sql.startsWith('BEGIN')) this.#inside = true;
    if (sql === 'COMMIT') this.#inside = false;
  }

  #statement(sql: string, real: StatementSync): StatementSync {
    const writes = !/^\s*SELECT/i.test(sql);
    return new Proxy(real, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (writes) this.#write();
          else if (this.dead) throw new Crashed('crashed');
          return value.apply(target, args);
        };
      },
    });
  }
}
