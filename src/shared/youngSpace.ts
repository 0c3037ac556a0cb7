import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** What reading a list needs: collecting costs no more than with the 128 MB that V8 takes on a machine with much memory. */
const ENOUGH = 15 * 2 ** 20;
const LOOK_MS = 50;
/** The last version of Node for which it is known that the flag can be set while the program runs. */
const LAST_KNOWN = 24;

/** Keeps the heap's space for new objects from growing beyond some 16 MB, for a program that cannot be started with a flag. */
export function keepYoungSpaceSmall(): void {
  if (Number.parseInt(process.versions.node, 10) > LAST_KNOWN) return;
  const look = setInterval(() => {
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    if ((young?.space_size ?? 0) < ENOUGH) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(look);
  }, LOOK_MS);
  look.unref();
}
