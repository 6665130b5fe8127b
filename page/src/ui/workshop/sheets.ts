/** What is printed: role cards and closing sheets. */

import type { App } from "../../app/app.js";
import { h } from "../../app/dom.js";
import { NOW } from "../../engine/conventions.js";
import type { Municipality, Run } from "../../engine/contract.js";
import { button, table } from "../../story/parts.js";
import { regionOf } from "../../story/story.js";
import { atStart, spread, trustOf, type Spread } from "./facts.js";
import { FUTURES, Job, printOnly, runsOf, townsOf, wordsOf, type Part } from "./state.js";

/** What is at stake for a municipality on each theme, the most first. */
function stakes(app: App, town: Municipality): HTMLElement {
  const w = wordsOf(app).card, share = (value: number): string => app.f.share(value);
  const rows = regionOf(app).themes.map((theme, at) => {
    const [low, high] = town.stake[at] ?? [NaN, NaN];
    return { middle: (low + high) / 2, cells: [app.say(theme.label), share(town.severity[at] ?? NaN), wordsOf(app).range(share((low + high) / 2), share(low), share(high))] };
  });
  return table(w.themes, [w.theme, w.severity, w.stake], rows.sort((a, b) => b.middle - a.middle).map((one) => one.cells));
}

function card(app: App, runs: readonly Run[], at: number): HTMLElement {
  const w = wordsOf(app), region = regionOf(app), names = townsOf(app), size = names.length, start = app.engine.catalogue.policyStart, town = region.municipalities[at];
  if (town === undefined) throw new Error(`there is no municipality ${at}`);
  const write = (one: Spread, to: (value: number) => string): string => w.range(to(one.mean), to(one.low), to(one.high));
  const share = (column: string): string => write(atStart(runs, column, size, start, at), (value) => app.f.share(value));
  const fte = write(spread(runs.map((run) => run.capacity["capacity"]?.[(start - 1) * size + at] ?? NaN)), (value) => app.f.number(value, 1));
  const trust = trustOf(runs, size, start, at).map((value, other) => ({ value, other })).filter((one) => one.other !== at).sort((a, b) => b.value - a.value);
  const tell = (one: { value: number; other: number } | undefined): string => (one ? `${names[one.other] ?? ""} (${app.f.share(one.value)})` : w.none);
  const subregion = region.subregions[town.subregion];
  const rows = [[w.card.who, w.card.whoIs(app.f.number(town.population), subregion ? app.say(subregion.label) : "", town.centre, town.rural)],
    [w.card.people, w.card.fte(fte)], [w.card.free, share("slack")], [w.card.support, share("support")], [w.card.trusts, tell(trust[0])], [w.card.doubts, tell(trust[trust.length - 1])]];
  return h("article", { class: "sheet role" }, h("h4", {}, town.name), h("p", {}, w.card.task),
    h("dl", {}, ...rows.flatMap(([term, value]) => [h("dt", {}, term ?? ""), h("dd", {}, value ?? "")])), stakes(app, town), h("p", { class: "note" }, w.card.units, " ", w.note(FUTURES)));
}

export function roles(app: App): Part {
  const w = wordsOf(app), out = h("div", { class: "sheets" }), job = new Job();
  async function make(): Promise<void> {
    const signal = job.start();
    out.replaceChildren(h("p", { role: "status" }, w.counting));
    const runs = await runsOf(app, NOW, app.engine.catalogue.policyStart, signal);
    if (!signal.aborted) out.replaceChildren(button(w.print, () => printOnly(out)), ...townsOf(app).map((_, at) => card(app, runs, at)));
  }
  const element = h("section", { class: "roles" }, h("h3", {}, w.roles), button(w.rolesMake, () => void app.guard(make), { kind: "main" }), out);
  return { element, stop: () => job.stop() };
}

export function closing(app: App): Part {
  const w = wordsOf(app), out = h("div", { class: "sheets" });
  const make = (): void => out.replaceChildren(button(w.print, () => printOnly(out)), ...townsOf(app).map((name) =>
    h("article", { class: "sheet closing" }, h("h4", {}, `${name}: ${w.monday}`), ...w.lines.map((line) => h("div", { class: "write" }, h("h5", {}, line))))));
  const element = h("section", { class: "closings" }, h("h3", {}, w.close), button(w.closeMake, make, { kind: "main" }), out);
  return { element, stop: () => undefined };
}
