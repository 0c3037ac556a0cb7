import { confirmationOf, type PlanLine, type SendPlan } from '../../letter/plan/confirmation.ts';
import { msg } from '../../shared/errors.ts';
import type { Words } from '../../shared/words.ts';

/** What only this editor knows. */
export interface EditorNotes {
  warnings: number;
  unsaved: boolean;
  /** Whether a test of exactly this text went out before. */
  tested: boolean;
  /** Closing the window stops sending. */
  dependsOnWindow: boolean;
}

/** The confirmation as the modal lays it out: lines, then what should make one hesitate. */
export function modalOf(
  plan: SendPlan,
  { warnings, unsaved, tested, dependsOnWindow }: EditorNotes,
  now: number,
  words: Words,
): { question: string; detail: string; button: string } {
  const { say } = words;
  const { question, lines, notes, button } = confirmationOf(plan, now, words);
  const all = [
    ...notes,
    ...(unsaved ? [say(msg('The document has unsaved changes; what you see in the editor is sent.'))] : []),
    ...(warnings > 0 ? [say(msg('Warnings in the Problems view: {0}', warnings))] : []),
    ...(tested ? [] : [say(msg('This text has not been sent as a test yet.'))]),
    ...(dependsOnWindow ? [say(msg('Sending stops when this window closes.'))] : []),
  ];
  const shown = lines.map(({ label, text }: PlanLine) => say(msg('{0}: {1}', label, text)));
  return { question, button, detail: [...shown, ...(all.length > 0 ? ['', ...all] : [])].join('\n') };
}
