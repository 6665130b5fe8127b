/** What there is to choose in the sandbox. Every change gives an answer at once. */

import type { App } from "../app/app.js";
import { h, newId, tell } from "../app/dom.js";
import { KNOBS, NOW } from "../engine/conventions.js";
import type { Described, Named } from "../engine/contract.js";
import { button, slider, slideTo } from "../story/parts.js";
import { labelOf, MOST, OWN, type Choices } from "./state.js";

function select(label: string, app: App, all: readonly Named[], chosen: string, change: (name: string) => void): HTMLElement {
  const id = newId("choose");
  const element = h("select", { id, change: () => change(element.value) },
    ...all.map((one) => h("option", { value: one.name, selected: one.name === chosen }, app.say(one.label))));
  return h("p", { class: "field" }, h("label", { for: id }, label), element);
}

function knobs(app: App, choices: Choices, changed: () => void): HTMLElement {
  const t = app.t.sandbox, levels = app.engine.catalogue.undercurrents, said = h("p", { class: "note", role: "status" });
  const percent = (value: number): string => app.f.share(value / 100);
  const buttons = levels.map((one, at) => button(`${app.say(one.label)} (${app.f.share(one.knobs.parochialism)})`, () => set(at)));
  const say = (): void => {
    const level = levels.find((one) => KNOBS.every((knob) => Math.abs(one.knobs[knob] - choices.knobs[knob]) < 1e-9));
    tell(said, level ? t.level(app.say(level.label)) : t.ownLevel);
    levels.forEach((one, at) => buttons[at]?.setAttribute("aria-pressed", String(one === level)));
  };
  const sliders = KNOBS.map((knob) => {
    const made = slider(t.knobs[knob], 0, 100, Math.round(100 * choices.knobs[knob]), percent, (value) => {
      choices.knobs = { ...choices.knobs, [knob]: value / 100 };
      say();
      changed();
    });
    const marks = newId("levels");
    made.input.setAttribute("list", marks);
    made.element.append(h("datalist", { id: marks }, ...levels.map((one) => h("option", { value: 100 * one.knobs[knob], label: app.say(one.label) }))));
    return made;
  });
  const set = (at: number): void => {
    const level = levels[at];
    if (level === undefined) return;
    choices.knobs = { ...level.knobs };
    KNOBS.forEach((knob, nth) => {
      const input = sliders[nth]?.input, value = Math.round(100 * level.knobs[knob]);
      if (input) slideTo(input, value, percent(value));
    });
    say();
    changed();
  };
  say();
  return h("fieldset", {}, h("legend", {}, t.undercurrent),
    h("div", { class: "choices", role: "group", "aria-label": t.levels }, ...buttons),
    ...sliders.map((one) => one.element), said);
}

function designs(app: App, choices: Choices, changed: () => void): HTMLElement {
  const t = app.t.sandbox, note = h("p", { class: "note", role: "status" });
  const names = app.engine.catalogue.designs.map((one) => one.name).filter((name) => name !== NOW);
  if (choices.own !== null) names.push(OWN);
  const boxes = names.map((name) => {
    const box = h("input", { type: "checkbox", checked: choices.designs.includes(name), change: () => {
      if (box.checked && choices.designs.length >= MOST) {
        box.checked = false;
        return tell(note, t.most(MOST));
      }
      tell(note, "");
      choices.designs = names.filter((_, at) => boxes[at]?.checked);
      changed();
    } });
    return box;
  });
  return h("details", {}, h("summary", {}, t.designs), h("fieldset", {}, h("legend", {}, t.against),
    ...names.map((name, at) => h("label", { class: "option" }, boxes[at], " ", labelOf(app, choices, name)))), note);
}

function measures(app: App, choices: Choices, changed: () => void): HTMLElement {
  const t = app.t.sandbox;
  const of = (one: Described): HTMLElement => slider(app.say(one.label), 0, 100, Math.round(100 * (choices.measures[one.name] ?? 0)),
    (value) => app.f.share(value / 100), (value) => {
      const { [one.name]: _old, ...rest } = choices.measures;
      choices.measures = value > 0 ? { ...rest, [one.name]: value / 100 } : rest;
      changed();
    }).element;
  return h("details", {}, h("summary", {}, t.measures), h("p", { class: "note" }, t.measuresHow), ...app.engine.catalogue.measures.map(of));
}

export function controls(app: App, choices: Choices, changed: () => void, redraw: () => void): HTMLElement {
  const t = app.t.sandbox, { regions, scenarios } = app.engine.catalogue;
  return h("div", { class: "controls" },
    select(t.region, app, regions, choices.region, (name) => { choices.region = name; redraw(); }),
    select(t.scenario, app, scenarios, choices.scenario, (name) => { choices.scenario = name; changed(); }),
    knobs(app, choices, changed), designs(app, choices, changed), measures(app, choices, changed));
}
