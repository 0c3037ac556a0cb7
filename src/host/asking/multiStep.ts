import * as vscode from 'vscode';
import { Cancelled } from '../errors.ts';

/** A person pressed the back arrow. */
export const BACK = Symbol('back');

export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
}

/** The position of a step among those that are asked. */
export interface StepPlace {
  step: number;
  total: number;
  hasBack: boolean;
}

export interface StepFrame extends StepPlace {
  title: string;
}

export interface Step<Name extends string> {
  name: Name;
  /** Whether it is asked, given the earlier answers. */
  isAsked(): boolean;
  ask(frame: StepPlace): Promise<typeof BACK | undefined>;
}

/**
 * Runs steps one after another, each with a back button but the first. Those that are not asked are not counted either.
 * Begins at `start`, or at the last one before it that is asked. Throws Cancelled when the person closes it.
 */
export async function runSteps<Name extends string>(steps: readonly Step<Name>[], start?: Name): Promise<void> {
  let at = Math.max(0, start === undefined ? 0 : steps.findIndex(({ name }) => name === start));
  while (at > 0 && steps[at]?.isAsked() === false) at--;
  while (at < steps.length) {
    const step = steps[at];
    const asked = steps.filter((item) => item.isAsked());
    const place = step ? asked.indexOf(step) : -1;
    if (!step || place < 0) {
      at++;
      continue;
    }
    const result = await step.ask({ step: place + 1, total: asked.length, hasBack: place > 0 });
    const next = asked[place - 1];
    at = result === BACK && next ? steps.indexOf(next) : at + 1;
  }
}

export function pickStep<T>(
  frame: StepFrame & { placeholder: string; items: readonly (Choice<T> | vscode.QuickPickItem)[]; active?: T },
  taken: (value: T) => void,
): Promise<typeof BACK | undefined> {
  const pick = vscode.window.createQuickPick<Choice<T> | vscode.QuickPickItem>();
  Object.assign(pick, { title: frame.title, step: frame.step, totalSteps: frame.total });
  pick.placeholder = frame.placeholder;
  pick.items = frame.items;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = true;
  if (frame.hasBack) pick.buttons = [vscode.QuickInputButtons.Back];
  const active = frame.items.find((item) => 'value' in item && item.value === frame.active);
  if (active) pick.activeItems = [active];
  return settle(pick, (resolve) => {
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (!chosen || !('value' in chosen)) return;
      taken(chosen.value);
      resolve(undefined);
    });
  });
}

export function inputStep(
  frame: StepFrame & {
    prompt: string;
    placeholder?: string;
    value: string;
    password?: boolean;
    /** A sentence when the value is not accepted. */
    check: (value: string) => string | undefined;
    /** A page that helps to answer, behind a button. */
    link?: { label: string; url: string };
  },
  taken: (value: string) => void,
): Promise<typeof BACK | undefined> {
  const input = vscode.window.createInputBox();
  Object.assign(input, { title: frame.title, step: frame.step, totalSteps: frame.total });
  input.prompt = frame.prompt;
  input.placeholder = frame.placeholder;
  input.value = frame.value;
  input.password = frame.password ?? false;
  input.ignoreFocusOut = true;
  const { link } = frame;
  const help = link ? { iconPath: new vscode.ThemeIcon('link-external'), tooltip: link.label } : undefined;
  input.buttons = [...(frame.hasBack ? [vscode.QuickInputButtons.Back] : []), ...(help ? [help] : [])];
  return settle(input, (resolve) => {
    input.onDidTriggerButton((button) => {
      if (button === help && link) void vscode.env.openExternal(vscode.Uri.parse(link.url));
    });
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidAccept(() => {
      const problem = frame.check(input.value);
      input.validationMessage = problem;
      if (problem !== undefined) return;
      taken(input.value);
      resolve(undefined);
    });
  });
}

function settle(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  listen: (resolve: (value: typeof BACK | undefined) => void) => void,
): Promise<typeof BACK | undefined> {
  return new Promise<typeof BACK | undefined>((resolve, reject) => {
    const buttons = input as { onDidTriggerButton: vscode.Event<vscode.QuickInputButton> };
    buttons.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) resolve(BACK);
    });
    input.onDidHide(() => reject(new Cancelled()));
    listen(resolve);
    input.show();
  }).finally(() => input.dispose());
}
