import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createComposer } from '../../src/compose/createComposer.ts';
import { parseDocument } from '../../src/compose/document/document.ts';
import { checkNewsletter } from '../../src/letter/checks/checkNewsletter.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { type Hostile, hostileInputs } from './hostileInputs.ts';
import { compile, context, filesOf, person, settings } from './letter.ts';

const SMALL = 4_000;
const LARGE = 32_000;
/** Eight times the length may take so many times as long. What is quadratic takes 64 times. */
const RATIO = 20;
/** Milliseconds of the processor below which nothing is to be measured. */
const FLOOR = 100;

/** Processor time to compile a letter, compose a message of it, and check it. */
async function cost(input: Hostile, size: number): Promise<number> {
  const front = `---\nsubject: x\n${input.html ? 'layout: none\n' : ''}---\n`;
  const text = input.whole?.(size) ?? front + (input.html?.(size) ?? input.markdown?.(size));
  const path = input.markdown ? 'letter.md' : 'letter.html';
  const start = process.cpuUsage();
  const { newsletter } = await compile(text, { path });
  if (newsletter) {
    const composer = await createComposer(newsletter, filesOf({}).read, context, null);
    await composer.compose(person({ x: input.cell?.(size) ?? 'x' }));
  }
  checkNewsletter({ document: parseDocument(text, path), newsletter, settings: { ...defaultSettings, ...settings } });
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

describe('time grows with the length of a letter, not with its square', () => {
  for (const input of hostileInputs)
    it(input.name, async () => {
      let small = Number.POSITIVE_INFINITY;
      let large = Number.POSITIVE_INFINITY;
      // Best of five; most need one, for other work on the machine can only make it longer.
      for (let round = 0; round < 5; round++) {
        large = Math.min(large, await cost(input, LARGE));
        if (large < FLOOR) return;
        small = Math.min(small, await cost(input, SMALL));
        if (large < small * RATIO) return;
      }
      assert.fail(`${Math.round(small)} ms for ${SMALL}, ${Math.round(large)} ms for ${LARGE}`);
    });
});

it('a list with many columns of the same name can be opened', async () => {
  const { memoryList, indexRecipients } = await import('../../src/compose/index.ts');
  const open = async (count: number) => {
    const list = `email${',name'.repeat(count)}\na@example.org${',x'.repeat(count)}\n`;
    const start = process.cpuUsage();
    const { profile } = await indexRecipients(memoryList(Buffer.from(list)), { file: 'list.csv' });
    assert.equal(profile.fields.at(-1)?.name, `name_${count}`);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  const small = await open(4_000);
  const large = await open(32_000);
  assert.ok(large < Math.max(FLOOR, small * RATIO), `${small} ms, ${large} ms`);
});
