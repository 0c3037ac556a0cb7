import * as vscode from 'vscode';
import type { ListIndex } from '../../compose/index.ts';
import { fileOf } from '../../compose/recipients/eachList.ts';
import { leftOutText } from '../../letter/plan/leftOut.ts';
import { msg } from '../../shared/errors.ts';
import type { Recipient } from '../../shared/recipient.ts';
import { plural } from '../../shared/words.ts';
import { readerName, say, words } from '../text.ts';

const SHOWN = 50;

export type Picked = { kind: 'recipient'; index: number } | { kind: 'refused'; file: string; line: number };
type Item = vscode.QuickPickItem & { choice?: Picked };

/** Lets a person search the list by any cell and jump to the rows worth a look. */
export function pickRecipient(list: ListIndex, current: number): Promise<Picked | undefined> {
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = vscode.l10n.t('Whose message?');
  picker.placeholder = say(
    plural(
      'Search {0} recipient by any column, or type a number',
      'Search {0} recipients by any column, or type a number',
      list.profile.count,
    ),
  );
  const search = new Search(picker, list, current);
  search.fill('');
  return new Promise((resolve) => {
    picker.onDidChangeValue((text) => search.fill(text));
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]?.choice);
      picker.hide();
    });
    picker.onDidHide(() => {
      search.stop();
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** Fills the picker with the rows that fit what is typed; a newer text ends the search for the one before. */
class Search {
  readonly #picker: vscode.QuickPick<Item>;
  readonly #list: ListIndex;
  readonly #current: number;
  #running = new AbortController();

  constructor(picker: vscode.QuickPick<Item>, list: ListIndex, current: number) {
    this.#picker = picker;
    this.#list = list;
    this.#current = current;
  }

  fill(text: string): void {
    this.#running.abort();
    this.#running = new AbortController();
    void this.#fill(text.trim(), this.#running.signal);
  }

  stop(): void {
    this.#running.abort();
  }

  async #fill(wanted: string, signal: AbortSignal): Promise<void> {
    const { count } = this.#list.profile;
    const numbers = wanted === '' ? around(this.#current, count) : asNumber(wanted, count);
    const items: Item[] = wanted === '' ? jumps(this.#list.profile) : [];
    this.#picker.busy = true;
    try {
      for (const index of numbers) {
        const row = await this.#list.recipientAt(index);
        if (signal.aborted) return;
        if (row) items.push(itemOf(index, row));
      }
      if (wanted === '' || items.length > 0) this.#show(items, this.#current);
      if (wanted !== '') await this.#find(wanted, numbers, items, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (!signal.aborted) this.#picker.busy = false;
    }
  }

  /** Rows with the text in any cell, shown as they are found. */
  async #find(wanted: string, known: readonly number[], items: Item[], signal: AbortSignal): Promise<void> {
    for (let from = 0; items.length < SHOWN; ) {
      const index = await this.#list.find(wanted, from, signal);
      if (signal.aborted || index < 0) break;
      const row = await this.#list.recipientAt(index);
      if (row && !known.includes(index)) items.push(itemOf(index, row));
      from = index + 1;
      if (items.length === 1 || items.length % 10 === 0) this.#show(items, -1);
    }
    if (!signal.aborted) this.#show(items, -1);
  }

  #show(items: readonly Item[], active: number): void {
    this.#picker.items = [...items];
    const chosen = items.findLast((item) => item.choice?.kind === 'recipient' && item.choice.index === active);
    if (chosen) this.#picker.activeItems = [chosen];
  }
}

/** The rows worth a look, before anything is typed. */
function jumps(profile: ListIndex['profile']): Item[] {
  const {
    jumps: { longest, withBlanks },
    refusals: [refused],
    refused: counts,
  } = profile;
  const left = leftOutText(counts);
  const items: Item[] = [];
  if (longest >= 0)
    items.push({
      label: `$(text-size) ${vscode.l10n.t('Longest Values')}`,
      description: vscode.l10n.t('where the layout breaks first'),
      choice: { kind: 'recipient', index: longest },
    });
  if (withBlanks >= 0)
    items.push({
      label: `$(circle-slash) ${vscode.l10n.t('Most Blanks')}`,
      description: vscode.l10n.t('where a missing default shows first'),
      choice: { kind: 'recipient', index: withBlanks },
    });
  if (refused)
    items.push({
      label: `$(warning) ${vscode.l10n.t('First Row Without a Message')}`,
      description: vscode.l10n.t('line {0}: {1}', refused.line, say(refused.detail)),
      ...(left ? { detail: say(msg('Left out: {0}', left)) } : {}),
      choice: { kind: 'refused', file: fileOf(profile, refused), line: refused.line },
    });
  items.push({ label: vscode.l10n.t('Recipients'), kind: vscode.QuickPickItemKind.Separator });
  return items;
}

function itemOf(index: number, row: Recipient): Item {
  const values = Object.entries(row.fields).filter(([, value]) => value !== '' && value !== row.address);
  return {
    label: readerName(row) === row.address ? row.address : `${readerName(row)} <${row.address}>`,
    description: words.number(index + 1),
    detail: values
      .map(([name, value]) => `${name}: ${value.slice(0, 60)}`)
      .join(' · ')
      .slice(0, 200),
    choice: { kind: 'recipient', index },
    alwaysShow: true,
  };
}

function around(current: number, count: number): number[] {
  const from = Math.max(0, Math.min(current - 5, count - SHOWN));
  return Array.from({ length: Math.min(SHOWN, count) }, (_, at) => from + at);
}

function asNumber(text: string, count: number): number[] {
  const number = /^\d+$/.test(text) ? Number(text) - 1 : -1;
  return number >= 0 && number < count ? [number] : [];
}
