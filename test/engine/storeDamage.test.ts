import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { UserError } from '../../src/shared/errors.ts';
import { seededRandom } from '../../src/shared/seededRandom.ts';
import { FakeTransport } from '../support/fakeTransport.ts';
import { addresses, Harness } from './queue/harness.ts';

/*
 * A store is copied in mid-campaign, as a killed engine leaves it, and damaged. Whatever was done to it: either the person is
 * told before anything goes out, or nobody gets a second message. ENVOI_DAMAGE_ROUNDS sets how many, ENVOI_DAMAGE_SEED repeats.
 */
const rounds = Number(process.env.ENVOI_DAMAGE_ROUNDS ?? 40);
const kills = Number(process.env.ENVOI_DAMAGE_KILLS ?? 30);
const seed = Number(process.env.ENVOI_DAMAGE_SEED ?? Date.now() % 1e9);
const everybody = addresses(900, 3);

interface Copy {
  folder: string;
  /** Who had a message by then. */
  had: Set<string>;
}

const damages = {
  'the log is deleted': ({ wal }) => rmSync(wal),
  'the log is cut': ({ wal, random }) => truncateSync(wal, Math.floor(random() * readFileSync(wal).length)),
  'the log’s header is flipped': ({ wal, random }) => flip(wal, random, 0, 32, 1),
  'bytes of the log are flipped': ({ wal, random }) =>
    flip(wal, random, 32, Number.POSITIVE_INFINITY, 1 + random() * 20),
  'the log is empty': ({ wal }) => truncateSync(wal, 0),
  'the log is an older one': ({ wal, older }) => cpSync(join(older, 'envoi.db-wal'), wal),
  'the main file is an older one': ({ db, older }) => cpSync(join(older, 'envoi.db'), db),
  'main file and log are older ones': ({ db, wal, older }) => {
    cpSync(join(older, 'envoi.db'), db);
    cpSync(join(older, 'envoi.db-wal'), wal);
  },
  'the main file is an older one without a log': ({ db, wal, older }) => {
    cpSync(join(older, 'envoi.db'), db);
    rmSync(wal);
  },
  'the main file is deleted': ({ db }) => rmSync(db),
  'the store is deleted': ({ db, wal }) => {
    rmSync(db);
    rmSync(wal);
  },
  'the header is flipped': ({ db, wal, random }) => {
    rmSync(wal);
    flip(db, random, 0, 100, 1);
  },
  'pages are flipped': ({ db, random }) => flip(db, random, 100, Number.POSITIVE_INFINITY, 1 + random() * 200),
  'a page is empty': ({ db, random }) => blank(db, random),
  'the main file is cut': ({ db, random }) => truncateSync(db, Math.floor(random() * readFileSync(db).length)),
  'the mark is of another time': ({ mark, wal, older }) => {
    cpSync(join(older, 'envoi.mark'), mark);
    rmSync(mark);
    rmSync(wal);
  },
} satisfies Record<string, (at: Place) => void>;

interface Place {
  db: string;
  wal: string;
  mark: string;
  older: string;
  random: () => number;
}

describe('a store that is opened again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'envoi-damage-'));
  const copies: Copy[] = [];
  before(async () => {
    const harness = await Harness.start({ office: { takesMs: 10 } });
    await harness.send('c', everybody);
    const office = harness.transport('office');
    while (office.accepted.length < everybody.length) {
      await harness.clock.advance(10);
      const copy = join(folder, String(copies.length));
      cpSync(harness.stateDir, copy, { recursive: true });
      copies.push({ folder: copy, had: new Set(office.accepted.map(({ to }) => to)) });
    }
    await harness.close();
    assert.ok(copies.length > 100, `${copies.length} moments`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const picked = (random: () => number, from = 0): number => from + Math.floor(random() * (copies.length - from));
  const at = (n: number): Copy => copies[n] ?? assert.fail();

  /** Opens a copy and lets it send. What the person was told, or "" when it began by itself. */
  async function goOn({ folder, had }: Copy): Promise<{ told: string; twice: string[]; lost: string[] }> {
    const harness = new Harness();
    cpSync(folder, harness.stateDir, { recursive: true });
    harness.transports.office = new FakeTransport('office', harness.clock, {});
    try {
      await harness.open();
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      rmSync(harness.stateDir, { recursive: true });
      return { told: error.code, twice: [], lost: [] };
    }
    try {
      const known = (await harness.engine.list()).length > 0;
      if (known) await harness.until('c');
      const again = harness.transport('office').accepted.map(({ to }) => to);
      const doubtful = known ? (await harness.rows('c')).filter(({ state }) => state === 'inDoubt') : [];
      const reached = new Set([...had, ...again, ...doubtful.map(({ address }) => address)]);
      return {
        told: '',
        twice: again.filter((to) => had.has(to)),
        lost: known ? everybody.filter((to) => !reached.has(to)) : [],
      };
    } finally {
      await harness.close();
    }
  }

  it(`undamaged after a kill: it continues silently, ${kills} times, seed ${seed}`, async () => {
    const random = seededRandom(seed);
    for (let n = 0; n < kills; n++) {
      const result = await goOn(at(picked(random)));
      assert.deepEqual(result, { told: '', twice: [], lost: [] });
    }
  });

  it(`damaged: it is reported, or nobody gets two, ${rounds} times, seed ${seed}`, async (t) => {
    const random = seededRandom(seed);
    const said: Record<string, string[]> = {};
    const names = Object.keys(damages) as (keyof typeof damages)[];
    for (let n = 0; n < rounds; n++) {
      const name = names[n % names.length] ?? assert.fail();
      const before = Math.floor(picked(random) * 0.7);
      const now = picked(random, before + 1);
      const damaged = join(folder, `damaged-${n}`);
      cpSync(at(now).folder, damaged, { recursive: true });
      const [db, wal, mark] = ['envoi.db', 'envoi.db-wal', 'envoi.mark'].map((file) => join(damaged, file));
      if (!db || !wal || !mark) assert.fail();
      if (!existsSync(wal)) writeFileSync(wal, '');
      damages[name]({ db, wal, mark, older: at(before).folder, random });
      const result = await goOn({ folder: damaged, had: at(now).had });
      rmSync(damaged, { recursive: true });
      said[name] = [...(said[name] ?? []), result.told || 'nothing'];
      assert.deepEqual(result.twice, [], `${name}, round ${n}, copies ${before} and ${now}`);
    }
    t.diagnostic(JSON.stringify(said));
    const told = Object.values(said).flat();
    // Some do no harm: a log that had just been copied is deleted, a main file is exchanged for an equal one.
    assert.ok(told.filter((code) => code !== 'nothing').length > rounds * 0.8, told.join(' '));
  });
});

function flip(file: string, random: () => number, from: number, to: number, count: number): void {
  const bytes = readFileSync(file);
  const end = Math.min(to, bytes.length);
  for (let n = 0; n < count && end > from; n++) {
    const where = from + Math.floor(random() * (end - from));
    bytes[where] = (bytes[where] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  writeFileSync(file, bytes);
}

function blank(file: string, random: () => number): void {
  const bytes = readFileSync(file);
  const page = Math.floor((random() * bytes.length) / 4096);
  bytes.fill(0, page * 4096, (page + 1) * 4096);
  writeFileSync(file, bytes);
}
