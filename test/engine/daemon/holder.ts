// A process that takes the lock of the directory it is given and keeps it. Says "held" or "busy".
import { acquireLock } from '../../../src/engine/daemon/lock.ts';

const lock = await acquireLock(process.argv[2] ?? '');
console.log(lock ? 'held' : 'busy');
if (lock) setInterval(() => {}, 1_000_000);
