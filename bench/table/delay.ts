// A network with a long way before a server: every chunk is held for half a round trip, and a connection is worth one more,
// as its handshake would take. No loss, no slow start. Prints its port. Run: node delay.ts PORT ROUNDTRIP_MS
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const [target, roundTripMs] = process.argv.slice(2).map(Number);
const half = (roundTripMs ?? 0) / 2;

function carry(from: Socket, to: Socket): void {
  from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), half));
  from.on('end', () => setTimeout(() => to.end(), half));
  from.on('error', () => to.destroy());
}

const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
  near.pause();
  near.on('error', () => {});
  setTimeout(() => {
    const far = connect({ port: target ?? 0, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    carry(near, far);
    carry(far, near);
    near.resume();
  }, half * 2);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
