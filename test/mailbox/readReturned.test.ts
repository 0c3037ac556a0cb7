import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../src/engine/verdict/judge.ts';
import { readReturned } from '../../src/mailbox/readReturned.ts';
import { MARK } from './fixture.ts';
import { otherFixtures } from './otherFixtures.ts';
import { providerFixtures } from './providerFixtures.ts';
import { reportFixtures } from './reportFixtures.ts';
import { textFixtures } from './textFixtures.ts';

const fixtures = [...reportFixtures, ...textFixtures, ...providerFixtures, ...otherFixtures];

const read = (raw: string, authServer = 'mx.sender.example') =>
  readReturned(Buffer.from(raw.replace(/\n/g, '\r\n')), { authServer });

for (const fixture of fixtures) {
  test(`what came back: ${fixture.name}`, async () => {
    const { said, marks } = await read(fixture.raw);
    assert.equal(said.kind, fixture.kind, JSON.stringify(said));
    if (said.kind === 'bounce') {
      assert.equal(said.recipient, fixture.recipient);
      if (fixture.code) assert.equal(said.reply.code, fixture.code, JSON.stringify(said));
      if (fixture.enhanced) assert.equal(said.reply.enhanced, fixture.enhanced, JSON.stringify(said));
      const { outcome } = judge(
        { kind: 'reply', stage: 'rcpt', reply: said.reply },
        { transport: 'direct', host: said.host },
      );
      const hard = outcome.kind === 'rejected' && outcome.suppress;
      assert.equal(hard ? 'hard' : 'soft', fixture.class, JSON.stringify([said, outcome]));
      assert.ok(marks.includes(MARK));
    }
    if (said.kind === 'complaint' && fixture.recipient) assert.equal(said.recipient, fixture.recipient);
  });
}

test('there are at least forty forms of bounce', () => {
  assert.ok(fixtures.filter(({ kind }) => kind === 'bounce').length >= 40);
});
