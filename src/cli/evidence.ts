import { askSender } from '../engine/openEngine.ts';
import { senderQuestion } from '../letter/senderQuestion.ts';
import { msg } from '../shared/errors.ts';
import { type EvidenceItem, type EvidenceState, zoneLine } from '../shared/evidence.ts';
import { evidenceTitles } from '../shared/evidenceWords.ts';
import type { CommandOptions } from './commandLine.ts';
import { endpointSecretIfGiven } from './endpointSecret.ts';
import type { Gathered } from './gather.ts';
import { bold, dim, green, oneLine, print, printJson, red, yellow } from './terminal.ts';
import { say } from './words.ts';

const marks: Record<EvidenceState, string> = {
  passed: green('✓'),
  warned: yellow('!'),
  failed: red('✗'),
  unasked: dim('?'),
};

/** `--network`: checks a letter's sender and prints each result. Returns whether none failed. */
export async function printEvidence(letter: Gathered, { json, state: stateDir }: CommandOptions): Promise<boolean> {
  const question = senderQuestion(letter);
  if (!question) return false;
  const link = question.unsubscribe?.link;
  const unsubscribe = link === undefined ? {} : { unsubscribe: { link, secret: endpointSecretIfGiven() } };
  const items = await askSender({ ...question, ...unsubscribe }, process.env.ENVOI_LAB_ADDRESSES ?? '', stateDir);
  if (json) {
    for (const { text, paste, ...item } of items)
      printJson({ event: 'evidence', ...item, text: say(text), ...(paste ? { paste: zoneLine(paste) } : {}) });
  } else printItems(question.from, items);
  return items.every(({ state }) => state !== 'failed');
}

function printItems(from: string, items: readonly EvidenceItem[]): void {
  print(`\n  ${bold(say(msg('What the network says about {0}', from)))}`);
  let last = '';
  for (const { code, state, text, found, paste } of items) {
    if (code !== last) print(`\n  ${bold(say(evidenceTitles[code]))}`);
    last = code;
    print(`    ${marks[state]} ${oneLine(say(text))}`);
    for (const line of found.split('\n').filter((each) => each !== '')) print(`      ${dim(oneLine(line))}`);
    if (paste) print(`      ${say(msg('add to DNS: {0}', oneLine(zoneLine(paste))))}`);
  }
  print();
}
