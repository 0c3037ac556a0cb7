import { isDoubtful } from '../policy/markDoubt.ts';

interface Place {
  answered: number;
  marked: string[];
  doubted: boolean;
}

/** Which readers of a campaign were marked as gone, by domain and by who runs their mail; and where that is not believed. */
export class Marks {
  readonly #places = new Map<string, Place>();

  /** A reader was answered for good. Returns whether a mark there is believed, and which earlier ones are not any more. */
  answered(keys: readonly string[], address: string, marks: boolean): { believed: boolean; takenBack: string[] } {
    const takenBack: string[] = [];
    let believed = true;
    for (const key of keys) {
      const place = this.#places.get(key) ?? { answered: 0, marked: [], doubted: false };
      this.#places.set(key, place);
      place.answered++;
      if (marks) place.marked.push(address);
      if (!place.doubted && isDoubtful({ answered: place.answered, marked: place.marked.length })) {
        place.doubted = true;
        takenBack.push(...place.marked);
      }
      if (place.doubted) believed = false;
    }
    return { believed, takenBack: takenBack.filter((other) => other !== address) };
  }

  /** Whether a mark is not believed at one of these places. */
  doubts(keys: readonly string[]): boolean {
    return keys.some((key) => this.#places.get(key)?.doubted);
  }
}
