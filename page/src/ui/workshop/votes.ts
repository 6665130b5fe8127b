/** Ballots on phones, codes on the projector's machine, and the model's vote beside them. */

import type { App } from "../../app/app.js";
import type { Design } from "../../engine/contract.js";
import { h, newId, tell } from "../../app/dom.js";
import { button, table } from "../../story/parts.js";
import { NOW, regionOf } from "../../story/story.js";
import { MASKS, read, write } from "./codes.js";
import { firstVote } from "./facts.js";
import { newTable, runsOf, townsOf, wordsOf } from "./state.js";

export function choice(label: string, options: readonly string[], changed: () => void = () => undefined): { element: HTMLElement; at: () => number; set: (at: number) => void } {
  const id = newId("choice"), select = h("select", { id, change: changed }, ...options.map((one, at) => h("option", { value: at }, one)));
  return { element: h("p", { class: "field" }, h("label", { for: id }, label), select), at: () => Number(select.value), set: (at) => { select.value = String(at); } };
}

export function votes(app: App): HTMLElement {
  const w = wordsOf(app), kept = app.keep("workshop", newTable), names = townsOf(app), all = app.engine.catalogue.designs;
  const quota = (one: Design): number => Number(one.rules.aggregation?.["adoption_quota"] ?? 0);
  const offered = all.flatMap((one, at) => (one.name !== NOW && quota(one) > 0 ? [at] : [])); // what needs no vote has none
  const sizes = { municipalities: regionOf(app).municipalities.length, designs: all.length };
  const labelOf = (at: number): string => { const one = all[at]; return one ? app.say(one.label) : ""; };
  const shown = h("p", { class: "caption code", role: "status" }), said = h("p", { role: "status" }), out = h("div", {});
  const clear = (): void => { tell(shown, ""); };
  const town = choice(w.town, names, clear), design = choice(w.design, offered.map(labelOf), clear), answer = choice(w.yourVote, [w.no, w.yes], clear);
  const ballot = () => ({ municipality: town.at(), design: offered[design.at()] ?? 0, yes: answer.at() === 1 });
  const count = (one: ReturnType<typeof ballot>): void => {
    kept.votes.set(`${one.municipality}:${one.design}`, one.yes);
    tell(said, w.counted(names[one.municipality] ?? "", labelOf(one.design)));
    out.replaceChildren();
  };
  const wipe = (): void => { clear(); answer.set(0); };
  const make = (): void => tell(shown, w.code(write(ballot(), (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % MASKS, sizes)));
  const id = newId("code"), typed = h("input", { id, type: "text", autocomplete: "off", maxlength: 12 });
  const enter = (event: Event): void => {
    event.preventDefault();
    const found = read(typed.value, sizes);
    if ("wrong" in found) return tell(said, w.wrong[found.wrong]);
    typed.value = "";
    count(found.ballot);
  };
  async function beside(): Promise<void> {
    const at = offered[design.at()] ?? 0, chosen = all[at];
    if (chosen === undefined) return;
    out.replaceChildren(h("p", { role: "status" }, w.counting));
    const runs = await runsOf(app, chosen.name), terms = app.engine.catalogue.voteTerms;
    const constant = terms.findIndex((one) => one.name === "constant");
    const term = (number: number | null): string => { const one = number === null ? undefined : terms[number]; return one ? w.reasons[one.name] ?? app.say(one.label) : w.none; };
    const cast = names.flatMap((_, town) => { const vote = kept.votes.get(`${town}:${at}`); return vote === undefined ? [] : [vote]; });
    out.replaceChildren(h("p", {}, w.tally(cast.filter(Boolean).length, cast.length)),
      table(labelOf(at), [w.town, w.voteRow.yours, w.voteRow.model, w.voteRow.why], names.map((name, town) => {
        const own = kept.votes.get(`${town}:${at}`), model = firstVote(runs, town, constant);
        return [name, own === undefined ? w.none : own ? w.yes : w.no,
          model ? w.range(app.f.share(model.chance.mean), app.f.share(model.chance.low), app.f.share(model.chance.high)) : w.none,
          model ? `${term(model.most)} / ${term(model.least)}` : w.none];
      })));
  }
  return h("section", {}, h("h3", {}, w.vote), h("p", { class: "note" }, w.veil), town.element, design.element, answer.element,
    h("div", { class: "choices" }, button(w.make, make, { kind: "main" }), button(w.clear, wipe), button(w.hand, () => { count(ballot()); wipe(); })), shown,
    h("form", { class: "field", submit: enter }, h("label", { for: id }, w.type), typed, h("button", { type: "submit" }, w.enter)), said,
    button(w.beside, () => void app.guard(beside)), out);
}
