/** What some futures say of each municipality, and the one future that is stepped through on the map. */

import type { App } from "../app/app.js";
import { h, newId, tell } from "../app/dom.js";
import { SPREAD, VALUE } from "../engine/conventions.js";
import type { DetailedBatch, Run, Vote } from "../engine/contract.js";
import { drawMap } from "../map/map.js";
import { button, caption, table } from "../story/parts.js";
import { player, type Player } from "../story/player.js";
import { designOf, labelOf, regionOf, worldOf, type Choices } from "./state.js";

/** Runs that are told vote by vote, which takes longer than outcomes alone: so few, and the page says how many. */
export const FEW = 20;
/** Futures of what becomes of each municipality. */
export const MANY = 200;
const COLUMNS = [VALUE, "trust_received", "grievance_received"] as const;

/** The chance with which each municipality said yes in the first vote on founding, or NaN without one. */
export function firstChances(run: Run, size: number): Float64Array {
  const chances = new Float64Array(size).fill(NaN);
  const first = run.votes.find((one: Vote) => one.question === "founding")?.quarter;
  for (const vote of run.votes) if (vote.question === "founding" && vote.quarter === first) chances[vote.municipality] = vote.chance;
  return chances;
}

export interface TownFacts {
  /** The design as decided. */
  readonly batch: DetailedBatch;
  /** Its first vote, in one future of each parameter set. */
  readonly votes: readonly Run[];
}

/** What a design is to each municipality. */
export async function townFacts(app: App, choices: Choices, name: string, signal: AbortSignal): Promise<TownFacts> {
  const { replicatesPerSet: step, policyStart } = app.engine.catalogue, world = worldOf(choices), design = designOf(choices, name);
  const [batch, ...votes] = await Promise.all([
    app.engine.detailed({ ...world, designs: [design], foundings: ["vote"], first: 0, last: MANY }, { municipal: COLUMNS }, { signal }),
    ...Array.from({ length: FEW }, (_, at) => app.engine.single(
      { ...world, design, founding: "vote", replicate: at * step }, { signal, changes: false, quarters: policyStart + 1 }))]);
  return { batch, votes };
}

export function townTable(app: App, choices: Choices, name: string, { batch, votes }: TownFacts): HTMLElement {
  const t = app.t.sandbox, { mean, quantile } = app.statistics, towns = regionOf(app, choices).municipalities, size = towns.length;
  const spread = (values: Float64Array): string =>
    Number.isNaN(mean(values)) ? "–" : t.range(app.f.share(mean(values)), app.f.share(quantile(values, SPREAD[0])), app.f.share(quantile(values, SPREAD[1])));
  const chances = votes.map((run) => firstChances(run, size));
  const end = (column: string, at: number): Float64Array =>
    Float64Array.from({ length: batch.replicates }, (_, replicate) => batch.municipal[column]?.[replicate * size + at] ?? NaN);
  const rows = towns.map((town, at) => [town.name, spread(Float64Array.from(chances, (one) => one[at] ?? NaN)), ...COLUMNS.map((column) => spread(end(column, at)))]);
  return table(t.towns(labelOf(app, choices, name), batch.replicates), [t.town, t.says, t.value, t.trust, t.grievance], rows);
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

