/** Scene 6: choose a design, predict, and see what it does if founded and what comes of it as decided. */

import type { App } from "../../app/app.js";
import { bringIntoView, h, tell } from "../../app/dom.js";
import { NOW } from "../../engine/conventions.js";
import type { Batch, Interval } from "../../engine/contract.js";
import { designCaptions } from "../captions.js";
import { allGuessed, button, guess, table, type Scene, type Stop } from "../parts.js";
import { BUREAU, worldOf } from "../story.js";

const MANY = 200;
export type More = "more" | "same" | "less";

export interface Answer {
  readonly level: string;
  /** Share of futures in which it is founded, as decided. */
  readonly founded: number;
  readonly value: { readonly founded: Interval; readonly decided: Interval };
  readonly agreements: { readonly founded: Interval; readonly decided: Interval };
}

/** Cases are designs by foundings: now at once, now by vote, the design at once, the design by vote. */
function answer(app: App, level: string, batch: Batch): Answer {
  const { statistics } = app;
  const pair = (outcome: string): Answer["value"] => ({
    founded: statistics.difference(batch, outcome, 2, 0), decided: statistics.difference(batch, outcome, 3, 1) });
  return { level, founded: statistics.mean(statistics.column(batch, "adopted", 3)), value: pair("public_value_regional"), agreements: pair("agreements") };
}

function mount(root: HTMLElement, app: App): Stop {
  const t = app.t.story.design, { designs, undercurrents } = app.engine.catalogue;
  const offered = designs.filter((one) => one.name !== NOW);
  const named = (name: string): (typeof offered)[number] | undefined => offered.find((one) => one.name === name);
  let chosen = named(app.get("design") ?? "") ?? named(BUREAU) ?? offered[0];
  let level = undercurrents.find((one) => one.name === (app.get("level") ?? "report"))?.name ?? "report";
  const founded = guess(app, t.guessFounded, 0, 100, (value) => t.of(app.f.number(value))), note = h("p", { class: "note", role: "status" });
  let asked: AbortController | null = null;
  const about = h("p", { class: "note" }), out = h("div", { class: "answer" });
  const design = h("select", { id: "design", change: () => { chosen = named(design.value); app.set("design", design.value); describe(); } },
    ...offered.map((one) => h("option", { value: one.name, selected: one === chosen }, app.say(one.label))));
  const levels = h("select", { id: "level", change: () => { level = levels.value; app.set("level", level); describe(); } },
    ...undercurrents.map((one) => h("option", { value: one.name, selected: one.name === level }, app.say(one.label))));

  function describe(): void {
    asked?.abort();
    tell(about, chosen ? app.say(chosen.description) : "");
    out.replaceChildren();
  }

  async function ask(): Promise<void> {
    const one = chosen, said = more.querySelector<HTMLInputElement>("input:checked");
    if (one === undefined || !allGuessed(app, [founded], note)) return;
    if (said === null) {
      tell(note, app.t.story.guessFirst);
      return more.querySelector("input")?.focus();
    }
    asked?.abort();
    const control = new AbortController();
    asked = control;
    out.replaceChildren(h("p", { role: "status" }, t.counting(MANY)));
    const batch = await app.engine.batch(
      { ...worldOf(app, level), designs: [NOW, one.name], foundings: ["at_once", "vote"], first: 0, last: MANY }, { signal: control.signal });
    if (control.signal.aborted) return;
    show(answer(app, level, batch), app.say(one.label), { founded: founded.value() ?? NaN, more: said.value as More });
  }

  async function run(): Promise<void> {
    const answered = await app.guard(() => ask().then(() => true));
    if (answered !== true && asked?.signal.aborted !== true) out.replaceChildren();
  }

  function show(found: Answer, label: string, guess: { founded: number; more: More }): void {
    const write = (gap: Interval, points: boolean): string => {
      const move = (value: number): string => (points ? app.f.points(value) : app.f.signed(value));
      return app.t.story.interval(move(gap.mean), move(gap.low), move(gap.high));
    };
    const words = designCaptions(app, label, found, guess);
    out.replaceChildren(
      h("div", { class: "caption", role: "status" }, ...words.map((one) => h("p", {}, one))),
      table(t.table(label, MANY), [t.outcome, t.ifFounded, t.asDecided], [
        [t.value, write(found.value.founded, true), write(found.value.decided, true)],
        [t.agreements, write(found.agreements.founded, false), write(found.agreements.decided, false)],
        [t.founded, t.all, app.f.share(found.founded)]]));
    bringIntoView(out);
  }

  const more = h("fieldset", {}, h("legend", {}, t.guessMore), ...(["more", "same", "less"] as const).map((one) =>
    h("label", { class: "option" }, h("input", { type: "radio", name: "more", value: one }), " ", t.mores[one])));
  root.append(h("p", { class: "lead" }, t.ask),
    h("div", { class: "two" },
      h("div", {}, h("p", { class: "field" }, h("label", { for: "design" }, t.design), design), about,
        h("p", { class: "field" }, h("label", { for: "level" }, t.level), levels)),
      h("div", {}, founded.element, more)),
    h("div", { class: "choices" }, button(t.run, () => void run(), { kind: "main" })), note, out, h("p", { class: "note" }, t.how));
  describe();
  return () => asked?.abort();
}

export const design: Scene = { key: "design", mount };
