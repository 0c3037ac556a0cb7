interface Build {
  protocol: number;
  /** "1.2.3", with anything after it. */
  version: string;
}

/** What the running engine is to a client: of the same version, older (and then replaced), or newer (and then left alone). */
export type Skew = 'same' | 'olderVersion' | 'olderProtocol' | 'newer';

/** Only a client of a later build replaces an engine, so that two windows of different builds never replace it alternately. */
export function skewOf(engine: Build, client: Build): Skew {
  if (engine.protocol > client.protocol) return 'newer';
  if (engine.protocol < client.protocol) return 'olderProtocol';
  return compareVersions(engine.version, client.version) < 0 ? 'olderVersion' : 'same';
}

/** Negative when `a` came before `b`. Anything that is not a version counts as newest. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  if (!left || !right) return 0;
  for (const [index, number] of left.entries()) {
    const difference = number - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] | null {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match ? match.slice(1).map(Number) : null;
}
