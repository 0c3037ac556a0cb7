import { parentPort } from 'node:worker_threads';
import { Sink } from '../crash/sink.ts';

/** A server in a thread of its own; it says its port. */
const sink = await Sink.start({ pipelining: true });
parentPort?.postMessage(sink.port);
