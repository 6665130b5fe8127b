/** Two worlds with the same luck: what happened in the whole region up to a quarter, added up over futures. */

import type { Run } from "../../engine/contract.js";

/** The arena of the whole region is the first. */
export const REGION = 0;

export interface Tally {
  /** Whether each future's design had been founded by then, and holds. */
  readonly founded: readonly boolean[];
  readonly foundedCount: number;
  /** Of all futures together, in the region since policy start. */
  readonly agreements: number;
  readonly deadlocks: number;
  readonly completed: number;
  /** Mean realised share of the direct value at the scale of the region. */
  readonly value: number;
}

/** Whether the design was founded before `passed` quarters had passed. */
export function isFounded(run: Run, passed: number): boolean {
  return run.events.some((event) => event.kind === "founded" && event.quarter < passed);
}

function count(run: Run, passed: number, start: number, kinds: readonly string[]): number {
  return run.events.filter((event) => event.arena === REGION && event.quarter >= start && event.quarter < passed
    && kinds.includes(event.kind)).length;
}

/** After `passed` quarters; `start` is the quarter of policy start. */
export function tally(runs: readonly Run[], passed: number, start: number): Tally {
  const founded = runs.map((run) => isFounded(run, passed));
  const sum = (kinds: readonly string[]): number => runs.reduce((all, run) => all + count(run, passed, start, kinds), 0);
  const values = runs.map((run) => run.series["public_value_regional"]?.[passed - 1] ?? NaN);
  return {
    founded,
    foundedCount: founded.filter(Boolean).length,
    agreements: sum(["agreed", "imposed"]),
    deadlocks: sum(["deadlocked"]),
    completed: sum(["completed"]),
    value: values.reduce((all, value) => all + value, 0) / values.length,
  };
}

export type Guess = "exact" | "close" | "low" | "high";

/** How a prediction compares with what came out; close: no further than `near`. */
export function judge(guess: number, outcome: number, near: number): Guess {
  if (Math.abs(guess - outcome) < 1e-9) return "exact";
  if (Math.abs(guess - outcome) <= near) return "close";
  return guess < outcome ? "low" : "high";
}

/** Whether the undercurrent made an outcome smaller, larger or neither, as the numbers are shown. */
export function direction(without: number, strong: number, digits: number): -1 | 0 | 1 {
  const shown = (value: number): number => Math.round(value * 10 ** digits);
  return Math.sign(shown(strong) - shown(without)) as -1 | 0 | 1;
}
