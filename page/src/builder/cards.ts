/** A card for each of the seven rule types, with a control for each of its fields and what the value rests on. */

import type { App } from "../app/app.js";
import { h, newId } from "../app/dom.js";
import type { Field, FieldValue, OwnDesign, RuleType } from "../engine/contract.js";
import { slider } from "../story/parts.js";
import { same, valueOf } from "./file.js";

export const TYPES: readonly RuleType[] = ["position", "boundary", "choice", "aggregation", "information", "payoff", "scope"];

type Set = (value: FieldValue) => void;

function labelled(label: string, control: HTMLElement): HTMLElement {
  const id = newId("field");
  control.id = id;
  return h("div", { class: "field" }, h("label", { for: id }, label), control);
}

function control(app: App, field: Field, label: string, value: FieldValue, set: Set): HTMLElement {
  switch (field.kind) {
    case "share":
      return slider(label, 0, Math.round(100 * field.high), Math.round(100 * Number(value)), (one) => app.f.share(one / 100), (one) => set(one / 100)).element;
    case "whole": {
      const input = h("input", { type: "number", min: field.low, max: field.high, step: 1, value: Number(value), change: () => set(input.value === "" ? null : Number(input.value)) });
      return labelled(label, input);
    }
    case "flag": {
      const box = h("input", { type: "checkbox", checked: value === true, change: () => set(box.checked) });
      return h("label", { class: "option" }, box, " ", label);
    }
    case "word":
    case "design": {
      const { designs } = app.engine.catalogue;
      const all = field.kind === "word" ? field.words.map((name) => ({ name, label: name.replaceAll("_", " ") }))
        : [{ name: "", label: app.t.builder.none }, ...designs.map((one) => ({ name: one.name, label: app.say(one.label) }))];
      const select = h("select", { change: () => set(select.value === "" ? null : select.value) },
        ...all.map((one) => h("option", { value: one.name, selected: one.name === (value ?? "") }, one.label)));
      return labelled(label, select);
    }
    case "names": {
      // one word is a group, several are a list of names
      const input = h("input", { type: "text", value: Array.isArray(value) ? value.join(", ") : String(value), change: () => {
        const names = input.value.split(",").map((one) => one.trim()).filter((one) => one !== "");
        const word = names.length === 1 && ["none", "all", "steering_group", "centres", "tripool", "middengebied", "regio_deal"].includes(names[0] ?? "");
        set(word ? (names[0] ?? "") : names);
      } });
      return labelled(label, input);
    }
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

export function cards(app: App, design: () => OwnDesign, set: (field: Field, value: FieldValue) => void): HTMLElement {
  const t = app.t.builder, { fields } = app.engine.catalogue;
  const card = (type: RuleType): HTMLElement => h("details", { class: "card" }, h("summary", {}, t.types[type]),
    ...fields.filter((one) => one.rules === type).map((field) => {
      const label = t.fields[`${type}.${field.name}` as keyof typeof t.fields] ?? field.name;
      const note = h("p", { class: "note" }, ground(app, design(), field));
      return h("div", {}, control(app, field, label, valueOf(design(), field), (value) => { set(field, value); note.textContent = ground(app, design(), field); }), note);
    }));
  return h("div", { class: "cards" }, ...TYPES.map(card));
}
