/** Ballots on phones, codes on the projector's machine, and the model's vote beside them. */

import type { App } from "../../app/app.js";
import { h, newId, tell } from "../../app/dom.js";
import { NOW } from "../../engine/conventions.js";
import type { Design } from "../../engine/contract.js";
import { button, table } from "../../story/parts.js";
import { regionOf } from "../../story/story.js";
import { MASKS, read, write, type Ballot } from "./codes.js";
import { firstVote } from "./facts.js";
import { choice, drawn, FUTURES, Job, newTable, runsOf, townsOf, wordsOf, type Part } from "./state.js";

export function votes(app: App): Part {
  const w = wordsOf(app), kept = app.keep("workshop", newTable), names = townsOf(app), all = app.engine.catalogue.designs, job = new Job();
  const quota = (one: Design): number => Number(one.rules.aggregation?.["adoption_quota"] ?? 0);
  const asked = all.flatMap((one, at) => (one.name !== NOW && quota(one) > 0 ? [at] : [])); // what needs no vote has none
  const sizes = { municipalities: regionOf(app).municipalities.length, designs: all.length };
  const labelOf = (at: number): string => { const one = all[at]; return one ? app.say(one.label) : ""; };
  const shown = h("p", { class: "caption code", role: "status" }), said = h("p", { role: "status" }), out = h("div", { class: "beside" });
  const clear = (): void => { tell(shown, ""); };
  /** What was shown beside the model was of another design, or of fewer votes. */
  const stale = (): void => { job.stop(); out.replaceChildren(); };
  const town = choice(w.town, names, clear), design = choice(w.design, asked.map(labelOf), () => { clear(); stale(); tell(said, ""); });
  const answer = choice(w.yourVote, [w.undecided, w.no, w.yes], clear);
  /** Hand a ballot on once it says yes or no. */
  const withBallot = (use: (one: Ballot) => void): void => {
    if (answer.at() === 0) return tell(shown, w.decide);
    use({ municipality: town.at(), design: asked[design.at()] ?? 0, yes: answer.at() === 2 });
  };
  const count = (one: Ballot): void => {
    kept.votes.set(`${one.municipality}:${one.design}`, one.yes);
    tell(said, w.counted(names[one.municipality] ?? "", labelOf(one.design)));
    stale();
  };
  const wipe = (): void => { clear(); answer.set(0); };
  const id = newId("code"), typed = h("input", { id, type: "text", autocomplete: "off", maxlength: 12 });
  const enter = (event: Event): void => {
    event.preventDefault();
    const found = read(typed.value, sizes);
    if ("wrong" in found) return tell(said, w.wrong[found.wrong]);
    typed.value = "";
    count(found.ballot);
  };

  async function beside(): Promise<void> {
    const at = asked[design.at()] ?? 0, chosen = all[at];
    if (chosen === undefined) return;
    const signal = job.start();
    out.replaceChildren(h("p", { role: "status" }, w.counting));
    const { voteTerms: terms, policyStart } = app.engine.catalogue, runs = await runsOf(app, chosen.name, policyStart + 1, signal);
    if (signal.aborted) return;
    const constant = terms.findIndex((one) => one.name === "constant");
    const term = (number: number | null): string => { const one = number === null ? undefined : terms[number]; return one ? w.reasons[one.name] ?? app.say(one.label) : w.none; };
    const cast = names.flatMap((_, town) => { const vote = kept.votes.get(`${town}:${at}`); return vote === undefined ? [] : [vote]; });
    const rows = names.map((name, town) => {
      const own = kept.votes.get(`${town}:${at}`), model = firstVote(runs, town, constant), share = (value: number): string => app.f.share(value);
      return [name, own === undefined ? w.none : own ? w.yes : w.no, model ? w.range(share(model.chance.mean), share(model.chance.low), share(model.chance.high)) : w.none,
        model ? `${term(model.most)} / ${term(model.least)}` : w.none];
    });
    out.replaceChildren(h("p", {}, w.tally(cast.filter(Boolean).length, cast.length)),
      table(labelOf(at), [w.town, w.voteRow.yours, w.voteRow.model, w.voteRow.why], rows), h("p", { class: "note" }, w.voteNote(FUTURES)));
  }

  const make = (): void => withBallot((one) => tell(shown, w.code(write(one, drawn(MASKS), sizes))));
  const element = h("section", { class: "votes" }, h("h3", {}, w.vote), h("p", { class: "note" }, w.veil), town.element, design.element, answer.element,
    h("div", { class: "choices" }, button(w.make, make, { kind: "main" }), button(w.clear, wipe), button(w.hand, () => withBallot((one) => { count(one); wipe(); }))), shown,
    h("form", { class: "field", submit: enter }, h("label", { for: id }, w.type), typed, h("button", { type: "submit" }, w.enter)), said,
    button(w.beside, () => void app.guard(beside)), out);
  return { element, stop: () => job.stop() };
}
