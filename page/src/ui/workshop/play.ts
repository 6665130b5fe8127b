/** Predict and play to the first deadlock and the first broken promise; and all designs under every undercurrent. */

import type { App } from "../../app/app.js";
import { h } from "../../app/dom.js";
import type { Batch, BatchRequest, Run } from "../../engine/contract.js";
import { button, slider, table } from "../../story/parts.js";
import { nameOf, worldOf } from "../../story/story.js";
import { wordsOf } from "./state.js";
import { choice } from "./votes.js";

const MANY = 200;
const DRAWN = ["austerity", "political_turmoil", "province_withdraws"];
const STOPS = ["deadlocked", "broken"] as const;

/** The first happening of a kind from policy start on. */
export function firstOf(run: Run, kind: string, start: number): Run["events"][number] | null {
  return run.events.find((one) => one.kind === kind && one.quarter >= start) ?? null;
}

function stops(app: App, run: Run): HTMLElement {
  const w = wordsOf(app), { policyStart, dates } = app.engine.catalogue;
  const found = STOPS.map((kind) => ({ kind, event: firstOf(run, kind, policyStart) })).sort((a, b) => (a.event?.quarter ?? 1e9) - (b.event?.quarter ?? 1e9));
  const box = h("div", { class: "stops", role: "status" });
  const show = (at: number): void => {
    const one = found[at];
    if (one === undefined) return;
    const { event } = one, who = event === null || event.municipality === null ? "" : ` (${nameOf(app, event.municipality)})`;
    box.append(h("div", { class: "caption" }, h("h4", {}, w.first[one.kind]),
      h("p", {}, event === null ? w.never : `${app.f.quarter(dates[event.quarter] ?? "")}: ${app.say(event.sentence)}${who}`), event === null ? null : h("p", {}, w.who)));
    if (at + 1 < found.length) { const on = button(w.on, () => { on.remove(); show(at + 1); }); box.append(on); }
  };
  show(0);
  return box;
}

export function play(app: App): HTMLElement {
  const w = wordsOf(app), { designs, scenarios, undercurrents } = app.engine.catalogue, { statistics } = app, out = h("div", {});
  const design = choice(w.design, designs.map((one) => app.say(one.label))), scenario = choice(w.scenario, scenarios.map((one) => app.say(one.label)));
  const under = choice(w.under, undercurrents.map((one) => app.say(one.label)));
  under.set(undercurrents.findIndex((one) => one.name === "report"));
  const guess = { agreements: 5, deadlocks: 3 };
  const ask = (key: "agreements" | "deadlocks"): HTMLElement => slider(w[key], 0, 20, guess[key], (value) => app.f.number(value), (value) => { guess[key] = value; }).element;
  const draw = (): void => {
    const drawn = DRAWN.flatMap((name) => { const at = scenarios.findIndex((one) => one.name === name); return at < 0 ? [] : [at]; });
    scenario.set(drawn[(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % drawn.length] ?? 0);
  };
  async function run(): Promise<void> {
    const one = designs[design.at()], level = undercurrents[under.at()], what = scenarios[scenario.at()], said = { ...guess };
    if (one === undefined || level === undefined || what === undefined) return;
    const world = { ...worldOf(app, level.name), scenario: what.name };
    out.replaceChildren(h("p", { role: "status" }, w.counting));
    const [single, batch] = await Promise.all([app.engine.single({ ...world, design: one.name, founding: "vote", replicate: 0 }),
      app.engine.batch({ ...world, designs: [one.name], foundings: ["vote"], first: 0, last: MANY })]);
    const lines = (["agreements", "deadlocks"] as const).map((key) => {
      const values = statistics.column(batch, key, 0), number = (value: number): string => app.f.number(value, 1);
      return h("p", {}, w.outcome(w[key].split(":")[0] ?? "", number(said[key]), number(statistics.mean(values)), number(statistics.quantile(values, 0.05)), number(statistics.quantile(values, 0.95))));
    });
    out.replaceChildren(stops(app, single), ...lines);
  }
  return h("section", {}, h("h3", {}, w.play), design.element, scenario.element, button(w.draw, draw), under.element, ask("agreements"), ask("deadlocks"),
    h("div", { class: "choices" }, button(w.run, () => void app.guard(run), { kind: "main" })), out);
}

export function hold(app: App): HTMLElement {
  const w = wordsOf(app), out = h("div", {}), { designs, undercurrents } = app.engine.catalogue, { statistics } = app;
  async function run(): Promise<void> {
    out.replaceChildren(h("p", { role: "status" }, w.counting));
    const request = (level: string): BatchRequest => ({ ...worldOf(app, level), designs: designs.map((one) => one.name), foundings: ["vote"], first: 0, last: MANY });
    const found: Batch[] = await Promise.all(undercurrents.map((level) => app.engine.batch(request(level.name))));
    const cell = (batch: Batch, at: number): string => {
      const values = statistics.column(batch, "completed", at), number = (value: number): string => app.f.number(value, 1);
      return w.range(number(statistics.mean(values)), number(statistics.quantile(values, 0.05)), number(statistics.quantile(values, 0.95)));
    };
    out.replaceChildren(table(w.holdNote(MANY), [w.design, ...undercurrents.map((one) => w.held(app.say(one.label)))],
      designs.map((one, at) => [app.say(one.label), ...found.map((batch) => cell(batch, at))])));
  }
  return h("section", {}, h("h3", {}, w.hold), button(w.holdRun, () => void app.guard(run), { kind: "main" }), out);
}
