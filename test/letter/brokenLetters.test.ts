import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { gather } from '../../src/cli/gather.ts';
import { readSealedLists } from '../../src/compose/index.ts';
import { checkList } from '../../src/letter/checks/checkList.ts';
import { findingsOf, rowFindings } from '../../src/letter/readLetter.ts';
import { type Finding, format, msg, UserError } from '../../src/shared/errors.ts';
import { findingCodes } from '../../src/shared/findingCodes.ts';
import { type BrokenLetter, brokenLetters, elsewhere, settings } from './brokenLetters.ts';

const manners = { recipients: undefined, json: true, yes: true, trust: false };

/** What the command finds in the folder, as `code file:line sentence`; of a setting its key stands for the place. */
async function found({ files, letter, settings: changes }: BrokenLetter): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-broken-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const all = Object.entries({ ...settings, ...changes }).filter(([, value]) => value !== null);
    await writeFile(join(folder, 'envoi.json'), JSON.stringify(Object.fromEntries(all), null, 2));
    const read = await gather(join(folder, letter), { ...manners, config: join(folder, 'envoi.json') }, 'look');
    return [...(await findingsOf(read)), ...rowFindings(read)].map((finding) => ({
      ...finding,
      place: { ...finding.place, file: finding.place.file.replace(`${folder}/`, '') },
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const placeOf = ({ place }: Finding) =>
  place.key?.startsWith('envoi.') && place.file.endsWith('.json') ? place.key : `${place.file}:${place.line}`;

describe('one broken letter for each problem: it is reported at its place', () => {
  for (const broken of brokenLetters) {
    it(`${broken.code} at ${broken.at}`, async () => {
      const findings = await found(broken);
      const same = findings.filter(({ code }) => code === broken.code);
      assert.deepEqual(same.map(placeOf), [broken.at], JSON.stringify(findings, null, 1));
      const [sentence] = same.map(({ text }) => format(text));
      assert.match(sentence ?? '', /^.{20,}$/, 'it is a sentence');
      assert.doesNotMatch(sentence ?? '', /\{\d\}|undefined|\[object/);
    });
  }

  it('listChanged, when the list differs at its second reading', async () => {
    async function* bytes() {
      yield Buffer.from('email\nada@example.org\n');
    }
    const read = async () => {
      for await (const _ of readSealedLists([{ file: 'list.csv', open: bytes, sha256: '00' }], {}));
    };
    await assert.rejects(read, (error: unknown) => error instanceof UserError && error.code === 'listChanged');
  });

  for (const reason of ['suppressed', 'notSelected', 'excepted', 'alreadySent'] as const)
    it(`${reason}, at its row`, () => {
      const row = { line: 4, address: 'eve@example.org', reason, detail: msg('unsubscribed') };
      const [finding] = checkList([row], () => 'list.csv');
      assert.equal(finding?.code, reason);
      assert.deepEqual(finding?.place, { file: 'list.csv', line: 4, column: 1 });
    });

  it('and every problem has one', () => {
    const proved = new Set<string>([...brokenLetters.map(({ code }) => code), ...Object.keys(elsewhere)]);
    assert.deepEqual(
      findingCodes.filter((code) => !proved.has(code)),
      [],
    );
  });
});
