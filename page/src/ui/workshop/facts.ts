/** What the model says of each municipality at policy start, and of its first vote on a design. */

import type { Run } from "../../engine/contract.js";

export interface Spread {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export function spread(values: readonly number[]): Spread {
  return { mean: values.reduce((all, one) => all + one, 0) / values.length, low: Math.min(...values), high: Math.max(...values) };
}

/** A column of a municipality at the end of the quarter before policy start, over runs. */
export function atStart(runs: readonly Run[], column: string, size: number, start: number, at: number): Spread {
  return spread(runs.map((run) => run.municipalities[column]?.[(start - 1) * size + at] ?? NaN));
}

/** Mean trust of a municipality in each other before policy start; of itself NaN. */
export function trustOf(runs: readonly Run[], size: number, start: number, at: number): number[] {
  return Array.from({ length: size }, (_, other) => (other === at ? NaN
    : runs.reduce((all, run) => all + (run.trust[(start * size + at) * size + other] ?? NaN), 0) / runs.length));
}

export interface FirstVote {
  readonly chance: Spread;
  /** Number of the term that weighs most for, and most against; null where there is none. The constant is left out. */
  readonly most: number | null;
  readonly least: number | null;
}

/** A municipality's first vote on founding, over runs; null where it has no vote. */
export function firstVote(runs: readonly Run[], at: number, constant: number): FirstVote | null {
  const votes = runs.flatMap((run) => run.votes.find((vote) => vote.municipality === at && vote.question === "founding") ?? []);
  const one = votes[0];
  if (one === undefined) return null;
  const means = Array.from(one.terms, (_, term) => (term === constant ? NaN
    : votes.reduce((all, vote) => all + (vote.terms[term] ?? NaN), 0) / votes.length));
  const found = means.flatMap((value, term) => (Number.isFinite(value) ? [{ value, term }] : [])).sort((a, b) => b.value - a.value);
  const top = found[0], bottom = found[found.length - 1];
  return { chance: spread(votes.map((vote) => vote.chance)),
    most: top !== undefined && top.value > 0 ? top.term : null, least: bottom !== undefined && bottom.value < 0 ? bottom.term : null };
}

/** In how many futures an outcome is less than in future `at`, the same (that future included), and more. */
export function placeOf(values: ArrayLike<number>, at: number): { readonly less: number; readonly same: number; readonly more: number } {
  const here = values[at] ?? NaN, all = Array.from(values);
  return { less: all.filter((value) => value < here).length, same: all.filter((value) => value === here).length, more: all.filter((value) => value > here).length };
}
