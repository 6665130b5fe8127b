/** How many futures an answer has: as many as this browser runs in the time that a visitor waits. */

import { smaller } from "../engine/conventions.js";

/** Futures of a first answer and of the last, where the region is not large. */
export const FIRST = 200, LAST = 1000;
/** Fewest futures of an answer; all are multiples of it, so that each is whole parameter sets. */
const FEWEST = 20;
/** Milliseconds that a first answer may take, that one in between may, and all together. */
const SOON = 900, NEXT = 4000, WHOLE = 60_000;

function rounded(futures: number, most: number): number {
  return Math.min(most, Math.max(FEWEST, FEWEST * Math.floor(futures / FEWEST)));
}

export class Pace {
  /** Size of a region → milliseconds a future, as it took last. */
  private readonly each = new Map<number, number>();

  /** Note how long it took to run so many futures more; what was known before took nothing, and says nothing. */
  took(size: number, futures: number, milliseconds: number): void {
    if (futures > 0 && milliseconds > 20) this.each.set(size, milliseconds / futures);
  }

  /** Futures of the answers that are to come once `done` have been shown. */
  steps(size: number, done = 0): number[] {
    const each = this.each.get(size);
    if (each === undefined) return [rounded(FIRST * smaller(size), FIRST), LAST].filter((step) => step > done);
    const last = rounded(WHOLE / each, LAST);
    if (done === 0) return [rounded(SOON / each, FIRST), last];
    if (done >= last) return [];
    const next = done < FIRST ? rounded(done + NEXT / each, last) : last;
    return next < last ? [next, last] : [last];
  }
}
