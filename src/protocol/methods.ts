import type { EngineApi } from './engineApi.ts';

/** Every call of the engine that crosses the pipe. A test compares the list with the interface. */
export const engineMethods = [
  'open',
  'addAsset',
  'addRows',
  'start',
  'discard',
  'list',
  'get',
  'pause',
  'resume',
  'cancel',
  'resendFailed',
  'decideInDoubt',
  'provideSecrets',
  'plan',
  'summary',
  'report',
  'attempts',
  'testServer',
  'suppressions',
  'suppress',
  'unsuppress',
] as const satisfies readonly (keyof EngineApi)[];

export type EngineMethod = (typeof engineMethods)[number];

/** Fields each request must have, and their types: types end at the pipe, so what arrives is looked at. */
const required: Record<EngineMethod, Record<string, 'string' | 'number' | 'object'>> = {
  open: { draft: 'string', campaign: 'object' },
  addAsset: { draft: 'string', path: 'string', content: 'object' },
  addRows: { draft: 'string', sequence: 'number', rows: 'object', refused: 'object' },
  start: { draft: 'string', startAt: 'number', secrets: 'object' },
  discard: { draft: 'string' },
  list: {},
  get: { campaign: 'string' },
  pause: { campaign: 'string' },
  resume: { campaign: 'string', secrets: 'object' },
  cancel: { campaign: 'string' },
  resendFailed: { campaign: 'string' },
  decideInDoubt: { campaign: 'string', decision: 'string' },
  provideSecrets: { secrets: 'object' },
  plan: { campaign: 'string' },
  summary: { campaign: 'string' },
  report: { campaign: 'string', after: 'number', limit: 'number' },
  attempts: { campaign: 'string', id: 'number' },
  testServer: { settings: 'object', server: 'string', secret: 'string' },
  suppressions: { after: 'string', limit: 'number' },
  suppress: { entries: 'object' },
  unsuppress: { entries: 'object' },
};

/** Throws when a request has not the shape its method wants. */
export function checkRequest(method: EngineMethod, request: unknown): void {
  const fields = Object.entries(required[method]);
  if (fields.length === 0) return;
  if (typeof request !== 'object' || request === null) throw new Error(`${method}: the request is not an object`);
  for (const [name, type] of fields) {
    const value = (request as Record<string, unknown>)[name];
    if (typeof value !== type || value === null) throw new Error(`${method}: ${name} is not of type ${type}`);
  }
}
