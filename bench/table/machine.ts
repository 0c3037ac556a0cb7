import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the figures were taken on, and when. */
export function machine(): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${cpus().length} × ${model}, ${gigabytes} GB, ${type()} ${release()}, Node ${process.version}`;
}

export function loadNow(): string {
  const [one = 0, five = 0] = loadavg();
  return `load ${one.toFixed(1)} (1 min), ${five.toFixed(1)} (5 min)`;
}

export function today(): string {
  return new Date().toISOString().slice(0, 16).replace('T', ' ');
}
