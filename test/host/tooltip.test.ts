import assert from 'node:assert/strict';
import { test } from 'node:test';
import MarkdownIt from 'markdown-it';
import { escapeMarkdown, tooltipCommands, tooltipOf } from '../../src/host/status/tooltip.ts';
import { plainWords } from '../../src/shared/words.ts';
import { campaign } from './snapshots.ts';

const server = {
  name: 'office',
  host: 'smtp.example.org:587',
  state: 'ready' as const,
  until: 0,
  connections: 2,
  sent: 300,
  deferred: 0,
  rejected: 4,
  quota: [{ count: 2000, perMs: 86_400_000, used: 300, freeAt: 0 }],
  lastError: '',
  learned: null,
};

test('the tooltip shows rate, time left, and the remainder of each quota', () => {
  const text = tooltipOf(
    campaign({ rate: 3.25, etaAt: 100_000, transports: [server], counts: { sent: 300, rejected: 4, deferred: 2 } }),
    10_000,
    plainWords,
    ['The quota is used up.'],
  );
  for (const said of ['304 of 1,204', '300 sent', '4 failed', '2 to retry', '3.3 per second', '1 min 30 s left'])
    assert.ok(text.includes(said), `${said} in ${text}`);
  assert.match(text, /\*\*office\*\*: 300 sent · 4 rejected · .*1,700 left of 2,000\/day/);
  assert.match(text, /\[Pause\]\(command:envoi\.pauseCampaign\?%5B%22c1%22%5D\)/);
});

test('only listed commands are linked', () => {
  const states = ['running', 'paused', 'needsAction', 'scheduled', 'done', 'cancelled'] as const;
  for (const state of states) {
    const text = tooltipOf(campaign({ state, counts: { inDoubt: 1 } }), 0, plainWords, []);
    for (const [, command] of text.matchAll(/\(command:([\w.]+)/g))
      assert.ok(
        tooltipCommands.some((allowed) => allowed === command),
        command,
      );
  }
});

test('no subject becomes a link, an image, an icon, a table or markup', () => {
  const hostile =
    '[x](command:workbench.action.quit) ![i](http://t.invalid/p.png) $(flame) <b>b</b> | a | **c** `d`\n\n# e';
  const html = new MarkdownIt({ html: true, linkify: true }).render(escapeMarkdown(hostile));
  assert.doesNotMatch(html, /<(?!\/?p>)/);
  assert.ok(!escapeMarkdown(hostile).includes('$(flame)'));
  assert.ok(html.includes('[x](command:workbench.action.quit)'), 'the words themselves stay readable');
});
