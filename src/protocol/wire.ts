import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import type { UserErrorCode } from '../shared/errorCodes.ts';
import { type Place, type Text, UserError } from '../shared/errors.ts';
import { BadRequest } from './shape.ts';

const USER_ERROR = -31_000;

interface WireError {
  code: UserErrorCode;
  what: Text;
  remedy: Text;
  place?: Place;
}

/** Binary values travel as `{ $bytes: base64 }`. */
export function pack(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item)]));
}

export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== 'object' || value === null) return value;
  const { $bytes } = value as { $bytes?: unknown };
  if (typeof $bytes === 'string') return new Uint8Array(Buffer.from($bytes, 'base64'));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]));
}

/** A UserError crosses the pipe whole; anything else is a bug, and only its message crosses. */
export function toWire(error: unknown): ResponseError<WireError | undefined> {
  if (error instanceof UserError) {
    const { code, what, remedy, place } = error;
    return new ResponseError(USER_ERROR, error.message, { code, what, remedy, ...(place ? { place } : {}) });
  }
  if (error instanceof BadRequest) return new ResponseError(ErrorCodes.InvalidParams, error.message, undefined);
  return new ResponseError(ErrorCodes.InternalError, error instanceof Error ? error.message : String(error), undefined);
}

export function fromWire(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error;
  const data = error.data as Partial<WireError> | undefined;
  if (error.code !== USER_ERROR || !data?.code || !data.what || !data.remedy) return error;
  return new UserError(data.code, data.what, data.remedy, data.place);
}
