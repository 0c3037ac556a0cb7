import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensurePackages, imapPackages } from '../../scripts/lib/debianPackages.ts';
import { downloadPackages, inNamespaces, whyNot } from './namespaces.ts';

interface Seen {
  predicted: string;
  arrival: { placement: string; results: { method: string; result: string }[]; strangers: string[] };
  code: number;
  stderr: string;
}

/** A receiving mail server with all that judges a sender. */
const JUDGES = ['postfix', 'opendkim', 'opendmarc', 'postfix-policyd-spf-python'];

const reason = await whyNot();

test('what was predicted of a sender is what Postfix, opendkim, opendmarc and policyd-spf find, read back from Dovecot', {
  skip: reason || false,
  timeout: 300_000,
}, async () => {
  await ensurePackages(imapPackages);
  const packages = await downloadPackages('judges', JUDGES);
  const folder = await mkdtemp(join(tmpdir(), 'envoi-judged-'));
  try {
    const inside = join(import.meta.dirname, 'readBack/inside.ts');
    const { output } = await inNamespaces(inside, [folder, packages], 240);
    const log = join(folder, 'postfix/log/maillog');
    const about = `${output}\n${existsSync(log) ? await readFile(log, 'utf8') : ''}`;
    assert.ok(existsSync(join(folder, 'results.json')), about);
    const { good, bad } = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as Record<
      'good' | 'bad',
      Seen
    >;
    const found = ({ arrival }: Seen) =>
      Object.fromEntries(
        (arrival?.results ?? [])
          .filter(({ method }) => ['spf', 'dkim', 'dmarc'].includes(method))
          .map(({ method, result }) => [method, result]),
      );
    const said = (seen: Seen) => `${JSON.stringify(seen)}\n${about}`;
    assert.equal(good.predicted, 'passed', said(good));
    assert.equal(good.arrival?.placement, 'inbox', said(good));
    assert.deepEqual(found(good), { spf: 'pass', dkim: 'pass', dmarc: 'pass' }, said(good));
    assert.equal(good.code, 0, said(good));
    assert.equal(bad.predicted, 'failed', said(bad));
    assert.equal(found(bad).dmarc, 'fail', said(bad));
    assert.notEqual(found(bad).dkim, 'pass', said(bad));
    assert.notEqual(found(bad).spf, 'pass', said(bad));
    assert.equal(bad.code, 1, said(bad));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
