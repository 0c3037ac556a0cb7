import type { Compiled, CompileRequest } from '../../../compose/index.ts';
import type { CheckInput } from '../../../letter/index.ts';
import type { UserErrorCode } from '../../../shared/errorCodes.ts';
import { type Finding, type Place, type Text, UserError } from '../../../shared/errors.ts';

export type ToWorker =
  | { kind: 'compile'; request: Omit<CompileRequest, 'files'> }
  | { kind: 'advise'; input: CheckInput }
  | { kind: 'file'; read: number; bytes: Uint8Array }
  | { kind: 'noFile'; read: number; error: WorkerFailure };

export type FromWorker =
  | { kind: 'read'; read: number; path: string }
  | { kind: 'compiled'; compiled: Compiled }
  | { kind: 'advised'; findings: readonly Finding[] }
  | { kind: 'failed'; error: WorkerFailure };

/** An error as a message: UserErrors whole, others as their text. */
export interface WorkerFailure {
  message: string;
  user?: { code: UserErrorCode; what: Text; remedy: Text; place?: Place };
}

export function workerFailureOf(error: unknown): WorkerFailure {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (!(error instanceof UserError)) return { message };
  const { code, what, remedy, place } = error;
  return { message, user: { code, what, remedy, ...(place ? { place } : {}) } };
}

export function errorOf({ message, user }: WorkerFailure): Error {
  return user ? new UserError(user.code, user.what, user.remedy, user.place) : new Error(message);
}
