import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A mark of when a process began, the same whenever it is asked; "" where the system does not tell. */
export function processStart(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // Field 22; the name in field 2 may hold spaces and parentheses.
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    }
    if (process.platform === 'darwin') {
      return execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    }
  } catch {
    // No such process, or no such tool.
  }
  return '';
}
