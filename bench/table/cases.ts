import { bound, type Client, nodemailer, python, smtpSource } from './clients.ts';

/** One row of the table: how the list is sent. */
export interface Case {
  /** What stands at the end of the row's name, where there is more to say than below. */
  note?: string;
  roundTripMs: number;
  connections: number;
  dkim: boolean;
  messages: number;
  /** Which of `sinks` takes the messages. */
  sink: string;
  /** Messages Envoi may leave unanswered on a connection; absent = 1. */
  pipelineDepth?: number;
  /** Whom Envoi is compared with; those that cannot do it are left out. */
  against: readonly Client[];
}

const everybody = [nodemailer, bound, smtpSource, python];

/** Enough that start-up doesn't count for much, few enough that the slowest ends: it needs two round trips for each. */
function messagesFor(roundTripMs: number, connections: number, most: number): number {
  return roundTripMs === 0 ? most : Math.min(most, Math.ceil((connections * 5000) / roundTripMs));
}

/** Every row, or the few of a quick run. `messages`: the most that one row sends. */
export function casesFor(quick: boolean, messages: number): Case[] {
  const rows: Case[] = [];
  for (const roundTripMs of quick ? [0, 30] : [0, 30, 100]) {
    for (const connections of quick ? (roundTripMs === 0 ? [1, 20] : [20]) : [1, 5, 20, 50]) {
      // Far away, a signature is made while others are on their way: one of both tells it.
      for (const dkim of roundTripMs === 0 && !(quick && connections === 1) ? [true, false] : [true]) {
        const far = roundTripMs > 0 || quick;
        rows.push({
          roundTripMs,
          connections,
          dkim,
          messages: messagesFor(roundTripMs, connections, messages),
          sink: 'smtp-sink',
          against: far ? [nodemailer, bound] : everybody,
        });
      }
    }
  }
  return [...rows, ...chunkingCases(quick, messages)];
}

/** The same sink without CHUNKING, with it, and with eight messages unanswered on a connection. */
export function chunkingCases(quick: boolean, messages: number): Case[] {
  const ways = [
    { sink: 'Node sink', note: 'DATA' },
    { sink: 'Node sink with CHUNKING', note: 'CHUNKING' },
    { sink: 'Node sink with CHUNKING', note: 'CHUNKING, 8 unanswered', pipelineDepth: 8 },
  ];
  return (quick ? [30] : [0, 30, 100]).flatMap((roundTripMs) =>
    (quick ? [20] : [5, 20]).flatMap((connections) =>
      ways.map((way) => ({
        ...way,
        roundTripMs,
        connections,
        dkim: true,
        messages: messagesFor(roundTripMs, connections, messages),
        against: [nodemailer],
      })),
    ),
  );
}

export function nameOf({ roundTripMs, connections, dkim, messages, note }: Case): string {
  const way = roundTripMs === 0 ? 'loopback' : `${roundTripMs} ms`;
  const parts = [way, `${connections} conn.`, dkim ? 'DKIM' : 'unsigned', `${messages} messages`];
  return [...parts, ...(note ? [note] : [])].join(', ');
}
