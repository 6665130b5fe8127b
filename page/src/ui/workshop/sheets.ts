/** What is printed: role cards and closing sheets. */

import type { App } from "../../app/app.js";
import { h } from "../../app/dom.js";
import { button } from "../../story/parts.js";
import { NOW } from "../../story/story.js";
import { atStart, trustOf, type Spread } from "./facts.js";
import { FUTURES, printOnly, runsOf, townsOf, wordsOf } from "./state.js";

export function roles(app: App): HTMLElement {
  const w = wordsOf(app), out = h("div", { class: "sheets" }), names = townsOf(app), size = names.length, start = app.engine.catalogue.policyStart;
  const write = (one: Spread): string => w.range(app.f.share(one.mean), app.f.share(one.low), app.f.share(one.high));
  async function make(): Promise<void> {
    out.replaceChildren(h("p", { role: "status" }, w.counting));
    const runs = await runsOf(app, NOW);
    out.replaceChildren(button(w.print, () => printOnly(out)), ...names.map((name, at) => {
      const of = (column: string): Spread => atStart(runs, column, size, start, at);
      const trust = trustOf(runs, size, start, at).map((value, other) => ({ value, other })).filter((one) => one.other !== at).sort((a, b) => b.value - a.value);
      const tell = (one: { value: number; other: number } | undefined): string => (one ? `${names[one.other] ?? ""} (${app.f.share(one.value)})` : w.none);
      const rows = [[w.card.urgency, write(of("urgency"))], [w.card.support, write(of("support"))], [w.card.free, w.free(write(of("slack")))],
        [w.card.trusts, tell(trust[0])], [w.card.doubts, tell(trust[trust.length - 1])]];
      return h("article", { class: "sheet role" }, h("h4", {}, name), h("dl", {}, ...rows.flatMap(([term, value]) => [h("dt", {}, term ?? ""), h("dd", {}, value ?? "")])),
        h("p", {}, w.card.task), h("p", { class: "note" }, w.note(FUTURES)));
    }));
  }
  return h("section", {}, h("h3", {}, w.roles), button(w.rolesMake, () => void app.guard(make), { kind: "main" }), out);
}

export function closing(app: App): HTMLElement {
  const w = wordsOf(app), out = h("div", { class: "sheets" });
  const make = (): void => out.replaceChildren(button(w.print, () => printOnly(out)), ...townsOf(app).map((name) =>
    h("article", { class: "sheet closing" }, h("h4", {}, `${name}: ${w.monday}`), ...w.lines.map((line) => h("div", { class: "write" }, h("h5", {}, line))))));
  return h("section", {}, h("h3", {}, w.close), button(w.closeMake, make, { kind: "main" }), out);
}
