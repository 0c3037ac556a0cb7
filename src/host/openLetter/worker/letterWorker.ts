import { parentPort } from 'node:worker_threads';
import { errorOf, type FromWorker, type ToWorker, workerFailureOf } from './workerMessages.ts';

/** Makes letters in a worker thread, one at a time. Their files are requested from the thread that started it. */

const port = parentPort;
if (!port) throw new Error('this is a worker');

interface Waiting {
  resolve: (bytes: Uint8Array) => void;
  reject: (error: Error) => void;
}
const waiting = new Map<number, Waiting>();
let reads = 0;

const tell = (message: FromWorker) => port.postMessage(message);

const files = {
  read: (path: string) =>
    new Promise<Uint8Array>((resolve, reject) => {
      const read = ++reads;
      waiting.set(read, { resolve, reject });
      tell({ kind: 'read', read, path });
    }),
};

async function work(message: Extract<ToWorker, { kind: 'compile' | 'advise' }>): Promise<FromWorker> {
  const { makeHere } = await import('../../../letter/index.ts');
  if (message.kind === 'compile')
    return { kind: 'compiled', compiled: await makeHere.compile({ ...message.request, files }) };
  return { kind: 'advised', findings: await makeHere.advise(message.input) };
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'file':
      waiting.get(message.read)?.resolve(message.bytes);
      waiting.delete(message.read);
      return;
    case 'noFile':
      waiting.get(message.read)?.reject(errorOf(message.error));
      waiting.delete(message.read);
      return;
    case 'compile':
    case 'advise':
      work(message).then(tell, (error: unknown) => tell({ kind: 'failed', error: workerFailureOf(error) }));
      return;
    default:
      message satisfies never;
  }
});
