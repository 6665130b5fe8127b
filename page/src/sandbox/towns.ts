/** What some futures say of each municipality, and the one future that is stepped through on the map. */

import type { App } from "../app/app.js";
import { h, newId, tell } from "../app/dom.js";
import type { Run, Vote } from "../engine/contract.js";
import { drawMap } from "../map/map.js";
import { button, caption, table } from "../story/parts.js";
import { player, type Player } from "../story/player.js";
import { designOf, labelOf, regionOf, worldOf, type Choices } from "./state.js";

/** Whole runs, which take longer than outcomes alone: so few, and the page says how many. */
export const FEW = 20;

/** The chance with which each municipality said yes in the first vote on founding, or NaN without one. */
export function firstChances(run: Run, size: number): Float64Array {
  const chances = new Float64Array(size).fill(NaN);
  const first = run.votes.find((one: Vote) => one.question === "founding")?.quarter;
  for (const vote of run.votes) if (vote.question === "founding" && vote.quarter === first) chances[vote.municipality] = vote.chance;
  return chances;
}

/** Runs of a design as decided, one for each parameter set. */
export async function fewRuns(app: App, choices: Choices, name: string, signal: AbortSignal): Promise<Run[]> {
  const step = app.engine.catalogue.replicatesPerSet;
  return Promise.all(Array.from({ length: FEW }, (_, at) => app.engine.single(
    { ...worldOf(choices), design: designOf(choices, name), founding: "vote", replicate: at * step }, { signal, changes: false })));
}

/** Column of a municipality at the end of a run. */
function end(run: Run, column: string, at: number, size: number): number {
  return run.municipalities[column]?.[(run.quarters - 1) * size + at] ?? NaN;
}

export function townTable(app: App, choices: Choices, name: string, runs: readonly Run[]): HTMLElement {
  const t = app.t.sandbox, { mean, quantile } = app.statistics, towns = regionOf(app, choices).municipalities, size = towns.length;
  const spread = (values: Float64Array): string =>
    Number.isNaN(mean(values)) ? "–" : t.range(app.f.share(mean(values)), app.f.share(quantile(values, 0.05)), app.f.share(quantile(values, 0.95)));
  const chances = runs.map((run) => firstChances(run, size));
  const rows = towns.map((town, at) => [town.name,
    spread(Float64Array.from(chances, (one) => one[at] ?? NaN)),
    ...["public_value_direct", "trust_received", "grievance_received"].map((column) => spread(Float64Array.from(runs, (run) => end(run, column, at, size))))]);
  return table(t.towns(labelOf(app, choices, name), runs.length), [t.town, t.says, t.value, t.trust, t.grievance], rows);
}

const SHOWN = ["trust", "grievance", "promises"] as const;
type Shown = (typeof SHOWN)[number];

/** What the others think of a municipality after so many quarters, or the promises of it that fell due and were kept. */
export function shownOf(run: Run, what: Shown, at: number, size: number, passed: number, start: number): { value: number; due: number } {
  if (what === "promises") {
    const of = run.events.filter((one) => one.municipality === at && one.quarter >= start && one.quarter < passed);
    const count = (kind: string): number => of.filter((one) => one.kind === kind).length;
    const kept = count("delivered"), due = kept + count("broken") + count("announced_late");
    return { value: due === 0 ? NaN : kept / due, due };
  }
  const pairs = what === "trust" ? run.trust : run.grievance;
  let sum = 0;
  for (let other = 0; other < size; other += 1) if (other !== at) sum += pairs[(passed * size + other) * size + at] ?? NaN;
  return { value: sum / (size - 1), due: 0 };
}

export interface Film {
  readonly element: HTMLElement;
  stop(): void;
}

/** One future of a design on the map, quarter by quarter. */
export function film(app: App, choices: Choices, run: Run, again: () => void): Film {
  const t = app.t.sandbox, region = regionOf(app, choices), size = region.municipalities.length;
  const { dates, policyStart: start } = app.engine.catalogue;
  let at = start, what: Shown = "trust";
  const map = drawMap(region, { list: app.t.story.asList }), said = caption();

  function draw(quiet: boolean): void {
    const passed = at + 1;
    map.update({
      title: t.mapTitle[what],
      places: region.municipalities.map((town, one) => {
        const { value, due } = shownOf(run, what, one, size, passed, start), text = app.f.share(value);
        return { fill: Number.isNaN(value) ? 0 : value, text, words: t.place[what](town.name, text, due) };
      }),
    });
    said.setAttribute("aria-live", quiet ? "off" : "polite");
    const now = run.events.filter((one) => one.quarter === at), date = app.f.quarter(dates[at] ?? "");
    tell(said, t.happened(date, now.length, now.filter((one) => ["founded", "agreed", "deadlocked", "broken", "completed", "refused", "dissolved"].includes(one.kind))
      .slice(0, 4).map((one) => app.say(one.sentence))));
  }

  const id = newId("what");
  const select = h("select", { id, change: () => { what = SHOWN[select.selectedIndex] ?? "trust"; draw(false); } },
    ...SHOWN.map((one) => h("option", { value: one }, t.mapTitle[one])));
  const play: Player = player(app, {
    first: start, last: dates.length - 1, at: () => at, show: (next, quiet) => { at = next; draw(quiet); },
    dateOf: (one) => app.f.quarter(dates[one] ?? ""), speed: speedOf(app),
  });
  draw(true);
  const element = h("div", { class: "film" }, h("p", { class: "field" }, h("label", { for: id }, t.what), select), play.element, said, map.element,
    h("p", { class: "note" }, t.oneFuture(run.request.replicate + 1)), button(t.other, again));
  return { element, stop: () => play.stop() };
}

function speedOf(app: App): { get(): number; set(speed: number): void } {
  const kept = app.keep("sandbox-speed", () => ({ speed: 1 }));
  return { get: () => kept.speed, set: (speed) => { kept.speed = speed; } };
}

