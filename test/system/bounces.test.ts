import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensurePackages, imapPackages } from '../../scripts/lib/debianPackages.ts';
import type { Outcome } from './bounces/inside.ts';
import { comesBack, SENDINGS, TOWNS } from './bounces/plan.ts';
import { downloadPackages, inNamespaces, mailServers, whyNot } from './namespaces.ts';

const reason = await whyNot();
const LIMIT_SECONDS = 400;

const inAllTowns = (reader: string, why: string) => TOWNS.map(({ name }) => [`${reader}@${name}`, why]);

test('what comes back from Postfix, Exim and OpenSMTPD, direct and by relays, ends in the right state: nobody innocent suppressed, each dead one once', {
  skip: reason || false,
  timeout: 900_000,
}, async () => {
  await ensurePackages(imapPackages);
  const packages = await downloadPackages('mail-servers', mailServers);
  const folder = await mkdtemp(join(tmpdir(), 'envoi-bounces-'));
  try {
    const inside = join(import.meta.dirname, 'bounces/inside.ts');
    const cli = join(import.meta.dirname, '../../dist/cli.cjs');
    const { code, output } = await inNamespaces(inside, [folder, packages, cli], LIMIT_SECONDS);
    if (code !== 0) assert.fail(`${output}\n${await logsIn(folder)}`);
    const outcomes = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as Outcome[];
    const everything = SENDINGS.reduce((sum, sending) => sum + comesBack(sending), 0);
    assert.equal(outcomes.length, SENDINGS.length);
    for (const [index, sending] of SENDINGS.entries()) {
      const outcome = outcomes[index] ?? assert.fail();
      const about = `${JSON.stringify(outcome, null, 2)}`;
      const proven = sending.proven === 'all';
      const relayed = sending.way.kind === 'relay';
      assert.equal(outcome.sent, relayed ? 24 : 21, about);
      // Each state reads all that came back, and acts on its own only.
      const { read, bounced, complained, left, robots } = outcome.first ?? {};
      assert.deepEqual(
        { read, bounced, complained, left, robots },
        {
          read: everything,
          bounced: proven ? (relayed ? 9 : 6) : 0,
          complained: proven ? 3 : 0,
          left: 3,
          robots: SENDINGS.length * TOWNS.length,
        },
        about,
      );
      const suppressed = [
        ...(proven ? [...inAllTowns('angry', 'complained'), ...inAllTowns('dead', 'bounced')] : []),
        // Direct delivery is told of them while it waits.
        ...(proven ? inAllTowns('gone', 'bounced') : []),
        ...inAllTowns('leaver', 'unsubscribed'),
      ];
      assert.deepEqual(outcome.suppressed, suppressed.sort(), about);
      assert.equal(outcome.again?.read, 0, about);
      const came = proven ? `${relayed ? 9 : 6} bounced, 3 unsubscribed, 3 complained` : '3 unsubscribed';
      assert.ok(outcome.report.includes(`came back later: ${came}`), about);
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** The last words of each server, for whoever has to find out. */
async function logsIn(folder: string): Promise<string> {
  const places = ['pine/log', 'home/log', 'elm/log', 'relay/log', 'oak'].map((place) => join(folder, place));
  const words: string[] = [];
  for (const place of places.filter((each) => existsSync(each)))
    for (const name of (await readdir(place)).filter((each) => /log$/.test(each)))
      words.push(`== ${place}/${name}`, (await readFile(join(place, name), 'utf8')).slice(-3000));
  return words.join('\n');
}
