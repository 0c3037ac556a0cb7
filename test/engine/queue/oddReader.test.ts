import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { reply } from '../../support/fakeTransport.ts';
import { Harness, HOUR } from './harness.ts';

let h: Harness | null = null;
afterEach(async () => {
  await h?.close();
  h = null;
});

const readers = Array.from({ length: 40 }, (_, n) => `r@d${n}.example`);
const odd = 'r@d7.example';

const named = async (campaign: string) => (await h?.engine.get({ campaign }))?.setAside?.map(({ address }) => address);

const atRelay: readonly [string, 'rejected' | 'expired'][] = [
  ['550 this account has been disabled', 'rejected'],
  ['550 recipient account is blocked', 'rejected'],
  ['550 not a local user', 'rejected'],
  ['552 user quota exceeded', 'rejected'],
  ['550 5.7.1 mailbox of this recipient is blocked', 'rejected'],
];
for (const [said, state] of atRelay) {
  test(`one reader for whom the relay says “${said}” stops nobody else`, async () => {
    h = await Harness.start({ office: { answer: (to) => (to === odd ? reply(said, 'rcpt') : undefined) } });
    await h.send('c', readers, { settings: { route: ['office'] } });
    await h.until('c', 'done', 60 * HOUR);
    assert.deepEqual(await h.counts('c'), { sent: 39, [state]: 1 });
    assert.deepEqual(await h.engine.suppressions({ after: '', limit: 10 }), []);
    assert.equal(h.transport('office').asked.filter((to) => to !== odd).length, 39);
  });
}

for (const said of ['550 5.7.1 sender denied', '550 5.7.1 SPF check failed', '553 5.1.8 your domain is not accepted']) {
  for (const stage of ['mail', 'rcpt'] as const) {
    test(`one domain of forty that says “${said}” at ${stage} is set aside, and goes via the backup if there is one`, async () => {
      const script = { answer: (to: string) => (to === odd ? reply(said, stage) : undefined) };
      h = await Harness.start({ direct: script, office: {} });
      await h.send('alone', readers, { settings: { route: ['direct'], retry: { forMs: HOUR } } });
      await h.until('alone', 'done', 10 * HOUR);
      assert.deepEqual(await h.counts('alone'), { sent: 39, expired: 1 });
      assert.deepEqual(await named('alone'), [odd]);
      await h.send('backed', readers, { settings: { route: ['direct', 'office'] } });
      await h.until('backed', 'done', 10 * HOUR);
      assert.deepEqual(await h.counts('backed'), { sent: 40 });
      assert.deepEqual(await named('backed'), []);
      await h.restart();
      assert.deepEqual(await named('alone'), [odd], 'also after a restart');
      assert.deepEqual(
        h.transport('office').accepted.map(({ to }) => to),
        [odd],
      );
      assert.deepEqual(await h.engine.suppressions({ after: '', limit: 10 }), []);
    });
  }
}

const atOnce = [
  '550 5.7.1 Unconfigured Sending Domain <example.org>',
  '550 5.1.8 Sender address not validated for this account',
  '550 The domain example.org is not activated',
  '550 Sender address is not allowed',
];
for (const said of atOnce) {
  test(`a relay that says “${said}” stops the campaign at once, and no reader is lost`, async () => {
    h = await Harness.start({ office: { answer: () => reply(said, 'dot') } });
    await h.send('c', readers, { settings: { route: ['office'] } });
    await h.until('c', 'needsAction', HOUR);
    const counts = await h.counts('c');
    assert.equal(counts.rejected ?? 0, 0, JSON.stringify(counts));
    const asked = h.transport('office').asked.length;
    assert.ok(asked <= 10, `${asked} were asked`);
  });
}

const policies = [
  '550 5.5.0 Service refuse. Veuillez essayer plus tard. LPN007_510',
  '554 5.7.1 SFR_IN_103',
  '550 your IP is unwelcome',
  '550 The IP you are using to send mail is blocked',
  '550 poor sender reputation',
  '550 5.7.1 Denied [CSI]',
  '550 SC-001 mail rejected for policy reasons',
  '550 refused - see abuseat.org',
  '550 iCloud ESMTP not accepting connections',
];
for (const said of policies) {
  test(`a server that says “${said}” directly gets the letter via the backup`, async () => {
    h = await Harness.start({ direct: { answer: (to) => (to === odd ? reply(said, 'rcpt') : undefined) }, office: {} });
    await h.send('c', readers, { settings: { route: ['direct', 'office'] } });
    await h.until('c', 'done', HOUR);
    assert.deepEqual(await h.counts('c'), { sent: 40 });
    assert.deepEqual(
      h.transport('office').accepted.map(({ to }) => to),
      [odd],
    );
  });
}
