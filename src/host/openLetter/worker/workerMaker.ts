import { Worker } from 'node:worker_threads';
import type { Files } from '../../../compose/files.ts';
import type { Maker } from '../../../letter/maker.ts';
import { msg, UserError } from '../../../shared/errors.ts';
import { errorOf, type FromWorker, type ToWorker, workerFailureOf } from './workerMessages.ts';

/** No real letter takes this long; the worker is then terminated and the next letter gets a new one. */
const PATIENCE_MS = 20_000;
const IDLE_MS = 60_000;

type Job = Extract<ToWorker, { kind: 'compile' | 'advise' }>;

const noFiles: Files = { read: () => Promise.reject(new Error('advice reads no files')) };

/**
 * Makes letters outside the thread shared by all of the editor's extensions, so that a long one, or one that never ends,
 * blocks nobody. One at a time. Where no worker is available, `instead` does it.
 */
export class WorkerMaker implements Maker {
  readonly #entry: string;
  readonly #instead: () => Promise<Maker>;
  readonly #patienceMs: number;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #hasWorked = false;

  constructor(entry: string, instead: () => Promise<Maker>, patienceMs = PATIENCE_MS) {
    this.#entry = entry;
    this.#instead = instead;
    this.#patienceMs = patienceMs;
  }

  async compile({ files, ...request }: Parameters<Maker['compile']>[0]): ReturnType<Maker['compile']> {
    const answer = await this.#ask({ kind: 'compile', request }, files);
    if (answer === 'noWorker') return (await this.#instead()).compile({ ...request, files });
    if (answer.kind === 'compiled') return answer.compiled;
    throw new Error(`a letter was to be compiled, not ${answer.kind}`);
  }

  async advise(input: Parameters<Maker['advise']>[0]): ReturnType<Maker['advise']> {
    const answer = await this.#ask({ kind: 'advise', input }, noFiles);
    if (answer === 'noWorker') return (await this.#instead()).advise(input);
    if (answer.kind === 'advised') return answer.findings;
    throw new Error(`advice was to be given, not ${answer.kind}`);
  }

  dispose(): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(job: Job, files: Files): Promise<FromWorker | 'noWorker'> {
    const answer = this.#last.then(() => this.#run(job, files));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #run(job: Job, files: Files): Promise<FromWorker | 'noWorker'> {
    clearTimeout(this.#idle);
    const worker = this.#start();
    if (!worker) return 'noWorker';
    try {
      const answer = await this.#answer(worker, job, files);
      this.#hasWorked = true;
      this.#idle = setTimeout(() => this.dispose(), IDLE_MS);
      this.#idle.unref();
      return answer;
    } catch (error) {
      if (this.#hasWorked || error instanceof UserError) throw error;
      return 'noWorker';
    }
  }

  #start(): Worker | null {
    try {
      this.#worker ??= new Worker(this.#entry, { resourceLimits: { maxOldGenerationSizeMb: 1024 } });
      this.#worker.unref();
      return this.#worker;
    } catch {
      return null;
    }
  }

  #answer(worker: Worker, job: Job, files: Files): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      const end = (act: () => void) => {
        clearTimeout(timer);
        worker.off('message', hear);
        worker.off('error', broken);
        worker.off('exit', gone);
        act();
      };
      const forget = (error: Error) => {
        if (this.#worker === worker) this.#worker = undefined;
        void worker.terminate();
        end(() => reject(error));
      };
      const timer = setTimeout(() => forget(tooSlow(this.#patienceMs)), this.#patienceMs);
      const broken = (error: Error) => forget(error);
      const gone = () => forget(new Error('the worker that makes letters ended'));
      const hear = (message: FromWorker) => {
        if (message.kind === 'read') void this.#read(worker, message, files);
        else if (message.kind === 'failed') end(() => reject(errorOf(message.error)));
        else end(() => resolve(message));
      };
      worker.on('message', hear);
      worker.on('error', broken);
      worker.on('exit', gone);
      worker.postMessage(job satisfies ToWorker);
    });
  }

  async #read(worker: Worker, { read, path }: { read: number; path: string }, files: Files): Promise<void> {
    const answer: ToWorker = await files.read(path).then(
      (bytes) => ({ kind: 'file', read, bytes: new Uint8Array(bytes) }),
      (error: unknown) => ({ kind: 'noFile', read, error: workerFailureOf(error) }),
    );
    worker.postMessage(answer);
  }
}

function tooSlow(patienceMs: number): UserError {
  return new UserError(
    'tooSlow',
    msg('This letter takes longer than {0} s to render.', Math.round(patienceMs / 1000)),
    msg('Shorten the letter, its layout or its styles.'),
  );
}
