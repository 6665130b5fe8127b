/** What a promise kept or broken did, to those who were there and to those who were not. */

import type { Play, Run, Seat } from "../../engine/contract.js";
import { seatsAt } from "./talks.js";
import { rowOf, towards } from "./trust.js";

export interface DuePromise {
  readonly seat: Seat;
  readonly town: number;
  /** The other members, who see what becomes of it, and everyone else. */
  readonly partners: readonly number[];
  readonly absent: readonly number[];
}

/** A promise of `town` on which it decides in the next quarter, until the next milestone, with at least `away` municipalities that take no part. */
export function duePromise(play: Play, size: number, town: number, away: number): DuePromise | null {
  const due = play.seats.filter((seat) => seat.municipality === town && seat.phase === "executing" && seat.due && seat.committed);
  for (const seat of due) {
    const members = seatsAt(play.seats, seat.arena, seat.theme).filter((one) => one.committed).map((one) => one.municipality);
    const partners = members.filter((one) => one !== town);
    const absent = Array.from({ length: size }, (_, at) => at).filter((at) => !members.includes(at));
    if (partners.length >= 2 && absent.length >= away) return { seat, town, partners, absent };
  }
  return null;
}

export type Verdict = "delivered" | "announced_late" | "broken";

export interface Judged {
  readonly quarter: number;
  readonly verdict: Verdict;
}

/** What became of the promise at the first milestone from `quarter` on; null if there has been none yet. */
export function verdictOf(run: Run, promise: DuePromise, quarter: number): Judged | null {
  const found = run.events.find((event) => event.quarter >= quarter && event.municipality === promise.town
    && event.arena === promise.seat.arena && event.theme === promise.seat.theme
    && ["delivered", "announced_late", "broken"].includes(event.kind));
  return found === undefined ? null : { quarter: found.quarter, verdict: found.kind as Verdict };
}

export interface Effect {
  /** Mean trust of the partners in the town before the quarter and after it. */
  readonly before: number;
  readonly after: number;
  /** Trust of each partner before and after. */
  readonly each: readonly { readonly partner: number; readonly before: number; readonly after: number }[];
  readonly rose: number;
  readonly fell: number;
}

/** Trust of the partners in the town before and after a quarter. */
export function effectOf(run: Run, size: number, promise: DuePromise, quarter: number): Effect {
  const at = (passed: number, source: number): number => rowOf(run.trust, size, passed, source)[promise.town] ?? NaN;
  const each = promise.partners.map((partner) => ({ partner, before: at(quarter, partner), after: at(quarter + 1, partner) }));
  return {
    before: towards(run.trust, size, quarter, promise.town, promise.partners),
    after: towards(run.trust, size, quarter + 1, promise.town, promise.partners),
    each,
    rose: each.filter((one) => one.after > one.before).length,
    fell: each.filter((one) => one.after < one.before).length,
  };
}

/** Changes of trust in the town in that quarter which the run puts down to this cause, partner by partner. */
export function putDownTo(run: Run, promise: DuePromise, quarter: number, cause: string): number {
  return run.changes.filter((one) => one.quarter === quarter && one.quantity === "trust" && one.cause === cause
    && one.target === promise.town && promise.partners.includes(one.source)).length;
}

/** Grievance that counts as heard: half a point of a hundred more than in the other world, as a tenth is shown. */
export const HEARD = 0.005;

function isHeard(more: number): boolean {
  return Math.round(1000 * more) / 1000 >= HEARD;
}

export interface Spread {
  /** Grievance against the town where it broke its promise less where it kept it, for each municipality. */
  readonly more: readonly number[];
  readonly partners: number;
  readonly absent: number;
  /** Those that were not there and hold at least `HEARD` more against it. */
  readonly heard: readonly number[];
}

/** The same quarter in two runs with the same luck, in one of which the town broke its promise. */
export function spreadOf(kept: Run, broken: Run, size: number, promise: DuePromise, passed: number): Spread {
  const against = (run: Run, source: number): number => rowOf(run.grievance, size, passed, source)[promise.town] ?? NaN;
  const more = Array.from({ length: size }, (_, at) => (at === promise.town ? NaN : against(broken, at) - against(kept, at)));
  const mean = (sources: readonly number[]): number =>
    sources.reduce((sum, source) => sum + (more[source] ?? 0), 0) / sources.length;
  return {
    more, partners: mean(promise.partners), absent: mean(promise.absent),
    heard: promise.absent.filter((source) => isHeard(more[source] ?? 0)),
  };
}
