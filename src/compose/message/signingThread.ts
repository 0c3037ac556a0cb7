import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';

type Answer = { signature: string } | { error: string };

interface Job {
  key: KeyObject;
  input: string;
  resolve: (signature: string) => void;
  reject: (error: Error) => void;
}

/** What the thread runs. A text, because a file would have to be found from the sources and from each bundle. */
const code = `
const { hash, sign } = require('node:crypto');
const { parentPort } = require('node:worker_threads');
const keys = new Map();
const signed = ([n, input]) => {
  const key = keys.get(n);
  const rsa = key.asymmetricKeyType === 'rsa';
  const data = rsa ? Buffer.from(input) : hash('sha256', input, 'buffer');
  try {
    return { signature: sign(rsa ? 'sha256' : null, data, key).toString('base64') };
  } catch (error) {
    return { error: String(error) };
  }
};
parentPort.on('message', ({ fresh, jobs, gone }) => {
  for (const [n, key] of fresh) keys.set(n, key);
  if (jobs.length > 0) parentPort.postMessage(jobs.map(signed));
  for (const n of gone) keys.delete(n);
});`;

/** It holds keys and a few signatures. */
const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 };

/**
 * Makes signatures in one thread; all that are asked for in a turn of the event loop go there together. One job in libuv's pool for each
 * would wake a thread each time, and on a machine with two cores the scheduler often runs that thread in place of the caller. The
 * thread does not keep the process alive, except while a signature is awaited. It has a key until that is forgotten, and ends with
 * the last one.
 */
export class SigningThread {
  #worker: Worker | null = null;
  #keys = new Map<KeyObject, number>();
  #fresh: [number, KeyObject][] = [];
  #next = 0;
  readonly #leaving = new Set<KeyObject>();
  #batch: Job[] = [];
  readonly #asked: Job[][] = [];

  /**
   * In base64: rsa-sha256, or ed25519-sha256 (RFC 8463) with a key of that kind. Rejects when the thread could not be started,
   * or ended before the answer; the next call starts a new one.
   */
  sign(key: KeyObject, input: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#batch.push({ key, input, resolve, reject });
      if (this.#batch.length === 1) setImmediate(() => this.#ask());
    });
  }

  /** The key is not used any more: it does not stay in the thread's memory. Signatures already asked for are still made. */
  forget(key: KeyObject): void {
    this.#leaving.add(key);
    if (this.#batch.length === 0) this.#dismiss();
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(): void {
    const batch = this.#batch.splice(0);
    try {
      this.#worker ??= this.#start();
      const jobs = batch.map(({ key, input }) => [this.#indexOf(key), input] as const);
      this.#worker.postMessage({ fresh: this.#fresh.splice(0), jobs, gone: [] });
    } catch (error) {
      for (const { reject } of batch) reject(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#worker.ref();
    this.#asked.push(batch);
    this.#dismiss();
  }

  #dismiss(): void {
    const gone = [...this.#leaving].flatMap((key) => this.#keys.get(key) ?? []);
    for (const key of this.#leaving) this.#keys.delete(key);
    this.#leaving.clear();
    if (gone.length > 0) this.#worker?.postMessage({ fresh: [], jobs: [], gone });
    this.#endUnused();
  }

  #endUnused(): void {
    const worker = this.#worker;
    if (!worker || this.#keys.size > 0 || this.#asked.length > 0 || this.#batch.length > 0) return;
    this.#worker = null;
    void worker.terminate();
  }

  #start(): Worker {
    const worker = new Worker(code, { eval: true, env: {}, execArgv: [], name: 'signatures', resourceLimits });
    worker.on('message', (answers: Answer[]) => this.#answered(answers));
    worker.on('error', (error) => this.#ended(worker, error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#ended(worker, new Error('the thread that signs has ended')));
    return worker;
  }

  #answered(answers: readonly Answer[]): void {
    const batch = this.#asked.shift() ?? [];
    if (this.#asked.length === 0) this.#worker?.unref();
    for (const [n, { resolve, reject }] of batch.entries()) {
      const answer = answers[n];
      if (answer && 'signature' in answer) resolve(answer.signature);
      else reject(new Error(answer?.error ?? 'no signature'));
    }
    this.#endUnused();
  }

  #ended(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#keys = new Map();
    this.#fresh = [];
    for (const { reject } of this.#asked.splice(0).flat()) reject(error);
  }

  #indexOf(key: KeyObject): number {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const n = this.#next++;
    this.#keys.set(key, n);
    this.#fresh.push([n, key]);
    return n;
  }
}
