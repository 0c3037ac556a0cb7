import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CampaignDraft } from '../../src/protocol/engineApi.ts';
import { checkRequest } from '../../src/protocol/methods.ts';
import { fields, oneOf, optional, type Shape, text, whole } from '../../src/protocol/shape.ts';
import { realDraft } from './fakeEngine.ts';

interface Letter {
  kind: 'send' | 'test';
  pages: number;
  note?: string;
}

describe('the compiler', () => {
  it('misses a field, an optional one too, and a value that the type does not have', () => {
    const all: Shape<Letter> = fields<Letter>({
      kind: oneOf('send', 'test'),
      pages: whole,
      note: optional(text()),
    });
    // @ts-expect-error: `pages` is missing.
    const short: Shape<Letter> = fields<Letter>({ kind: oneOf('send', 'test'), note: optional(text()) });
    // @ts-expect-error: so is `note`, which may be absent but is looked at when it is there.
    const unlooked: Shape<Letter> = fields<Letter>({ kind: oneOf('send', 'test'), pages: whole });
    // @ts-expect-error: `kind` may also be "test".
    const narrow: Shape<Letter> = fields<Letter>({ kind: oneOf('send'), pages: whole, note: optional(text()) });
    const wide: Shape<Letter> = fields<Letter>({
      // @ts-expect-error: `kind` may not be "draft".
      kind: oneOf('send', 'test', 'draft'),
      pages: whole,
      note: optional(text()),
    });
    assert.doesNotThrow(() => all({ kind: 'send', pages: 1 }, ''));
    for (const shape of [all, short, unlooked, wide]) assert.throws(() => shape({ kind: 'spam', pages: 1 }, ''));
    assert.throws(() => narrow({ kind: 'test', pages: 1 }, ''), /kind is not one of send/);
  });
});

describe('a campaign over the pipe', () => {
  const set = (draft: CampaignDraft, path: string, value: unknown): CampaignDraft => {
    const copy = structuredClone(draft) as unknown as Record<string, unknown>;
    const names = path.split('.');
    const last = names.pop() ?? '';
    let at = copy;
    for (const name of names) at = at[name] as Record<string, unknown>;
    if (value === undefined) delete at[last];
    else at[last] = value;
    return copy as unknown as CampaignDraft;
  };
  const open = (campaign: CampaignDraft) => checkRequest('createDraft', { draft: 'd', campaign });

  it('is taken as the front doors make it', async () => open(await realDraft()));

  it('is refused when any field of its letter or settings is missing', async () => {
    const draft = await realDraft();
    // Campaigns of older builds were pinned without the last.
    const absent = new Set<string>(['toName', 'lang', 'columns', 'keepCampaigns']);
    for (const room of ['newsletter', 'settings'] as const)
      for (const name of Object.keys(draft[room]).filter((name) => !absent.has(name)))
        assert.throws(() => open(set(draft, `${room}.${name}`, undefined)), new RegExp(`${room}\\.${name} is not`));
  });

  const wrong: [path: string, value: unknown, complaint: RegExp][] = [
    ['newsletter.version', 2, /newsletter\.version is not one of 1/],
    ['newsletter.toName', 7, /newsletter\.toName is not a text/],
    ['newsletter.replyTo', 'ada@example.org', /newsletter\.replyTo is not an object/],
    ['settings.replyTo', null, /settings\.replyTo is not a text/],
    ['settings.checks', { clipped: 'loud' }, /settings\.checks\.clipped is not one of off/],
    ['settings.checks', { speling: 'off' }, /settings\.checks\.speling is not one of/],
    ['settings.keepCampaigns', { forMs: '200d' }, /settings\.keepCampaigns\.forMs is not/],
    ['settings.testRecipients', 'ada@example.org', /settings\.testRecipients is not a list/],
    ['settings.unsubscribe', { mailto: '' }, /settings\.unsubscribe\.url is not a text/],
  ];
  for (const [path, value, complaint] of wrong)
    it(`is refused with ${path} ${JSON.stringify(value)}`, async () => {
      const draft = await realDraft();
      assert.throws(() => open(set(draft, path, value)), complaint);
    });

  it('is refused with rows whose reason is a sentence within a sentence without end', () => {
    let detail: object = { template: '{0}', args: [1] };
    for (let depth = 0; depth < 10; depth++) detail = { template: '{0}', args: [detail] };
    const refused = [{ line: 2, address: 'x', reason: 'invalidAddress', detail }];
    assert.throws(
      () => checkRequest('addRows', { draft: 'd', sequence: 0, rows: [], refused }),
      /args\[0\] is not a text or a number/,
    );
  });
});
