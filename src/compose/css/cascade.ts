import { isModern } from './atoms.ts';
import type { Declaration } from './parseSheet.ts';

/** One declaration that applies to an element, through one of its rules. */
export interface AppliedDeclaration {
  declaration: Declaration;
  /** Its origin: a rule that can be written into elements, one that stays a rule, the element itself. */
  from: 'plain' | 'kept' | 'own';
  specificity: number;
  /** Place among all declarations of all sheets. */
  order: number;
  /** Kept: its element is in the letter, not only in what a mail program might put around it. */
  real: boolean;
  /** Kept: may be given `!important`. */
  raisable: boolean;
}

/** What is done with an element's declarations. */
export interface Solution {
  /** To be written into it, the weakest first. */
  inline: { declaration: Declaration; important: boolean; aboveOwn: boolean }[];
  /** Normal ones that have to stay in the style sheet, so that a conditional rule can win over them. */
  residual: Declaration[];
}

/** Negative when `a` loses to `b` (CSS Cascade 6.1). `important` is a parameter, because a kept rule may be raised. */
function compare(
  a: AppliedDeclaration,
  b: AppliedDeclaration,
  important: (contender: AppliedDeclaration) => boolean,
): number {
  return (
    Number(important(a)) - Number(important(b)) ||
    Number(a.from === 'own') - Number(b.from === 'own') ||
    a.specificity - b.specificity ||
    a.order - b.order
  );
}

const asWritten = (contender: AppliedDeclaration) => contender.declaration.important;

/** Contenders for each longhand, the winner last. */
export type Cascade = ReadonlyMap<string, readonly AppliedDeclaration[]>;

export function cascadeOf(contenders: readonly AppliedDeclaration[]): Cascade {
  const atoms = new Map<string, AppliedDeclaration[]>();
  for (const contender of contenders.toSorted((a, b) => compare(a, b, asWritten)))
    for (const atom of contender.declaration.atoms) {
      const list = atoms.get(atom);
      if (list) list.push(contender);
      else atoms.set(atom, [contender]);
    }
  return atoms;
}

/**
 * The kept declarations that must become `!important`. A style attribute beats every rule of a sheet, so one that won
 * over a rule that is now written into the element would lose. Only those are raised for which that changes nothing
 * else: one that would then beat what it lost to is not.
 */
export function raisedOf(cascades: readonly Cascade[]): Set<Declaration> {
  const about = cascades
    .map((atoms) => ({ atoms, lists: [...atoms.values()].filter((list) => list.some(({ from }) => from === 'kept')) }))
    .filter(({ lists }) => lists.length > 0);
  const raised = new Set<Declaration>();
  const never = new Set<Declaration>();
  for (let round = 0; round < 50; round++) {
    const before = `${raised.size} ${never.size}`;
    for (const { lists } of about) for (const list of lists) raiseIn(list, raised, never);
    for (const { lists } of about) for (const list of lists) refuseIn(list, raised, never);
    if (before !== `${raised.size} ${never.size}`) continue;
    for (const { atoms, lists } of about) {
      const blocked = blockedAtoms(standsOf(atoms, raised));
      if (blocked.size > 0) for (const list of lists) refuseAbove(list, blocked, raised, never);
    }
    if (before === `${raised.size} ${never.size}`) return raised;
  }
  // No fixed point was found: then nothing that stays a rule is raised.
  return new Set();
}

/** Unraises what would now beat a normal declaration that has to stay in the sheet itself. */
function refuseAbove(
  list: readonly AppliedDeclaration[],
  blocked: ReadonlySet<string>,
  raised: Set<Declaration>,
  never: Set<Declaration>,
): void {
  const winner = list.findLastIndex((contender) => contender.from !== 'kept');
  const stays = list[winner];
  if (stays?.from !== 'plain' || !stays.declaration.atoms.some((atom) => blocked.has(atom))) return;
  const important = (contender: AppliedDeclaration) => wins(contender, raised);
  for (const contender of list.slice(0, winner)) {
    if (contender.from !== 'kept' || !contender.real || !raised.has(contender.declaration)) continue;
    if (compare(contender, stays, important) < 0) continue;
    raised.delete(contender.declaration);
    never.add(contender.declaration);
  }
}

/** Raises what wins over the best normal declaration, or over what is raised already. */
function raiseIn(list: readonly AppliedDeclaration[], raised: Set<Declaration>, never: ReadonlySet<Declaration>): void {
  let above = false;
  for (const { from, declaration, raisable } of list) {
    if (from !== 'kept') above = true;
    else {
      if (above && raisable && !declaration.important && !never.has(declaration)) raised.add(declaration);
      if (raised.has(declaration)) above = true;
    }
  }
}

