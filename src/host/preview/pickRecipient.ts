import * as vscode from 'vscode';
import type { ListIndex } from '../../compose/index.ts';
import type { Recipient } from '../../shared/recipient.ts';
import { plural } from '../../shared/words.ts';
import { say, words } from '../text.ts';

const SHOWN = 50;

export type Picked = { kind: 'recipient'; index: number } | { kind: 'refused'; line: number };
type Item = vscode.QuickPickItem & { choice?: Picked };

/** Lets a person search the list by any cell and jump to the rows worth a look. */
export function pickRecipient(list: ListIndex, current: number): Promise<Picked | undefined> {
  const { profile } = list;
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = vscode.l10n.t('Whose letter?');
  picker.placeholder = say(
    plural(
      'Search {0} recipient by any column, or type a number',
      'Search {0} recipients by any column, or type a number',
      profile.count,
    ),
  );
  let search = new AbortController();

  const jumps = (): Item[] => {
    const items: Item[] = [];
    if (profile.jumps.longest >= 0)
      items.push({
        label: `$(text-size) ${vscode.l10n.t('Longest Values')}`,
        description: vscode.l10n.t('where a layout breaks first'),
        choice: { kind: 'recipient', index: profile.jumps.longest },
      });
    if (profile.jumps.withBlanks >= 0)
      items.push({
        label: `$(circle-slash) ${vscode.l10n.t('Most Blanks')}`,
        description: vscode.l10n.t('where a default is missed first'),
        choice: { kind: 'recipient', index: profile.jumps.withBlanks },
      });
    const refused = profile.refusals[0];
    if (refused)
      items.push({
        label: `$(warning) ${vscode.l10n.t('First Row Without a Letter')}`,
        description: vscode.l10n.t('line {0}: {1}', refused.line, say(refused.detail)),
        choice: { kind: 'refused', line: refused.line },
      });
    items.push({ label: vscode.l10n.t('Recipients'), kind: vscode.QuickPickItemKind.Separator });
    return items;
  };

  const fill = async (text: string): Promise<void> => {
    search.abort();
    search = new AbortController();
    const { signal } = search;
    const wanted = text.trim();
    const numbers = wanted === '' ? around(current, profile.count) : asNumber(wanted, profile.count);
    const items: Item[] = wanted === '' ? jumps() : [];
    picker.busy = true;
    try {
      for (const index of numbers) {
        const row = await list.recipientAt(index);
        if (signal.aborted) return;
        if (row) items.push(itemOf(index, row));
      }
      if (wanted === '' || items.length > 0) show(items, current);
      for (let from = 0; wanted !== '' && items.length < SHOWN; ) {
        const index = await list.find(wanted, from, signal);
        if (signal.aborted || index < 0) break;
        const row = await list.recipientAt(index);
        if (row && !numbers.includes(index)) items.push(itemOf(index, row));
        from = index + 1;
        if (items.length === 1 || items.length % 10 === 0) show(items, -1);
      }
      if (!signal.aborted && wanted !== '') show(items, -1);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (!signal.aborted) picker.busy = false;
    }
  };
  const show = (items: readonly Item[], active: number) => {
    picker.items = [...items];
    const chosen = items.findLast((item) => item.choice?.kind === 'recipient' && item.choice.index === active);
    if (chosen) picker.activeItems = [chosen];
  };

  void fill('');
  return new Promise((resolve) => {
    picker.onDidChangeValue((text) => void fill(text));
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]?.choice);
      picker.hide();
    });
    picker.onDidHide(() => {
      search.abort();
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

function itemOf(index: number, row: Recipient): Item {
  const values = Object.entries(row.fields).filter(([, value]) => value !== '' && value !== row.address);
  return {
    label: row.address,
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
