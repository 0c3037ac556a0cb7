import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gather } from '../../src/cli/gather.ts';
import { findingsOf } from '../../src/letter/readLetter.ts';
import { format } from '../../src/shared/errors.ts';
import { settings } from './brokenLetters.ts';

describe('files that the rows name', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'envoi-rows-'));
    await writeFile(join(folder, 'envoi.json'), JSON.stringify(settings));
    await writeFile(join(folder, 'small.bin'), Buffer.alloc(2_000_000));
    await writeFile(join(folder, 'large.bin'), Buffer.alloc(12_000_000));
  });
  after(() => rm(folder, { recursive: true }));

  const found = async (attachments: string, ...files: string[]) => {
    const rows = files.map((file, n) => `reader${n}@example.org,${file}`);
    await writeFile(join(folder, 'list.csv'), `email,file\n${rows.join('\n')}\n`);
    const letter = join(folder, 'letter.md');
    await writeFile(
      letter,
      `---\nsubject: Hello\nrecipients: list.csv\nattachments: ${attachments}\n---\nDear reader,\n`,
    );
    const manners = { recipients: undefined, json: true, yes: true, trust: false, config: join(folder, 'envoi.json') };
    const findings = await findingsOf(await gather(letter, manners, 'look'));
    return findings.map(({ code, place, text }) => {
      const megabytes = / (\d+) MB/.exec(format(text))?.[1];
      return `${code} ${place.file.replace(`${folder}/`, '')}:${place.line}${megabytes ? ` ${megabytes} MB` : ''}`;
    });
  };

  it('the row with the largest message is reported, when it is too large', async () => {
    const both = '["{{ file }}", large.bin]';
    assert.deepEqual(await found('["{{ file }}"]', 'small.bin', 'large.bin'), []);
    assert.deepEqual(await found(both, 'small.bin'), ['messageHeavy list.csv:2 19 MB']);
    assert.deepEqual(await found('["{{ file }}", "{{ file }}.2", small.bin]', 'small.bin'), [
      'attachmentMissing list.csv:2',
    ]);
    await writeFile(join(folder, 'huge.bin'), Buffer.alloc(16_000_000));
    assert.deepEqual(await found('["{{ file }}"]', 'small.bin', 'huge.bin', 'large.bin'), [
      'messageHeavy list.csv:3 22 MB',
    ]);
  });

  it('missing files, and files elsewhere, are reported at their row, each once', async () => {
    assert.deepEqual(await found('["{{ file }}"]', 'small.bin', 'gone.pdf', '', 'gone.pdf', '../../../x.pdf'), [
      'attachmentMissing list.csv:3',
      'attachmentOutside list.csv:6',
    ]);
  });
});
