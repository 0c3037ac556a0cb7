import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Command {
  file: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

export interface Figures {
  seconds: number;
  /** Of the whole process, in seconds; NaN where the system does not tell. */
  cpu: number;
  /** The kernel's own high-water mark of memory in MB; NaN where the system does not tell. */
  peakMb: number;
  output: string;
}

/** Runs one program and tells what it cost. One at a time: processor time is read from what this process has waited for. */
export async function measured(command: Command): Promise<Figures> {
  const cpu = cpuOfChildren();
  const start = performance.now();
  const child = spawn(command.file, command.args, {
    env: { ...process.env, ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let peakMb = Number.NaN;
  const look = setInterval(() => {
    peakMb = highWater(child.pid) || peakMb;
  }, 20);
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
  const [code] = (await once(child, 'close').finally(() => clearInterval(look))) as [number | null];
  const output = Buffer.concat(pieces).toString('utf8');
  if (code !== 0) throw new Error(`${command.file} ended with ${code}: ${output.slice(-500)}`);
  return { seconds: (performance.now() - start) / 1000, cpu: cpuOfChildren() - cpu, peakMb, output };
}

/** User and system time of all children that have ended, in seconds. */
function cpuOfChildren(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return Number.NaN;
  }
}

/** Of a process so far, in MB; 0 when it cannot be told. */
export function highWater(pid: number | string = 'self'): number {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
