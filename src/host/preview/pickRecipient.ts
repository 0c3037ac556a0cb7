import * as vscode from 'vscode';
import type { RecipientTable } from './recipientTable.ts';

const SHOWN = 200;

type Item = vscode.QuickPickItem & { act?: number | 'longest' | 'blanks' | 'invalid' };

/** Lets a person search the list by any cell and jump to the rows worth a look. Resolves to an index, or undefined. */
export function pickRecipient(
  table: RecipientTable,
  list: vscode.Uri,
  names: readonly string[],
  current: number,
): Promise<number | undefined> {
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = vscode.l10n.t('Whose letter?');
  picker.placeholder = vscode.l10n.t('Search {0} recipients by any column, or type a number', table.total);
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  const used = names.filter((name) => table.profile(name));
  const itemOf = (index: number): Item => {
    const row = table.at(index);
    const values = Object.entries(row?.fields ?? {}).filter(([, value]) => value !== '' && value !== row?.address);
    return {
      label: row?.address ?? '',
      description: `${index + 1}`,
      detail: values
        .map(([name, value]) => `${name}: ${value.slice(0, 60)}`)
        .join(' · ')
        .slice(0, 200),
      act: index,
      alwaysShow: true,
    };
  };
  const jumps = (): Item[] => {
    const items: Item[] = [
      {
        label: vscode.l10n.t('$(text-size) Longest Values'),
        description: vscode.l10n.t('where a layout breaks first'),
        act: 'longest',
      },
    ];
    const blank = used.filter((name) => (table.profile(name)?.blanks ?? 0) > 0);
    if (blank.length > 0)
      items.push({
        label: vscode.l10n.t('$(circle-slash) Next With a Blank'),
        description: blank.join(', '),
        act: 'blanks',
      });
    if (table.refusedTotal > 0)
      items.push({
        label: vscode.l10n.t('$(warning) First Row Without a Letter'),
        description: vscode.l10n.t('{0} rows are invalid or doubled', table.refusedTotal),
        act: 'invalid',
      });
    items.push({ label: vscode.l10n.t('Recipients'), kind: vscode.QuickPickItemKind.Separator });
    return items;
  };
  const fill = (text: string) => {
    const wanted = text.trim();
    const number = /^\d+$/.test(wanted) ? Number(wanted) - 1 : -1;
    const from = Math.max(0, Math.min(current - 5, table.total - SHOWN));
    const found = wanted === '' ? [] : table.search(wanted, SHOWN);
    if (number >= 0 && number < table.total) found.unshift(number);
    const shown =
      wanted === '' ? Array.from({ length: Math.min(SHOWN, table.total) }, (_, at) => from + at) : [...new Set(found)];
    const items = shown.map(itemOf);
    picker.items = wanted === '' ? [...jumps(), ...items] : items;
    const active = picker.items.find((item) => item.act === (wanted === '' ? current : shown[0]));
    if (active) picker.activeItems = [active];
  };
  fill('');
  return new Promise((resolve) => {
    picker.onDidChangeValue(fill);
    picker.onDidAccept(() => {
      const act = picker.activeItems[0]?.act;
      if (act === 'invalid') {
        const line = Math.max(0, (table.refused[0]?.line ?? 1) - 1);
        void vscode.window.showTextDocument(list, { selection: new vscode.Range(line, 0, line, 0) });
        resolve(undefined);
      } else if (act === 'longest')
        resolve(orNone(table.longest(used.length > 0 ? used : table.header.fields.map((field) => field.name))));
      else if (act === 'blanks') resolve(orNone(table.nextWithBlank(used, current)));
      else resolve(act);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

const orNone = (index: number): number | undefined => (index < 0 ? undefined : index);
