/** All designs under every undercurrent: which holds? */

import type { App } from "../../app/app.js";
import { h } from "../../app/dom.js";
import { SPREAD } from "../../engine/conventions.js";
import type { Batch } from "../../engine/contract.js";
import { button, table } from "../../story/parts.js";
import { worldOf } from "../../story/story.js";
import { choiceOf, offered } from "./designs.js";
import { MANY } from "./play.js";
import { Job, wordsOf, type Part } from "./state.js";

export function hold(app: App): Part {
  const w = wordsOf(app), out = h("div"), { undercurrents } = app.engine.catalogue, { column, mean, quantile } = app.statistics, job = new Job();
  async function run(): Promise<void> {
    const signal = job.start(), designs = offered(app);
    out.replaceChildren(h("p", { role: "status" }, w.counting));
    const found = await Promise.all(undercurrents.map((level) =>
      app.engine.batch({ ...worldOf(app, level.name), designs: designs.map(choiceOf), foundings: ["vote"], first: 0, last: MANY }, { signal })));
    if (signal.aborted) return;
    const cell = (batch: Batch, at: number): string => {
      const values = column(batch, "completed", at);
      return w.range(app.f.number(mean(values), 1), app.f.number(quantile(values, SPREAD[0])), app.f.number(quantile(values, SPREAD[1])));
    };
    out.replaceChildren(table(w.holdNote(MANY), [w.design, ...undercurrents.map((one) => w.held(app.say(one.label)))],
      designs.map((one, at) => [app.say(one.label), ...found.map((batch) => cell(batch, at))])));
  }
  const element = h("section", { class: "hold" }, h("h3", {}, w.hold), button(w.holdRun, () => void app.guard(run), { kind: "main" }), out);
  return { element, stop: () => job.stop() };
}
