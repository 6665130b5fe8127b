/** Build a design: seven cards, its price, the vote on it as soon as it is changed, and the file that Python takes. */

import type { App, Mounted, Section } from "../app/app.js";
import { h, newId, tell } from "../app/dom.js";
import { inOneLine } from "../design/said.js";
import type { Field, FieldValue, Language, OwnDesign, Problem } from "../engine/contract.js";
import { choicesOf, keepChoices, OWN, regionOf } from "../sandbox/state.js";
import { button } from "../story/parts.js";
import { Answer } from "./answer.js";
import { cards } from "./cards.js";
import { fileName, read, write } from "./file.js";
import { autonomy } from "./price.js";
import { played } from "./worth.js";

/** What a design is called of which nothing is left that a name can have. */
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
  const t = app.t.builder, choices = choicesOf(app.get, app.engine.catalogue), { catalogue } = app.engine, region = regionOf(app, choices);
  let design = choices.own ?? copyOf(app, "regiobureau");
  const answer = new Answer(app, choices), names: Readonly<Record<string, string>> = { label_nl: t.names.nl, label_en: t.names.en };
  const wrong = h("div", { class: "problems", role: "status" }), price = h("p", { class: "caption", role: "status" });
  const said = h("div", { class: "note said", role: "status" }), body = h("div"), labels = h("div", { class: "two" });

  /** What is wrong with it; a field is named as its card does. */
  function problems(): Problem[] {
    return app.engine.problems(design, choices.region).map((one) => {
      const field = catalogue.fields.find((of) => `${of.rules}.${of.name}` === one.where);
      return { ...one, where: field ? app.say(field.label) : names[one.where] ?? one.where };
    });
  }

  /** Each in the words in which Python says it. */
  function sentences(found: readonly Problem[]): HTMLElement[] {
    return found.map((one) => h("p", {}, inOneLine(one, app.lang)));
  }

  function changed(): void {
    choices.own = design;
    if (!choices.designs.includes(OWN)) choices.designs = [OWN, ...choices.designs].slice(0, 4);
    keepChoices(app, choices);
    const found = problems(), types = played(app, design).map((type) => (t.types[type].split(":")[0] ?? "").toLowerCase());
    wrong.replaceChildren(...sentences(found));
    tell(price, `${t.played(types.length, app.f.list(types))} ${t.autonomy(app.f.share(autonomy(design, catalogue)))}`);
    if (found.length > 0) answer.clear();
    else answer.soon();
  }

  function name(lang: Language): HTMLElement {
    const id = newId("name"), input = h("input", { id, type: "text", lang, maxlength: 60, value: design.label[lang], change: () => {
      design = { ...design, label: { ...design.label, [lang]: input.value.trim() } };
      changed();
    } });
    return h("p", { class: "field" }, h("label", { for: id }, t.names[lang]), input);
  }

  function set(field: Field, value: FieldValue): void {
    design = { ...design, rules: { ...design.rules, [field.rules]: { ...design.rules[field.rules], [field.name]: value } } };
    changed();
  }

  function draw(): void {
    labels.replaceChildren(name("nl"), name("en"));
    body.replaceChildren(cards(app, region, () => design, set));
    changed();
  }

  function save(): void {
    const file = `${fileName(design.label[app.lang], catalogue, NAME)}.yaml`;
    const link = h("a", { href: URL.createObjectURL(new Blob([write(design, catalogue)], { type: "application/yaml" })), download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    tell(said, t.saved(file));
  }

  async function take(file: File): Promise<void> {
    if (file.size > LARGEST) return tell(said, t.large);
    const found = read(new Uint8Array(await file.arrayBuffer()), file.name, choices.region, app.engine);
    if ("problems" in found) return said.replaceChildren(t.refused, ...sentences(found.problems));
    design = found.design;
    draw();
    tell(said, found.otherwise.length > 0 ? t.otherwise(found.otherwise.join(", ")) : t.opened(file.name));
  }

  const start = newId("start"), file = newId("file");
  const from = h("select", { id: start, change: () => { design = copyOf(app, from.value); draw(); } },
    ...catalogue.designs.map((one) => h("option", { value: one.name, selected: one.name === design.from }, app.say(one.label))));
  const input = h("input", { id: file, type: "file", accept: ".yaml,.yml", change: () => { const chosen = input.files?.[0]; if (chosen) void app.guard(() => take(chosen)); } });
  root.append(h("h2", { tabindex: -1 }, t.title), h("p", { class: "lead" }, t.lead),
    h("div", { class: "bench" },
      h("div", {}, h("p", { class: "field" }, h("label", { for: start }, t.from), from), labels, body, h("p", { class: "note" }, app.t.story.assumed.sources),
        h("div", { class: "field" }, h("label", { for: file }, t.open), input), h("div", { class: "choices" }, button(t.save, save)), said),
      h("div", {}, wrong, price, answer.element)));
  draw();
  return { unmount: () => answer.clear() };
}

export const builder: Section = { name: "build", title: (t) => t.builder.tab, mount };
