/** Bounces and their like, written after the documented forms of the programs named; every address is an example. */
export interface Fixture {
  name: string;
  raw: string;
  kind: 'bounce' | 'complaint' | 'notice' | 'autoReply' | 'leave' | 'reply';
  recipient?: string;
  code?: number;
  enhanced?: string;
  /** hard: suppresses; soft: does not. */
  class?: 'hard' | 'soft';
}

export const MARK = 'abcdefghijklmnopqrstuvwxyz234567';
export const DEAD = 'dead@reader.example';

export const dead = { recipient: DEAD, class: 'hard' } as const;
export const soft = { recipient: DEAD, class: 'soft' } as const;
