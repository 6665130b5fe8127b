/** Predict, draw a shock and a future, and play it to its first deadlock and its first broken promise. */

import type { App } from "../../app/app.js";
import { h, newId, tell } from "../../app/dom.js";
import { wholeOf } from "../../app/link.js";
import { SPREAD, VALUE } from "../../engine/conventions.js";
import type { Batch, Run } from "../../engine/contract.js";
import { allGuessed, button, guess, table } from "../../story/parts.js";
import { worldOf } from "../../story/story.js";
import { offered } from "./designs.js";
import { placeOf } from "./facts.js";
import { shocksOf, under, type Shock } from "./shocks.js";
import { choice, drawn, Job, newTable, wordsOf, type Part } from "./state.js";

/** Futures that the one that is played is one of. */
export const MANY = 200;
/** The most that can be predicted. */
const TOP = 30;
const STOPS = ["deadlocked", "broken"] as const;
const COUNTS = ["agreements", "deadlocks"] as const;

/** The first happening of a kind from policy start on. */
export function firstOf(run: Run, kind: string, start: number): Run["events"][number] | null {
  return run.events.find((one) => one.kind === kind && one.quarter >= start) ?? null;
}

/** Stop by stop, each once the table is ready for it; `end` is what comes after the last. */
function stops(app: App, run: Run, end: () => readonly HTMLElement[]): HTMLElement {
  const w = wordsOf(app), { policyStart, dates } = app.engine.catalogue;
  const found = STOPS.map((kind) => ({ kind, event: firstOf(run, kind, policyStart) })).sort((a, b) => (a.event?.quarter ?? Infinity) - (b.event?.quarter ?? Infinity));
  const box = h("div", { class: "stops" });
  const show = (at: number): void => {
    const one = found[at];
    if (one === undefined) return box.append(...end());
    const { event } = one;
    const told = h("div", { class: "caption", tabindex: -1 }, h("h4", {}, w.first[one.kind]),
      h("p", {}, event === null ? w.never : `${app.f.quarter(dates[event.quarter] ?? "")}: ${app.say(event.sentence)}`), event === null ? null : h("p", {}, w.who));
    const on = button(w.on, () => { on.remove(); show(at + 1); }, { kind: "main" });
    box.append(told, on);
    if (at > 0) told.focus();
  };
  show(0);
  return box;
}

/** What was said beside what came: in this future, and in all of which it is one. */
function beside(app: App, said: Readonly<Record<(typeof COUNTS)[number], number>>, batch: Batch, at: number): HTMLElement[] {
  const w = wordsOf(app), { column, mean, quantile } = app.statistics, one = (value: number): string => app.f.number(value), tenth = (value: number): string => app.f.number(value, 1);
  const place = (outcome: string): ReturnType<typeof placeOf> => placeOf(column(batch, outcome, 0), at);
  const rows = COUNTS.map((key) => {
    const values = column(batch, key, 0);
    return [w[key], one(said[key]), one(values[at] ?? NaN), w.range(tenth(mean(values)), one(quantile(values, SPREAD[0])), one(quantile(values, SPREAD[1])))];
  });
  const value = place(VALUE);
  return [table(w.besideTitle, [w.what, w.said, w.here, w.many(MANY)], rows),
    ...COUNTS.map((key) => { const { less, same, more } = place(key); return h("p", {}, w.lies[key](one(less), one(same), one(more), MANY)); }),
    h("p", {}, w.liesValue(app.f.share(column(batch, VALUE, 0)[at] ?? NaN, 1), one(value.less), app.f.share(value.less / MANY), MANY))];
}

export function play(app: App): Part {
  const w = wordsOf(app), kept = app.keep("workshop", newTable), { undercurrents } = app.engine.catalogue, job = new Job();
  const designs = offered(app), shocks = shocksOf(app), out = h("div"), rounds = h("div"), about = h("p", { class: "note" }), note = h("p", { class: "note", role: "status" });
  const clear = (): void => { job.stop(); out.replaceChildren(); };
  const describe = (): void => { clear(); tell(about, app.say(shocks[shock.at()]?.about ?? { nl: "", en: "" })); };
  const design = choice(w.design, designs.map((one) => app.say(one.label)), clear), shock = choice(w.scenario, shocks.map((one) => app.say(one.label)), describe);
  const level = choice(w.under, undercurrents.map((one) => app.say(one.label)), clear);
  level.set(undercurrents.findIndex((one) => one.name === "report"));
  const guesses = COUNTS.map((key) => guess(app, w.predict[key], 0, TOP, (value) => app.f.number(value)));
  const id = newId("future"), future = h("input", { id, type: "number", min: 1, max: MANY, step: 1, input: clear });
  const draw = (): void => {
    const all = shocks.flatMap((one, at) => (one.inDraw ? [at] : []));
    shock.set(all[drawn(all.length)] ?? 0);
    describe();
  };
  const drawFuture = (): void => { clear(); future.value = String(1 + drawn(MANY)); };

  async function run(): Promise<void> {
    const one = designs[design.at()], what = shocks[shock.at()], knobs = undercurrents[level.at()];
    if (one === undefined || what === undefined || knobs === undefined || !allGuessed(app, guesses, note)) return;
    if (future.value === "") drawFuture();
    const number = wholeOf(future.value, 1, MANY);
    if (number === null) return tell(note, w.noFuture(MANY));
    const asked = under(app, one, what);
    tell(note, asked.note);
    if (asked.design === null) return;
    const signal = job.start(), world = { ...worldOf(app, knobs.name), scenario: what.scenario };
    out.replaceChildren(h("p", { role: "status" }, w.counting));
    const [single, batch] = await Promise.all([
      app.engine.single({ ...world, design: asked.design, founding: "vote", replicate: number - 1 }, { signal, changes: false }),
      app.engine.batch({ ...world, designs: [asked.design], foundings: ["vote"], first: 0, last: MANY }, { signal })]);
    if (signal.aborted) return;
    const [agreements = NaN, deadlocks = NaN] = guesses.map((each) => each.value() ?? NaN), said = { agreements, deadlocks };
    out.replaceChildren(h("p", { class: "lead", role: "status" }, w.oneOfMany(number, MANY)), stops(app, single, () => {
      remember(app.say(one.label), what, app.say(knobs.label), number, said, batch);
      return beside(app, said, batch, number - 1);
    }));
  }

  function remember(label: string, what: Shock, under: string, number: number, said: { agreements: number; deadlocks: number }, batch: Batch): void {
    const here = (key: (typeof COUNTS)[number]): string => w.saidHere(app.f.number(said[key]), app.f.number(app.statistics.column(batch, key, 0)[number - 1] ?? NaN));
    kept.rounds.unshift([String(number), label, app.say(what.label), under, here("agreements"), here("deadlocks")]);
    list();
  }

  function list(): void {
    rounds.replaceChildren(...(kept.rounds.length === 0 ? [] : [table(w.rounds, [w.future, w.design, w.scenario, w.under, w.agreements, w.deadlocks], kept.rounds)]));
  }

  describe();
  list();
  const element = h("section", { class: "play" }, h("h3", {}, w.play), h("p", { class: "note" }, w.build), design.element, shock.element, button(w.draw, draw), about, level.element,
    ...guesses.map((one) => one.element), h("p", { class: "field" }, h("label", { for: id }, w.futureOf(MANY)), future, button(w.drawFuture, drawFuture)),
    h("p", { class: "note" }, w.futureHow), h("div", { class: "choices" }, button(w.run, () => void app.guard(run), { kind: "main" })), note, out, rounds);
  return { element, stop: () => job.stop() };
}
