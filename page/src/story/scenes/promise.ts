/** Scene 3: keep a promise or break it, and see what the partners make of it. */

import type { App } from "../../app/app.js";
import { h, tell } from "../../app/dom.js";
import type { Play } from "../../engine/contract.js";
import { drawMap, type Place } from "../../map/map.js";
import { costCaption, promiseCaption } from "../captions.js";
import { duePromise, effectOf, verdictOf, type DuePromise, type Effect, type Judged } from "../facts/promise.js";
import { button, caption, lookedFor, nameOf, townChoice, type Scene, type Stop } from "../parts.js";
import { labelOf, lookFor, newStory, playTo, regionOf, townOf, type PromiseState } from "../story.js";

const QUARTERS = 16;
/** Municipalities that must take no part in the promise, so that there is somebody to hear of it. */
const AWAY = 3;

/** Longest that a milestone can take to fall due, in quarters. */
const LONGEST = 10;

/** Play on until the milestone at which the promise is judged; null if none comes. */
async function toMilestone(play: Play, promise: DuePromise, quarter: number): Promise<Judged | null> {
  for (let passed = 1; passed < LONGEST && !play.finished; passed += 1) {
    const found = verdictOf(play.run, promise, quarter);
    if (found !== null) return found;
    await play.step();
  }
  return verdictOf(play.run, promise, quarter);
}

/** The same promise in two runs with the same luck, both played to the milestone; null where it is not both kept and broken. */
async function bothWays(app: App, town: number, found: { play: Play; found: DuePromise; replicate: number; tried: number }): Promise<PromiseState | null> {
  const quarter = found.play.quarter, promise = found.found, { arena, theme } = promise.seat;
  const keep = found.play, broke = await playTo(app, found.replicate, quarter);
  await keep.step([{ municipality: town, arena, theme, decision: "keep" }]);
  await broke.step([{ municipality: town, arena, theme, decision: "break" }]);
  const kept = await toMilestone(keep, promise, quarter), broken = await toMilestone(broke, promise, quarter);
  if (kept?.verdict !== "delivered" || broken?.verdict !== "broken") {
    keep.end();
    broke.end();
    return null;
  }
  for (const play of [keep, broke]) await play.step([], Math.max(keep.quarter, broke.quarter) - play.quarter);
  return {
    town, replicate: found.replicate, tried: found.tried, quarter, judged: { keep: kept.quarter, break: broken.quarter }, promise,
    keep, broke, choice: null, both: false,
  };
}

/** A promise that the town can keep and can break. */
export async function findPromise(app: App, town: number): Promise<PromiseState | null> {
  const size = regionOf(app).municipalities.length;
  for (let from = 0; ;) {
    const found = await lookFor(app, QUARTERS, (play) => duePromise(play, size, town, AWAY), from);
    if (found === null) return null;
    const state = await bothWays(app, town, found);
    if (state !== null) return state;
    from = found.replicate + 1;
  }
}

/** The promise of the story: that of the last scene, or a new one if the visitor stands for another town now. */
export async function promiseOf(app: App): Promise<PromiseState | null> {
  const story = app.keep("story", newStory), town = townOf(app);
  if (story.promise?.town !== town) {
    story.promise?.keep.end();
    story.promise?.broke.end();
    story.promise = null;
    story.promise = await findPromise(app, town);
  }
  return story.promise;
}

function places(app: App, state: PromiseState, effect: Effect, shown: boolean): Place[] {
  const t = app.t.story.promise, you = nameOf(app, state.town);
  return regionOf(app).municipalities.map((one, at) => {
    const partner = effect.each.find((row) => row.partner === at);
    if (at === state.town) return { fill: 0.15, text: app.t.story.you, edge: "self", words: t.self(you) };
    if (partner === undefined) return { fill: 0, text: "–", edge: "away", words: t.away(one.name) };
    const trust = shown ? partner.after : partner.before;
    return { fill: trust, text: app.f.share(trust), edge: "part",
      words: shown ? t.change(one.name, you, app.f.share(partner.before), app.f.share(partner.after)) : t.place(one.name, you, app.f.share(trust)) };
  });
}

function mount(root: HTMLElement, app: App): Stop {
  const t = app.t.story.promise, region = regionOf(app), size = region.municipalities.length;
  const about = h("p", { class: "lead" }, t.looking), choices = h("div", { class: "choices" });
  const said = caption(), cost = h("p", { class: "lesson", role: "status" }), found = h("div");
  const map = drawMap(region, { list: app.t.story.asList });
  let state: PromiseState | null = null, gone = false;

  function draw(): void {
    if (state === null || gone) return;
    const one = state, choice = one.choice ?? "keep", play = choice === "break" ? one.broke : one.keep;
    const effect = effectOf(play.run, size, one.promise, one.judged[choice]), label = labelOf(app, play.run, one.promise.seat.arena, one.promise.seat.theme);
    tell(about, t.about(nameOf(app, one.town), label.theme, label.arena, one.promise.partners.length, app.f.number(one.promise.seat.promised, 1)));
    found.replaceChildren(lookedFor(app, one.replicate, one.tried));
    const shown = one.choice !== null;
    map.update({
      title: shown ? t.mapAfter(nameOf(app, one.town)) : t.map(nameOf(app, one.town)),
      places: places(app, one, effect, shown),
      lines: effect.each.map((row) => ({ from: row.partner, to: one.town, width: shown ? row.after : row.before })),
    });
    tell(said, shown ? promiseCaption(app, one, size) : "");
    tell(cost, one.both ? costCaption(app, one, size) : "");
    offer(one);
  }

  function offer(one: PromiseState): void {
    const choose = (choice: "keep" | "break", both: boolean) => (): void => {
      Object.assign(one, { choice, both: one.both || both });
      draw();
      choices.querySelector("button")?.focus();
    };
    if (one.choice === null) choices.replaceChildren(button(t.keep, choose("keep", false), { kind: "main" }), button(t.break, choose("break", false)));
    else choices.replaceChildren(one.choice === "keep" ? button(t.alsoBreak, choose("break", true), { kind: "main" })
      : button(t.alsoKeep, choose("keep", true), { kind: "main" }));
  }

  async function start(): Promise<void> {
    tell(about, t.looking);
    state = await promiseOf(app);
    if (state === null) tell(about, t.nothing);
    draw();
  }

  const field = townChoice(app, (town) => { app.set("town", town); void app.guard(start); });
  root.append(h("div", { class: "words" }, about, field, choices, said, cost, found, h("p", { class: "note" }, t.how)), map.element);
  void app.guard(start);
  return () => { gone = true; };
}

export const promise: Scene = { key: "promise", mount };
