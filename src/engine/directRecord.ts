import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DirectStanding, directStanding } from '../shared/directStanding.ts';
import type { Text } from '../shared/errors.ts';
import type { EvidenceItem } from '../shared/evidence.ts';
import { makePrivateDir } from '../shared/privateDir.ts';

const FILE = 'engine.direct';
/** Older results say little: computers move, addresses change hands. */
const HOLDS_MS = 30 * 86_400_000;
const LONGEST = 20_000;

/**
 * Remembers whether direct delivery passed when the network was asked. If the result was unclear, or the directory
 * cannot be written, the previous result stays.
 */
export function keepStanding(stateDir: string, items: readonly EvidenceItem[], now: number): void {
  const standing = directStanding(items);
  if (standing.state === 'unknown') return;
  const unfinished = join(stateDir, `${FILE}.${process.pid}`);
  try {
    makePrivateDir(stateDir);
    writeFileSync(unfinished, JSON.stringify({ ...standing, at: now }), { mode: 0o600 });
    renameSync(unfinished, join(stateDir, FILE));
  } catch {
    rmSync(unfinished, { force: true });
  }
}

/** The remembered result, unless it is old or not ours. */
export function keptStanding(stateDir: string, now: number): DirectStanding {
  try {
    const text = readFileSync(join(stateDir, FILE), 'utf8');
    const { state, why, at }: { state?: unknown; why?: unknown; at?: unknown } =
      text.length > LONGEST ? {} : JSON.parse(text);
    if (typeof at !== 'number' || at < now - HOLDS_MS || at > now) return { state: 'unknown' };
    if (state === 'passed') return { state };
    if (state === 'failed' && isText(why)) return { state, why };
  } catch {
    // None was stored.
  }
  return { state: 'unknown' };
}

function isText(value: unknown): value is Text {
  const { template, args }: { template?: unknown; args?: unknown } = Object(value);
  if (typeof template !== 'string' || !Array.isArray(args)) return false;
  return args.every((arg) => typeof arg === 'string' || typeof arg === 'number' || isText(arg));
}