/** Unraises what would now beat something that it lost to. */
function refuseIn(list: readonly AppliedDeclaration[], raised: Set<Declaration>, never: Set<Declaration>): void {
  const important = (contender: AppliedDeclaration) => wins(contender, raised);
  const take = (declaration: Declaration) => {
    raised.delete(declaration);
    never.add(declaration);
  };
  const winner = list.findLastIndex((contender) => contender.from !== 'kept');
  const over = winner >= 0 && list.slice(winner + 1).some((contender) => contender.real);
  for (const [index, contender] of list.entries()) {
    if (contender.from !== 'kept' || !contender.real || !raised.has(contender.declaration)) continue;
    // Below the winner it is beaten only by `!important` in the element, which rules above it could not beat then.
    const beyondReach = index < winner && (over || list[winner]?.from === 'own');
    const beatsBetter = list
      .slice(index + 1)
      .some((other) => other.from === 'kept' && other.real && compare(contender, other, important) > 0);
    if (beyondReach || beatsBetter) take(contender.declaration);
  }
}

/** Beats what is written into an element without `!important`. */
function wins({ declaration, from }: AppliedDeclaration, raised: ReadonlySet<Declaration>): boolean {
  return declaration.important || (from === 'kept' && raised.has(declaration));
}

/** How a declaration can be written: what it must beat, and what must beat it. */
interface Stand {
  under: boolean;
  over: boolean;
  /** Something above it could not beat it once it is in the element. */
  lost: boolean;
}

function standsOf(atoms: Cascade, raised: ReadonlySet<Declaration>): Map<AppliedDeclaration, Stand> {
  const stands = new Map<AppliedDeclaration, Stand>();
  for (const list of atoms.values()) {
    const at = list.findLastIndex((contender) => contender.from !== 'kept');
    const winner = list[at];
    if (!winner || winner.from === 'own') continue;
    let stand = stands.get(winner);
    if (!stand) {
      stand = { under: false, over: false, lost: false };
      stands.set(winner, stand);
    }
    if (list.length === 1) continue;
    const over = list.slice(at + 1).filter((contender) => contender.real);
    stand.under ||= list
      .slice(0, at)
      .some((contender) => contender.from !== 'own' && contender.real && wins(contender, raised));
    stand.over ||= over.length > 0;
    stand.lost ||= over.some((contender) => !wins(contender, raised));
  }
  return stands;
}

/** Decides, longhand by longhand, what can be written into the element. */
export function solve(atoms: Cascade, raised: ReadonlySet<Declaration>): Solution {
  const stands = standsOf(atoms, raised);
  const blocked = blockedAtoms(stands);
  const solution: Solution = { inline: [], residual: [] };
  const written = new Map<AppliedDeclaration, boolean>();
  for (const [winner, { under, over }] of stands) {
    const { declaration } = winner;
    if (declaration.atoms.some((atom) => blocked.has(atom))) {
      solution.residual.push(declaration);
      continue;
    }
    const important = under || (declaration.important && !over);
    written.set(winner, important);
    if (isModern(declaration.property, declaration.value)) addFallbacks(winner, important, atoms, written);
  }
  for (const [{ declaration }, important] of [...written].sort(([a], [b]) => compare(a, b, asWritten)))
    solution.inline.push({ declaration, important, aboveOwn: declaration.important && !important });
  return solution;
}

/** A shorthand that cannot be written whole is not written, nor is one that would override what is left out. */
function blockedAtoms(stands: ReadonlyMap<AppliedDeclaration, Stand>): Set<string> {
  const blocked = new Set<string>();
  for (const [{ declaration }, { under, over, lost }] of stands)
    if (lost || (under && over)) for (const atom of declaration.atoms) blocked.add(atom);
  for (let size = 0; size !== blocked.size; ) {
    size = blocked.size;
    for (const { declaration } of stands.keys())
      if (declaration.atoms.some((atom) => blocked.has(atom))) for (const atom of declaration.atoms) blocked.add(atom);
  }
  return blocked;
}

/** What applies where the winner's value is not supported: the normal declarations below it, down to one that all support. */
function addFallbacks(
  winner: AppliedDeclaration,
  important: boolean,
  atoms: Cascade,
  written: Map<AppliedDeclaration, boolean>,
): void {
  const seen = new Set<AppliedDeclaration>();
  for (const atom of winner.declaration.atoms) {
    const list = atoms.get(atom) ?? [];
    for (let at = list.indexOf(winner) - 1; at >= 0; at--) {
      const below = list[at] as AppliedDeclaration;
      if (below.from !== 'plain' || seen.has(below)) continue;
      seen.add(below);
      // Only what the winner overrides entirely: nothing of it may show where the winner is supported.
      if (below.declaration.atoms.every((other) => winner.declaration.atoms.includes(other)) && !written.has(below))
        written.set(below, important);
      if (!isModern(below.declaration.property, below.declaration.value)) break;
    }
  }
}
