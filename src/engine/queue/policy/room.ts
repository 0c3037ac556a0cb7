/** How many may wait where nothing has been delivered yet, and where delivery works. */
const UNPROVEN = 4;
const MOST = 200;
const LOW = 50;

/** How many deliveries may wait for one destination: more where it works, so that dead ones do not fill memory. */
export const startRoom = (proven: boolean): number => (proven ? MOST : UNPROVEN);

export const grown = (room: number): number => Math.min(MOST, room + 4);

export const shrunk = (room: number): number => Math.max(UNPROVEN, room >> 1);

/** Whether so few are waiting that more should be read. */
export const isLow = (room: number, waiting: number): boolean => waiting <= Math.min(LOW, room >> 1);
