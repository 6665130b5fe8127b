/** Build a design: seven cards, its price, the vote on it, and the file that Python takes. */

import type { App, Mounted, Section } from "../app/app.js";
import { h, newId, tell } from "../app/dom.js";
import type { OwnDesign, Problem } from "../engine/contract.js";
import { choicesOf, keepChoices, NOW, OWN, regionOf } from "../sandbox/state.js";
import { FEW, fewRuns, townTable } from "../sandbox/towns.js";
import { button } from "../story/parts.js";
import { cards } from "./cards.js";
import { open, write } from "./file.js";
import { autonomy, staff } from "./price.js";

const NAME = "my_design";
/** A design file is some kilobytes; a larger file is another kind of file. */
const LARGEST = 200_000;

function copyOf(app: App, name: string): OwnDesign {
  const { designs } = app.engine.catalogue, from = designs.find((one) => one.name === name) ?? designs[0];
  if (from === undefined) throw new Error("a page has at least one design");
  const t = app.t.builder;
  return { name: NAME, label: { nl: t.mineNl(from.label.nl), en: t.mineEn(from.label.en) }, rules: from.rules, from: from.name };
}

function mount(root: HTMLElement, app: App): Mounted {
  const t = app.t.builder, choices = choicesOf(app.get, app.engine.catalogue), { catalogue } = app.engine;
  let design = choices.own ?? copyOf(app, "regiobureau");
  let control = new AbortController();
  const wrong = h("div", { class: "problems", role: "status" }), price = h("p", { class: "caption", role: "status" });
  const said = h("p", { class: "note", role: "status" }), out = h("div"), body = h("div");

  function problems(): readonly Problem[] {
    return app.engine.problems(design, choices.region);
  }

  function changed(): void {
    control.abort();
    out.replaceChildren();
    choices.own = design;
    if (!choices.designs.includes(OWN)) choices.designs = [OWN, ...choices.designs].slice(0, 4);
    keepChoices(app, choices);
    const found = problems();
    wrong.replaceChildren(...found.map((one) => h("p", {}, `${one.where}: ${app.say(one.what)}. ${app.say(one.remedy)}`.trim())));
    vote.disabled = found.length > 0;
    tell(price, t.autonomy(app.f.share(autonomy(design, catalogue))));
  }

  function draw(): void {
    body.replaceChildren(cards(app, () => design, (field, value) => {
      design = { ...design, rules: { ...design.rules, [field.rules]: { ...design.rules[field.rules], [field.name]: value } } };
      changed();
    }));
    changed();
  }

  async function found(): Promise<void> {
    control.abort();
    control = new AbortController();
    const { signal } = control, size = regionOf(app, choices).municipalities.length;
    out.replaceChildren(h("p", { role: "status" }, app.t.sandbox.counting(2 * FEW)));
    const runs = await app.guard(async () => Promise.all([fewRuns(app, choices, OWN, signal), fewRuns(app, choices, NOW, signal)]));
    if (runs === undefined || signal.aborted) return;
    const [own, now] = runs, { mean, quantile } = app.statistics;
    const more = Float64Array.from(own, (run, at) => { const other = now[at]; return staff(run, size) - (other ? staff(other, size) : NaN); });
    const f = (value: number): string => app.f.signed(value, 0);
    out.replaceChildren(
      h("p", { class: "caption", role: "status" }, t.founded(own.filter((run) => run.outcomes["adopted"] === 1).length, FEW), " ", t.staff(f(mean(more)), f(quantile(more, 0.05)), f(quantile(more, 0.95)))),
      townTable(app, choices, OWN, own), h("p", { class: "note" }, app.t.sandbox.townsHow));
  }

  function save(): void {
    const link = h("a", { href: URL.createObjectURL(new Blob([write(design, catalogue)], { type: "application/yaml" })), download: `${design.name}.yaml` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    tell(said, t.saved(`${design.name}.yaml`));
  }

  async function take(file: File): Promise<void> {
    if (file.size > LARGEST) return tell(said, t.large);
    const name = file.name.replace(/\.ya?ml$/i, "").replace(/[^A-Za-z0-9_]/g, "_") || NAME;
    const read = open(await file.text(), name, catalogue);
    if ("wrong" in read) return tell(said, `${t.refused} ${app.say(read.wrong)}`);
    const bad = app.engine.problems(read.design, choices.region)[0];
    if (bad !== undefined) return tell(said, `${t.refused} ${bad.where}: ${app.say(bad.what)}. ${app.say(bad.remedy)}`.trim());
    design = read.design;
    draw();
    tell(said, read.otherwise.length > 0 ? t.otherwise(read.otherwise.join(", ")) : t.opened(file.name));
  }

  const vote = button(t.found, () => void app.guard(found), { kind: "main" });
  const start = newId("start"), file = newId("file");
  const from = h("select", { id: start, change: () => { design = copyOf(app, from.value); draw(); } },
    ...catalogue.designs.map((one) => h("option", { value: one.name, selected: one.name === design.from }, app.say(one.label))));
  const input = h("input", { id: file, type: "file", accept: ".yaml,.yml", change: () => { const chosen = input.files?.[0]; if (chosen) void app.guard(() => take(chosen)); } });
  root.append(h("h2", { tabindex: -1 }, t.title), h("p", { class: "lead" }, t.lead), h("p", { class: "field" }, h("label", { for: start }, t.from), from),
    h("div", { class: "field" }, h("label", { for: file }, t.open), input), h("div", { class: "choices" }, button(t.save, save)), said,
    body, wrong, price, h("div", { class: "choices" }, vote), out);
  draw();
  return { unmount: () => control.abort() };
}

export const builder: Section = { name: "build", title: (t) => t.builder.tab, mount };
