import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { secretKey } from '../../src/shared/settings.ts';
import type { SmtpServer } from '../support/smtpServer.ts';
import { addressesOf, is, receivers, relay, seen, WholeEngine } from './wholeEngine.ts';

const list = addressesOf(60);
/** The first token runs out after so many messages. */
const LASTS = 25;

let whole: WholeEngine;
beforeEach(async () => {
  whole = await WholeEngine.open();
});
afterEach(() => whole.close());

/** Signs in with a token; the one called "old" is refused once it has run out. */
async function serve(refused: string[]): Promise<SmtpServer> {
  let taken = 0;
  return whole.serve({
    extensions: ['AUTH XOAUTH2', 'PIPELINING', 'ENHANCEDSTATUSCODES'],
    steps: {
      AUTH: (line) => {
        const token = /Bearer (\w+)/.exec(Buffer.from(line.split(' ').at(-1) ?? '', 'base64').toString())?.[1] ?? '';
        if (token === 'fresh' || (token === 'old' && taken < LASTS)) return '235 2.7.0 Accepted';
        refused.push(token);
        return '535 5.7.3 Authentication unsuccessful';
      },
      dot: () => void taken++,
    },
  });
}

describe('a sign-in token that expires during a campaign', () => {
  const office = (port: number) =>
    relay(port, { auth: 'oauth2', user: 'ada', maxConnections: 2, maxMessagesPerConnection: 5 });

  it('stops the campaign for a new one, and then it resumes automatically: nobody lost, nobody twice', {
    timeout: 120_000,
  }, async () => {
    const refused: string[] = [];
    const server = await serve(refused);
    const servers = { office: office(server.port) };
    const key = secretKey(servers.office);
    const campaign = await whole.send(whole.engine, list, { servers, route: ['office'] }, { [key]: 'old' });
    const stopped = await seen(whole.engine, campaign, is('needsAction'));
    assert.deepEqual(
      stopped.attention.map((item) => (item.kind === 'transportClosed' ? [item.transport, item.cause] : item)),
      [['office', 'credentials']],
    );
    await whole.engine.provideSecrets({ secrets: { [key]: 'old' } });
    assert.equal((await whole.engine.get({ campaign })).state, 'needsAction', 'the same token is not tried again');
    const asked = refused.length;

    await whole.engine.provideSecrets({ secrets: { [key]: 'fresh' } });
    await seen(whole.engine, campaign, is('done'));
    assert.deepEqual(receivers(server), list.toSorted());
    // The other connection may have been signing in with the old one when the campaign stopped.
    assert.ok(refused.length - asked <= 1, `${refused.length - asked} more were refused`);
  });

  it('goes unnoticed when the next one arrives in time', { timeout: 120_000 }, async () => {
    const refused: string[] = [];
    const server = await serve(refused);
    const servers = { office: { ...office(server.port), windows: [{ count: 5, perMs: 100 }] } };
    const key = secretKey(servers.office);
    const campaign = await whole.send(whole.engine, list, { servers, route: ['office'] }, { [key]: 'old' });
    await seen(whole.engine, campaign, ({ counts }) => counts.sent >= 5);
    await whole.engine.provideSecrets({ secrets: { [key]: 'fresh' } });
    await seen(whole.engine, campaign, is('done'));
    assert.deepEqual(receivers(server), list.toSorted());
    assert.deepEqual(refused, []);
  });

  it('sends the rest via the backup until the next one arrives', { timeout: 120_000 }, async () => {
    const refused: string[] = [];
    const server = await serve(refused);
    const other = await whole.serve();
    const servers = { office: office(server.port), other: relay(other.port) };
    const key = secretKey(servers.office);
    const campaign = await whole.send(whole.engine, list, { servers, route: ['office', 'other'] }, { [key]: 'old' });
    await seen(whole.engine, campaign, is('done'));
    assert.deepEqual(receivers(server, other), list.toSorted());
    assert.ok(other.messages.length > 0 && refused.length > 0);
  });
});
