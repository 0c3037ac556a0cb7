import { isDoubtful } from '../policy/markDoubt.ts';

interface DomainMarks {
  answered: number;
  marked: { row: number; address: string }[];
  /** `asked`: another transport is being asked about one of them; `confirmed`: it gave the same answer. */
  standing: 'believed' | 'doubted' | 'asked' | 'confirmed';
}

/** Which readers of a campaign were marked as gone, by domain and by provider; and where that is not believed. */
export class Marks {
  readonly #places = new Map<string, DomainMarks>();

  /** A reader has a final result. Returns whether a mark there is believed, and which earlier ones no longer are. */
  answered(
    keys: readonly string[],
    { id, address }: { id: number; address: string },
    marks: boolean,
  ): { believed: boolean; takenBack: string[] } {
    const takenBack: string[] = [];
    let believed = true;
    for (const key of keys) {
      const place = this.#places.get(key) ?? { answered: 0, marked: [], standing: 'believed' as const };
      this.#places.set(key, place);
      place.answered++;
      if (marks) place.marked.push({ row: id, address });
      if (place.standing === 'believed' && isDoubtful({ answered: place.answered, marked: place.marked.length })) {
        place.standing = 'doubted';
        takenBack.push(...place.marked.map((each) => each.address));
      }
      if (place.standing === 'doubted' || place.standing === 'asked') believed = false;
    }
    return { believed, takenBack: takenBack.filter((other) => other !== address) };
  }

  /** Whether a mark is not believed at one of these places. */
  doubts(keys: readonly string[]): boolean {
    return this.suspects(keys) !== null;
  }

  /** Those marked at these places where it is not believed any more; null where it is. */
  suspects(keys: readonly string[]): readonly number[] | null {
    const doubted = keys.flatMap((key) => this.#places.get(key) ?? []).filter(isOpen);
    return doubted.length > 0 ? doubted.flatMap(({ marked }) => marked.map(({ row }) => row)) : null;
  }

  /** Whether another transport is being asked about one of them. */
  isAsked(keys: readonly string[]): boolean {
    return keys.some((key) => this.#places.get(key)?.standing === 'asked');
  }

  /** One of them is asked about, or has been: `confirmed` by another transport, or still doubted. */
  set(keys: readonly string[], standing: 'asked' | 'doubted' | 'confirmed'): void {
    for (const key of keys) {
      const place = this.#places.get(key);
      if (place && isOpen(place)) place.standing = standing;
    }
  }
}

function isOpen({ standing }: DomainMarks): boolean {
  return standing === 'doubted' || standing === 'asked';
}
