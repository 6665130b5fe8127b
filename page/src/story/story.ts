/** What the visitor chose and saw, kept while the page is open; and what the scenes ask of the engine. */

import type { App } from "../app/app.js";
import { wholeOf } from "../app/link.js";
import { NOW } from "../engine/conventions.js";
import type { Play, Region, Run, RunRequest, Undercurrent, World } from "../engine/contract.js";
import type { DuePromise } from "./facts/promise.js";
import type { Ended, Talks } from "./facts/talks.js";

/** The design of the two worlds, beside today's. */
export const BUREAU = "regiobureau";
/** Replicates that are looked through for an example. */
const LOOK = 40;

export interface TalksState {
  readonly town: number;
  readonly replicate: number;
  readonly tried: number;
  readonly start: number;
  readonly talks: Talks;
  play: Play;
  /** Quarters that the visitor has decided on, and the first in which the town was in. */
  decided: number;
  joined: number | null;
  refused: boolean;
  ended: Ended | null;
}

export interface Try {
  /** What the town was made to do all the time where the model played on by itself, to show what the other choice would have come to. */
  readonly other: "join" | "wait" | null;
  readonly joined: number | null;
  readonly ended: Ended;
}

export interface PromiseState {
  readonly town: number;
  readonly replicate: number;
  /** How it was found: the first in so many futures, or that with which the choice shows most of so many towns. */
  readonly looked: { readonly tried: number } | { readonly towns: number };
  /** Quarter in which the town decided, and that of the milestone at which the others saw what it had done. */
  readonly quarter: number;
  readonly judged: { readonly keep: number; readonly break: number };
  readonly promise: DuePromise;
  /** The same run twice, with the same luck: in one the town means to keep its promise, in the other not. */
  readonly keep: Play;
  readonly broke: Play;
  choice: "keep" | "break" | null;
  both: boolean;
}

export interface Guesses {
  founded: number;
  agreements: number;
  deadlocks: number;
}

export interface WorldsState {
  without: Run[] | null;
  strong: Run[] | null;
  guess: Guesses | null;
  passed: number;
  speed: number;
  future: number;
}

export interface Story {
  scene: number;
  talks: TalksState | null;
  tries: Try[];
  promise: PromiseState | null;
  readonly worlds: WorldsState;
}

export function newStory(): Story {
  return {
    scene: 1, talks: null, tries: [], promise: null,
    worlds: { without: null, strong: null, guess: null, passed: 0, speed: 1, future: 0 },
  };
}

export function regionOf(app: App): Region {
  const region = app.engine.catalogue.regions[0];
  if (region === undefined) throw new Error("a page has at least one region");
  return region;
}

/** The municipality that the visitor stands for: that of the link, or the smallest. */
export function townOf(app: App): number {
  const all = regionOf(app).municipalities;
  const smallest = all.reduce((best, one, at) => (one.population < (all[best]?.population ?? 0) ? at : best), 0);
  return wholeOf(app.get("town"), 0, all.length - 1) ?? smallest;
}

export function nameOf(app: App, municipality: number): string {
  return regionOf(app).municipalities[municipality]?.name ?? "";
}

export function namesOf(app: App, municipalities: readonly number[]): string {
  return app.f.list(municipalities.map((one) => nameOf(app, one)));
}

export function knobsOf(app: App, level: string): Undercurrent {
  const found = app.engine.catalogue.undercurrents.find((one) => one.name === level);
  if (found === undefined) throw new Error(`a page has an undercurrent '${level}'`);
  return found.knobs;
}

export function worldOf(app: App, level: string): World {
  const scenario = app.engine.catalogue.scenarios[0];
  if (scenario === undefined) throw new Error("a page has at least one scenario");
  return { region: regionOf(app).name, scenario: scenario.name, undercurrent: knobsOf(app, level) };
}

export function runOf(app: App, level: string, design: string, replicate: number): RunRequest {
  return { ...worldOf(app, level), design, founding: design === NOW ? "at_once" : "vote", replicate };
}

/** The name of an arena or theme of a run. */
export function labelOf(app: App, run: Run, arena: number, theme: number): { arena: string; theme: string } {
  const place = run.arenas[arena], what = regionOf(app).themes[theme];
  return { arena: place ? app.say(place.label) : "", theme: what ? app.say(what.label) : "" };
}

/** A run of today's way of working, from this replicate on, played until `find` finds something at policy start or up to `quarters` later. */
export async function lookFor<T>(
  app: App, quarters: number, find: (play: Play) => T | null, from = 0,
): Promise<{ play: Play; found: T; replicate: number; tried: number } | null> {
  const start = app.engine.catalogue.policyStart;
  for (let replicate = from; replicate < LOOK; replicate += 1) {
    const play = await app.engine.begin(runOf(app, "report", NOW, replicate), { changes: false });
    await play.step([], start);
    for (let quarter = 0; quarter <= quarters && !play.finished; quarter += 1) {
      const found = find(play);
      if (found !== null) return { play, found, replicate, tried: replicate + 1 };
      await play.step();
    }
    play.end();
  }
  return null;
}

/** The run of a replicate up to a quarter; with `changes` it tells these from then on. */
export async function playTo(app: App, replicate: number, quarter: number, changes: boolean): Promise<Play> {
  const play = await app.engine.begin(runOf(app, "report", NOW, replicate), { changes: changes ? quarter : false });
  await play.step([], quarter);
  return play;
}
