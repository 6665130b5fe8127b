/** One initiative under negotiation: who sits at the table, and how it ended. */

import type { Initiative, Play, Run, Seat } from "../../engine/contract.js";

export interface Talks {
  readonly arena: number;
  readonly theme: number;
  readonly opened: number;
}

/** Seats of one initiative. */
export function seatsAt(seats: readonly Seat[], arena: number, theme: number): Seat[] {
  return seats.filter((seat) => seat.arena === arena && seat.theme === theme);
}

/** Talks of the whole region that `town` may join and has not joined, the latest opened first; null if there are none. */
export function openTalks(play: Play, size: number, town: number): Talks | null {
  const found = play.run.initiatives.filter((one) => one.state === "negotiating" && one.eligible === size)
    .filter((one) => seatsAt(play.seats, one.arena, one.theme).some(
      (seat) => seat.municipality === town && seat.phase === "negotiating" && !seat.committed))
    .sort((a, b) => b.opened - a.opened || a.theme - b.theme);
  const first = found[0];
  return first === undefined ? null : { arena: first.arena, theme: first.theme, opened: first.opened };
}

/** The initiative of these talks in a run. */
export function initiativeOf(run: Run, talks: Talks): Initiative | null {
  return run.initiatives.find((one) => one.arena === talks.arena && one.theme === talks.theme && one.opened === talks.opened) ?? null;
}

export type Ending = "agreed" | "deadlocked" | "other";

export interface Ended {
  readonly ending: Ending;
  /** Quarters from opening to the end of the talks. */
  readonly quarters: number;
  readonly members: readonly number[];
  readonly with: boolean;
}

/** How the talks ended, or null as long as they go on. */
export function endOf(run: Run, talks: Talks, town: number): Ended | null {
  const found = initiativeOf(run, talks);
  if (found === null || found.state === "negotiating") return null;
  const agreed = found.agreed !== null;
  const end = found.agreed ?? found.ended ?? run.quarters;
  return {
    ending: agreed ? "agreed" : found.state === "deadlocked" ? "deadlocked" : "other",
    quarters: end - found.opened,
    members: agreed ? found.members : [],
    with: agreed && found.members.includes(town),
  };
}
