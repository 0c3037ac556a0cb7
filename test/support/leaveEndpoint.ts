import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLeaveServer } from '../../src/endpoint/leaveServer.ts';
import { openTokenLog } from '../../src/endpoint/tokenLog.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { silentLog } from '../../src/shared/log.ts';
import { makeAuthority } from './certificates.ts';

export interface LeaveEndpoint {
  /** For `envoi.unsubscribe.url`. */
  url: string;
  secret: string;
  /** For NODE_EXTRA_CA_CERTS. */
  caFile: string;
  /** One click of a mail program. */
  leave(link: string): Promise<void>;
  close(): Promise<void>;
}

/** The page behind a letter's link, on loopback, with a certificate. */
export async function leaveEndpoint(name = 'Garden News'): Promise<LeaveEndpoint> {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-endpoint-'));
  const caFile = join(folder, 'ca.pem');
  const secret = 'a secret of more than twenty-four characters';
  const authority = makeAuthority();
  await writeFile(caFile, authority.cert);
  const log = await openTokenLog({ folder, largest: 10_000_000 });
  const tls = authority.issue(['localhost']);
  const parts = { log, secret, look: { name, color: '#2b6e44' }, clock: systemClock, diagnostics: silentLog, tls };
  const server = await startLeaveServer(parts, 'localhost', 0);
  return {
    url: `https://localhost:${server.port}/u?t={{ token }}`,
    secret,
    caFile,
    leave: async (link) => {
      const posting = request(link, { method: 'POST', ca: authority.cert, agent: false });
      posting.end('List-Unsubscribe=One-Click');
      const [response] = (await once(posting, 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end');
      assert.equal(response.statusCode, 200);
    },
    close: async () => {
      await server.close();
      await log.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
