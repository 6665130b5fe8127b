/** Whom or what a field names: a fixed word, a group of the region, or municipalities (or themes) one by one. */

import type { App } from "../app/app.js";
import { h, newId } from "../app/dom.js";
import type { Field, FieldValue, Named, Region } from "../engine/contract.js";

const ALL_BUT = "all but";
/** What the select says where names are chosen one by one: no name, as a space cannot be one. */
const PICKED = " ";

function wordsOf(field: Field, region: Region): Named[] {
  const path = `${field.rules}.${field.name}`;
  const fixed = Object.entries(field.wordLabels).map(([name, label]) => ({ name, label }));
  const groups = Object.keys(region.groups).map((name) => ({ name, label: region.groupLabels[name] ?? { nl: name, en: name } }));
  if (path === "boundary.eligible") return [...fixed, ...groups];
  return fixed.filter((one) => one.name !== "steering_group" || region.groups["steering_group"] !== undefined);
}

/** Numbers of what a value names. */
export function picked(value: FieldValue, items: readonly Named[], region: Region): number[] {
  const all = items.map((_, at) => at);
  if (Array.isArray(value)) {
    const others = value[0] === ALL_BUT;
    return all.filter((at) => value.includes(items[at]?.name ?? "") !== others);
  }
  if (value === "all") return all;
  if (value === "centres") return all.filter((at) => region.municipalities[at]?.centre === true);
  return [...(region.groups[String(value)] ?? [])];
}

export function namesControl(app: App, field: Field, value: FieldValue, region: Region, set: (value: FieldValue) => void, about: string): HTMLElement {
  const t = app.t.builder, id = newId("names"), words = wordsOf(field, region);
  const items: readonly Named[] = field.name === "themes" ? region.themes : region.municipalities.map(({ name }) => ({ name, label: { nl: name, en: name } }));
  const list = h("fieldset", { class: "pick" }, h("legend", {}, t.picked));
  const select = h("select", { id, "aria-describedby": about, change: () => chosen() },
    ...[...words, { name: PICKED, label: { nl: t.pick, en: t.pick } }].map((one) =>
      h("option", { value: one.name, selected: one.name === (Array.isArray(value) ? PICKED : value) }, app.say(one.label))));

  function draw(from: FieldValue): void {
    list.hidden = select.value !== PICKED;
    if (list.hidden) return list.replaceChildren();
    const marked = picked(from, items, region);
    const boxes = items.map((_, at) => h("input", { type: "checkbox", checked: marked.includes(at), change: () => set(items.flatMap((one, nth) => (boxes[nth]?.checked ? [one.name] : []))) }));
    list.replaceChildren(h("legend", {}, t.picked), ...items.map((one, at) => h("label", { class: "option" }, boxes[at], " ", app.say(one.label))));
  }

  function chosen(): void {
    const before = value;
    value = select.value === PICKED ? picked(before, items, region).map((at) => items[at]?.name ?? "") : select.value;
    draw(value);
    set(value);
  }

  draw(value);
  return h("div", { class: "field" }, h("label", { for: id }, app.say(field.label)), select, list);
}
