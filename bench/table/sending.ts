import { join } from 'node:path';
import type { Case } from './cases.ts';
import { nameOf } from './cases.ts';
import type { Client } from './clients.ts';
import { type Material, writeList } from './material.ts';
import { type Figures, measured } from './measured.ts';
import { type Service, startChunkingSink, startDelay, startNodeSink, startSink } from './services.ts';

/** What may take the messages, by the name a case calls it. */
const sinks: Readonly<Record<string, () => Promise<Service>>> = {
  'smtp-sink': startSink,
  'Node sink': startNodeSink,
  'Node sink with CHUNKING': startChunkingSink,
};

export interface Sent {
  perSecond: number;
  cpuPer1000: number;
  peakMb: number;
}

/** What each client did of one case, by its name: the median of the rounds, in which they take turns. */
export async function send(one: Case, clients: readonly Client[], material: Material, rounds: number) {
  const able = clients.filter(({ isHere, signs }) => isHere && (signs || !one.dkim));
  const list = join(material.folder, `list${one.messages}.csv`);
  await writeList(list, one.messages);
  const all = new Map<string, Sent[]>(able.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const client of able) all.get(client.name)?.push(await once(one, client, material, list));
  return new Map([...all].map(([name, runs]) => [name, median(runs)]));
}

async function once(one: Case, client: Client, material: Material, list: string): Promise<Sent> {
  const start = sinks[one.sink];
  if (!start) throw new Error(`${nameOf(one)}: there is no sink ${one.sink}`);
  const services = [await start()];
  try {
    if (one.roundTripMs > 0) services.push(await startDelay(services[0]?.port ?? 0, one.roundTripMs));
    const { connections, dkim, messages, pipelineDepth = 1 } = one;
    const port = services.at(-1)?.port ?? 0;
    const command = await client.prepare(material, { list, port, connections, dkim, messages, pipelineDepth });
    return figuresOf(await measured(command), messages);
  } finally {
    for (const service of services.reverse()) await service.stop();
  }
}

function figuresOf({ seconds, cpu, peakMb }: Figures, messages: number): Sent {
  return { perSecond: messages / seconds, cpuPer1000: (cpu / messages) * 1000, peakMb };
}

function median(runs: readonly Sent[]): Sent {
  const middle = (of: (run: Sent) => number) => runs.map(of).sort((a, b) => a - b)[runs.length >> 1] ?? Number.NaN;
  return {
    perSecond: middle(({ perSecond }) => perSecond),
    cpuPer1000: middle(({ cpuPer1000 }) => cpuPer1000),
    peakMb: middle(({ peakMb }) => peakMb),
  };
}
