import * as vscode from 'vscode';
import { Cancelled } from '../errors.ts';

/** A person pressed the back arrow. */
export const BACK = Symbol('back');

export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
}

interface StepFrame {
  title: string;
  step: number;
  total: number;
}

/**
 * Runs steps one after another, each with a back button but the first. A step gives back BACK or undefined; a skipped
 * step (`false`) is passed over in both directions. Throws Cancelled when the person leaves.
 */
export async function runSteps(steps: readonly (() => Promise<typeof BACK | false | undefined>)[]): Promise<void> {
  let at = 0;
  let direction = 1;
  while (at < steps.length) {
    const result = await steps[at]?.();
    if (result === BACK) direction = -1;
    else if (result !== false) direction = 1;
    at += direction;
    if (at < 0) {
      at = 0;
      direction = 1;
    }
  }
}

export function pickStep<T>(
  frame: StepFrame & { placeholder: string; items: readonly (Choice<T> | vscode.QuickPickItem)[]; active?: T },
): Promise<T | typeof BACK> {
  const pick = vscode.window.createQuickPick<Choice<T> | vscode.QuickPickItem>();
  Object.assign(pick, { title: frame.title, step: frame.step, totalSteps: frame.total });
  pick.placeholder = frame.placeholder;
  pick.items = frame.items;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = true;
  if (frame.step > 1) pick.buttons = [vscode.QuickInputButtons.Back];
  const active = frame.items.find((item) => 'value' in item && item.value === frame.active);
  if (active) pick.activeItems = [active];
  return settle(pick, (resolve) => {
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen && 'value' in chosen) resolve(chosen.value);
    });
  });
}

export function inputStep(
  frame: StepFrame & {
    prompt: string;
    placeholder?: string;
    value: string;
    password?: boolean;
    /** A sentence when the value cannot be taken. */
    check: (value: string) => string | undefined;
  },
): Promise<string | typeof BACK> {
  const input = vscode.window.createInputBox();
  Object.assign(input, { title: frame.title, step: frame.step, totalSteps: frame.total });
  input.prompt = frame.prompt;
  input.placeholder = frame.placeholder;
  input.value = frame.value;
  input.password = frame.password ?? false;
  input.ignoreFocusOut = true;
  if (frame.step > 1) input.buttons = [vscode.QuickInputButtons.Back];
  return settle(input, (resolve) => {
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidAccept(() => {
      const problem = frame.check(input.value);
      input.validationMessage = problem;
      if (problem === undefined) resolve(input.value);
    });
  });
}

function settle<T>(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  listen: (resolve: (value: T) => void) => void,
): Promise<T | typeof BACK> {
  return new Promise<T | typeof BACK>((resolve, reject) => {
    const buttons = input as { onDidTriggerButton: vscode.Event<vscode.QuickInputButton> };
    buttons.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) resolve(BACK);
    });
    input.onDidHide(() => reject(new Cancelled()));
    listen(resolve);
    input.show();
  }).finally(() => input.dispose());
}
