export const EXIT = { sent: 0, someFailed: 1, refused: 2, interrupted: 3 } as const;
