/** The promise of the story: one of the visitor's own town, or the one with which the choice shows most. */

import type { App } from "../app/app.js";
import { wholeOf } from "../app/link.js";
import { smaller } from "../engine/conventions.js";
import type { Play } from "../engine/contract.js";
import { duePromise, verdictOf, type DuePromise, type Judged } from "./facts/promise.js";
import { towards } from "./facts/trust.js";
import { lookFor, newStory, playTo, regionOf, type PromiseState } from "./story.js";

/** Quarters from policy start on in which a promise is looked for. */
const QUARTERS = 16;
/** Municipalities that must take no part in the promise, so that there is somebody to hear of it; fewer in a small region. */
const away = (size: number): number => Math.max(1, Math.min(3, size - 3));
/** Longest that a milestone can take to fall due, in quarters. */
const LONGEST = 10;
/** Of so many towns the promise is played both ways, in so many futures at most: about a second in a usual region. */
const TOWNS = 12, FUTURES = 4, FEWEST = 2;
const townsOf = (size: number): number => Math.max(FEWEST, Math.round(TOWNS * smaller(size)));

/** A promise that falls due in a quarter of a future. */
interface Due {
  readonly replicate: number;
  readonly quarter: number;
  readonly promise: DuePromise;
}

type Both = Pick<PromiseState, "judged" | "keep" | "broke">;

/** Play on until the milestone at which the promise is judged; null if none comes. */
async function toMilestone(play: Play, promise: DuePromise, quarter: number): Promise<Judged | null> {
  for (let passed = 1; passed < LONGEST && !play.finished; passed += 1) {
    const found = verdictOf(play.run, promise, quarter);
    if (found !== null) return found;
    await play.step();
  }
  return verdictOf(play.run, promise, quarter);
}

/** The same promise in two runs with the same luck, both played on until both were judged; null where it is not both kept and broken. */
async function bothWays(app: App, { replicate, quarter, promise }: Due, changes: boolean): Promise<Both | null> {
  const { arena, theme } = promise.seat, municipality = promise.town;
  const [keep, broke] = await Promise.all([playTo(app, replicate, quarter, changes), playTo(app, replicate, quarter, changes)]);
  await keep.step([{ municipality, arena, theme, decision: "keep" }]);
  await broke.step([{ municipality, arena, theme, decision: "break" }]);
  const kept = await toMilestone(keep, promise, quarter), broken = await toMilestone(broke, promise, quarter);
  if (kept?.verdict !== "delivered" || broken?.verdict !== "broken") {
    end({ keep, broke });
    return null;
  }
  const last = Math.max(keep.quarter, broke.quarter);
  for (const play of [keep, broke]) await play.step([], last - play.quarter);
  return { judged: { keep: kept.quarter, break: broken.quarter }, keep, broke };
}

function end(both: Pick<Both, "keep" | "broke">): void {
  both.keep.end();
  both.broke.end();
}

/** How much more the partners trust the town where it kept the promise than where it broke it, once both have been seen. */
async function gapOf(app: App, due: Due, size: number): Promise<number> {
  const both = await bothWays(app, due, false);
  if (both === null) return -Infinity;
  const trust = (play: Play): number => towards(play.run.trust, size, play.quarter, due.promise.town, due.promise.partners);
  const gap = trust(both.keep) - trust(both.broke);
  end(both);
  return gap;
}

/** The first promise of each town that falls due in a future, into `found` where there is none of that town yet. */
async function collect(app: App, replicate: number, size: number, found: Map<number, Due>): Promise<void> {
  const play = await playTo(app, replicate, app.engine.catalogue.policyStart, false);
  for (let quarter = 0; quarter <= QUARTERS && !play.finished; quarter += 1) {
    for (let town = 0; town < size; town += 1) {
      const promise = found.has(town) ? null : duePromise(play, size, town, away(size));
      if (promise !== null) found.set(town, { replicate, quarter: play.quarter, promise });
    }
    await play.step();
  }
  play.end();
}

/** The town with which keeping or breaking a promise shows most; null if no town has one that it can both keep and break. */
async function mostVisible(app: App, size: number): Promise<{ due: Due; towns: number } | null> {
  const found = new Map<number, Due>(), most = townsOf(size);
  for (let replicate = 0; replicate < FUTURES && found.size < Math.min(size, most); replicate += 1) await collect(app, replicate, size, found);
  const all = [...found.values()].sort((a, b) => b.promise.partners.length - a.promise.partners.length).slice(0, TOWNS);
  for (let from = 0; from < all.length; from += most) {
    const tried = all.slice(from, from + most), gaps = await Promise.all(tried.map((due) => gapOf(app, due, size)));
    const best = gaps.indexOf(Math.max(...gaps)), due = tried[best];
    if (due !== undefined && gaps[best] !== -Infinity) return { due, towns: gaps.filter(Number.isFinite).length };
  }
  return null;
}

async function stateOf(app: App, due: Due, looked: PromiseState["looked"]): Promise<PromiseState | null> {
  const both = await bothWays(app, due, true);
  if (both === null) return null;
  return { town: due.promise.town, replicate: due.replicate, quarter: due.quarter, promise: due.promise, ...both, looked, choice: null, both: false };
}

/** The first promise that the town can keep and can break. */
async function ofTown(app: App, town: number, size: number): Promise<PromiseState | null> {
  for (let from = 0; ;) {
    const found = await lookFor(app, QUARTERS, (play) => duePromise(play, size, town, away(size)), from);
    if (found === null) return null;
    const { play, found: promise, replicate, tried } = found, quarter = play.quarter;
    play.end();
    const state = await stateOf(app, { replicate, quarter, promise }, { tried });
    if (state !== null) return state;
    from = replicate + 1;
  }
}

/** A promise of this town, or without one of the town with which the choice shows most. */
export async function findPromise(app: App, town: number | null): Promise<PromiseState | null> {
  const size = regionOf(app).municipalities.length;
  if (town !== null) return ofTown(app, town, size);
  const most = await mostVisible(app, size);
  return most === null ? null : stateOf(app, most.due, { towns: most.towns });
}

/** The promise of the story: that of the last scene, or a new one if the visitor stands for another town now. */
export async function promiseOf(app: App): Promise<PromiseState | null> {
  const story = app.keep("story", newStory), town = wholeOf(app.get("town"), 0, regionOf(app).municipalities.length - 1);
  const fits = town === null ? story.promise !== null && "towns" in story.promise.looked : story.promise?.town === town;
  if (!fits) {
    if (story.promise !== null) end(story.promise);
    story.promise = null;
    story.promise = await findPromise(app, town);
  }
  return story.promise;
}

