import { editDistance } from '../../shared/editDistance.ts';

/** The name clearly more similar to the letter's than the chosen one; undefined when there is none. */
export function nearestName(letter: string, chosen: string, names: readonly string[]): string | undefined {
  const stem = (name: string) => name.replace(/\.[^.]*$/, '').toLowerCase();
  const likeness = (name: string) => {
    const [a, b] = [stem(letter), stem(name)];
    const parts = new Set(a.split(/[^\p{L}\p{N}]+/u).filter((part) => part.length > 2));
    const shared = b.split(/[^\p{L}\p{N}]+/u).filter((part) => parts.has(part)).length;
    return shared + 1 - editDistance(a, b) / Math.max(a.length, b.length, 1);
  };
  const best = names
    .filter((name) => name !== chosen)
    .map((name) => ({ name, like: likeness(name) }))
    .sort((a, b) => b.like - a.like)[0];
  return best && best.like > likeness(chosen) + 0.5 ? best.name : undefined;
}
