// A server that takes everything, in a process of its own, with CHUNKING where asked. Prints its port.
import { Sink } from '../../test/crash/sink.ts';

const chunking = process.argv[2] === 'chunking' ? { chunking: { helloMs: 0 } } : {};
const sink = await Sink.start({ pipelining: true, ...chunking });
console.log(sink.port);
