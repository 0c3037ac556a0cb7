import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How to reach the engine of a state directory; written by it with mode 0600. */
export interface EngineFile {
  pid: number;
  startedAt: number;
  endpoint: string;
  protocol: number;
  version: string;
  token: string;
}

export function engineFilePath(stateDir: string): string {
  return join(stateDir, 'engine.json');
}

/** What the engine wrote, or null when there is none or it is torn. */
export function readEngineFile(stateDir: string): EngineFile | null {
  try {
    const value: unknown = JSON.parse(readFileSync(engineFilePath(stateDir), 'utf8'));
    const file = value as Partial<EngineFile> | null;
    const whole = typeof file?.endpoint === 'string' && typeof file.token === 'string' && typeof file.pid === 'number';
    return whole ? (file as EngineFile) : null;
  } catch {
    return null;
  }
}
