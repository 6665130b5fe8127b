/** A card for each of the seven rule types: what each field means, a control for it, and what its value rests on. */

import type { App } from "../app/app.js";
import { h, newId } from "../app/dom.js";
import type { Field, FieldValue, OwnDesign, Region, RuleType } from "../engine/contract.js";
import { slider } from "../story/parts.js";
import { same, valueOf } from "./file.js";
import { namesControl } from "./names.js";
import { autonomyOf } from "./price.js";

export const TYPES: readonly RuleType[] = ["position", "boundary", "choice", "aggregation", "information", "payoff", "scope"];

type Set = (value: FieldValue) => void;

function labelled(label: string, control: HTMLElement): HTMLElement {
  const id = newId("field");
  control.id = id;
  return h("div", { class: "field" }, h("label", { for: id }, label), control);
}

/** `about` is the id of what explains the field. */
function control(app: App, field: Field, value: FieldValue, region: Region, set: Set, about: string): HTMLElement {
  const label = app.say(field.label), described = { "aria-describedby": about };
  switch (field.kind) {
    case "share": {
      const made = slider(label, 0, Math.round(100 * field.high), Math.round(100 * Number(value)), (one) => app.f.share(one / 100), (one) => set(one / 100));
      made.input.setAttribute("aria-describedby", about);
      return made.element;
    }
    case "whole": {
      const input = h("input", { ...described, type: "number", min: field.low, max: field.high, step: 1, value: Number(value), change: () => set(input.value === "" ? null : Number(input.value)) });
      return labelled(label, input);
    }
    case "flag": {
      const box = h("input", { ...described, type: "checkbox", checked: value === true, change: () => set(box.checked) });
      return h("label", { class: "option" }, box, " ", label);
    }
    case "word":
    case "design": {
      const all = field.kind === "word" ? field.words.map((name) => ({ name, label: app.say(field.wordLabels[name] ?? { nl: name, en: name }) }))
        : [{ name: "", label: app.t.builder.none }, ...app.engine.catalogue.designs.map((one) => ({ name: one.name, label: app.say(one.label) }))];
      const select = h("select", { ...described, change: () => set(select.value === "" ? null : select.value) },
        ...all.map((one) => h("option", { value: one.name, selected: one.name === (value ?? "") }, one.label)));
      return labelled(label, select);
    }
    case "names":
      return namesControl(app, field, value, region, set, about);
  }
}

/** What the value of the design that it was changed from rests on, as long as it has that value. */
function ground(app: App, design: OwnDesign, field: Field): string {
  const t = app.t.builder, from = app.engine.catalogue.designs.find((one) => one.name === design.from);
  const coding = from?.codings[`${field.rules}.${field.name}`];
  if (from === undefined || coding === undefined) return "";
  if (!same(valueOf(design, field), valueOf(from, field))) return t.changed(app.say(from.label));
  const write = (value: number): string => (field.kind === "share" ? app.f.share(value) : app.f.number(value));
  const range = coding.range === null ? "" : t.range(write(coding.range[0]), write(coding.range[1]));
  return `${t.evidence[coding.evidence]} ${range} ${coding.source}`.replace(/ +/g, " ").trim();
}

export function cards(app: App, region: Region, design: () => OwnDesign, set: (field: Field, value: FieldValue) => void): HTMLElement {
  const t = app.t.builder, { fields } = app.engine.catalogue;
  const card = (type: RuleType): HTMLElement => {
    const price = h("span", { class: "price" });
    const draw = (): void => {
      const share = autonomyOf(design(), type, app.engine.catalogue);
      price.textContent = share > 0 ? t.cardPrice(app.f.share(share)) : "";
    };
    draw();
    return h("details", { class: "card" }, h("summary", {}, h("span", {}, t.types[type]), price), ...fields.filter((one) => one.rules === type).map((field) => {
      const about = newId("about"), note = h("p", { class: "note" }, ground(app, design(), field));
      const changed = (value: FieldValue): void => {
        set(field, value);
        note.textContent = ground(app, design(), field);
        draw();
      };
      return h("div", { class: "rule" }, control(app, field, valueOf(design(), field), region, changed, about),
        h("p", { class: "meaning", id: about }, capital(app.say(field.meaning))), note);
    }));
  };
  return h("div", { class: "cards" }, ...TYPES.map(card));
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
