// A server that takes everything, in a process of its own. Prints its port.
import { Sink } from '../../test/crash/sink.ts';

const sink = await Sink.start({ pipelining: true });
console.log(sink.port);
