import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { type Settings, secretKey } from '../../src/shared/settings.ts';
import { closedPort, StalledPort } from '../support/deadPorts.ts';
import type { SmtpScript, SmtpServer } from '../support/smtpServer.ts';
import { addressesOf, is, receivers, relay, seen, WholeEngine } from './wholeEngine.ts';

const NOBODY = 'nobody@d0.example';
const good = addressesOf(240);
const list = [...good.slice(0, 30), NOBODY, ...good.slice(30)];
const LIMIT = 100;

let whole: WholeEngine;
beforeEach(async () => {
  whole = await WholeEngine.open();
});
afterEach(() => whole.close());

type Way = 'office' | 'direct';
const directions: readonly [first: Way, backup: Way][] = [
  ['office', 'direct'],
  ['direct', 'office'],
];

/** Takes everybody but the one who does not exist. */
const usual: SmtpScript = {
  steps: {
    RCPT: (line) =>
      line.includes(NOBODY) ? '550 5.1.1 <nobody>: Recipient address rejected: User unknown' : undefined,
  },
};

/** Where the first way leads and where the backup does, in the settings. */
async function routed([first, backup]: readonly [Way, Way], firstPort: number, backupPort: number, auth = false) {
  const port = (way: Way) => (way === first ? firstPort : backupPort);
  const sign = auth ? ({ auth: 'password', user: 'ada' } as const) : {};
  return {
    servers: { office: relay(port('office'), sign) },
    direct: { ...defaultSettings.direct, dnsServers: [await whole.names()], port: port('direct') },
    route: [first, backup],
  } satisfies Partial<Settings>;
}

/** What the report knows of the first ways that were tried in vain. */
async function reasons(campaign: string): Promise<string[]> {
  const said: string[] = [];
  for (const { id, transport } of await whole.engine.report({ campaign, after: 0, limit: 1000 }))
    for (const { transport: by, end, cause } of await whole.engine.attempts({ campaign, id }))
      if (by !== transport && end) said.push(`${by} ${cause}: ${end.kind === 'fault' ? end.code : end.reply.code}`);
  return [...new Set(said)].sort();
}

/** Everybody has it once, over these servers together, and who does not exist was asked once. */
function assertOnceEach(done: CampaignSnapshot, ...servers: SmtpServer[]): void {
  assert.deepEqual([done.counts.sent, done.counts.rejected], [good.length, 1], JSON.stringify(done.counts));
  assert.deepEqual(receivers(...servers), good.toSorted());
  const asked = servers.flatMap(({ commands }) => commands.filter((line) => line.includes(`TO:<${NOBODY}>`)));
  assert.equal(asked.length, 1, 'a 5.1.1 is asked exactly once');
}

const sentBy = (done: CampaignSnapshot, way: Way) => done.transports.find(({ name }) => name === way)?.sent ?? 0;

for (const direction of directions) {
  const [first, backup] = direction;
  describe(`${first} first, ${backup} as the backup`, () => {
    const stops: [name: string, reply: string][] = [
      ['says that its limit is reached', '550 5.4.5 Daily user sending limit exceeded. - gsmtp'],
      [
        'puts our address on a block list',
        '554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using zen.spamhaus.org',
      ],
    ];
    for (const [name, reply] of stops.slice(first === 'direct' ? 1 : 0))
      it(`the backup sends all the rest when the first ${name} after ${LIMIT} messages`, async () => {
        let taken = 0;
        const primary = await whole.serve({
          steps: { ...usual.steps, MAIL: () => (taken >= LIMIT ? reply : undefined), dot: () => void taken++ },
        });
        const other = await whole.serve(usual);
        const campaign = await whole.send(whole.engine, list, await routed(direction, primary.port, other.port));
        const done = await seen(whole.engine, campaign, is('done'));
        assertOnceEach(done, primary, other);
        assert.equal(sentBy(done, first), primary.messages.length);
        assert.ok(
          primary.messages.length >= LIMIT && other.messages.length > 0,
          `${primary.messages.length} by the first`,
        );
        const said = await reasons(campaign);
        assert.ok(
          said.some((reason) => reason.startsWith(first) && reason.endsWith(reply.slice(0, 3))),
          said.join('; '),
        );
      });

    for (const how of ['refuses', 'is silent'] as const)
      it(`the backup sends everything when the first ${how}, and the reason is given`, async () => {
        const other = await whole.serve(usual);
        let dead: number;
        if (how === 'refuses') dead = await closedPort();
        else {
          const stalled = await StalledPort.start();
          whole.onClose(() => stalled.close());
          dead = stalled.port;
        }
        const campaign = await whole.send(whole.engine, list, await routed(direction, dead, other.port));
        const done = await seen(whole.engine, campaign, is('done'));
        assertOnceEach(done, other);
        assert.deepEqual([sentBy(done, first), sentBy(done, backup)], [0, good.length]);
        const by = done.transports.find(({ name }) => name === first);
        assert.match(
          by?.lastError ?? '',
          how === 'refuses' ? /ECONNREFUSED/ : /no connection within|this network blocks port/,
        );
        const said = await reasons(campaign);
        assert.ok(
          said.includes(`${first} ${how === 'refuses' ? 'connect: refused' : 'timeout: timeout'}`),
          said.join('; '),
        );
      });

    it('a slow first server loses nobody and sends nothing twice', async () => {
      const primary = await whole.serve({
        steps: { ...usual.steps, dot: () => ({ say: '250 2.0.0 Ok', afterMs: 40 }) },
      });
      const other = await whole.serve(usual);
      const campaign = await whole.send(whole.engine, list, await routed(direction, primary.port, other.port));
      assertOnceEach(await seen(whole.engine, campaign, is('done')), primary, other);
    });
  });
}

it('the backup sends everything when the relay refuses the password, and the reason is given', async () => {
  const primary = await whole.serve({ ...usual, users: { ada: 'right' } });
  const other = await whole.serve(usual);
  const settings = await routed(['office', 'direct'], primary.port, other.port, true);
  const secrets = { [secretKey(settings.servers.office)]: 'wrong' };
  const campaign = await whole.send(whole.engine, list, settings, secrets);
  const done = await seen(whole.engine, campaign, is('done'));
  assertOnceEach(done, other);
  assert.match(done.transports.find(({ name }) => name === 'office')?.lastError ?? '', /535/);
  assert.ok(
    primary.commands.filter((line) => line.startsWith('AUTH')).length <= 5,
    'the password is not tried on and on',
  );
});
