/** Parts that more than one scene has. */

import type { App } from "../app/app.js";
import { h, newId, tell } from "../app/dom.js";
import { nameOf, regionOf, townOf, type PromiseState } from "./story.js";

/** Takes a scene down. */
export type Stop = () => void;

export interface Scene {
  readonly key: "trust" | "talks" | "promise" | "retold" | "worlds" | "design" | "assumed";
  readonly mount: (root: HTMLElement, app: App) => Stop;
}

export function button(text: string, press: () => void, extra: { kind?: "main"; disabled?: boolean } = {}): HTMLButtonElement {
  return h("button", { type: "button", class: extra.kind ?? "", click: press, disabled: extra.disabled ?? false }, text);
}

/** The sentence that says what happened: read out when it changes. */
export function caption(): HTMLParagraphElement {
  return h("p", { class: "caption", role: "status", "aria-live": "polite" });
}

/** A labelled choice of the municipality that the visitor stands for. */
export function townChoice(app: App, chosen: (town: number) => void): HTMLElement {
  const id = newId("town"), town = townOf(app);
  const select = h("select", { id, change: () => chosen(Number(select.value)) },
    ...regionOf(app).municipalities.map((one, at) => h("option", { value: at, selected: at === town }, one.name)));
  return h("p", { class: "field" }, h("label", { for: id }, app.t.story.town), select);
}

/** A labelled slider with its value beside it. */
export function slider(
  label: string, low: number, high: number, value: number, shown: (value: number) => string, moved: (value: number) => void,
): { element: HTMLElement; input: HTMLInputElement } {
  const id = newId("slider"), output = h("output", { for: id }, shown(value));
  const input = h("input", {
    id, type: "range", min: low, max: high, step: 1, value, "aria-valuetext": shown(value),
    input: () => {
      output.textContent = shown(Number(input.value));
      input.setAttribute("aria-valuetext", shown(Number(input.value)));
      moved(Number(input.value));
    },
  });
  return { element: h("div", { class: "field" }, h("label", { for: id }, label), h("div", { class: "slide" }, input, output)), input };
}

export interface Guess {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** null until the visitor has moved it. */
  value(): number | null;
}

/** A slider for a prediction: it shows no value until the visitor gives one, as any other would steer the guess. */
export function guess(app: App, label: string, low: number, high: number, shown: (value: number) => string): Guess {
  let value: number | null = null;
  const made = slider(label, low, high, low, shown, take), { input } = made;
  function take(given: number): void {
    value = given;
    input.classList.remove("open");
  }
  slideTo(input, low, app.t.story.touch);
  input.setAttribute("aria-valuetext", app.t.story.noGuess);
  input.classList.add("open");
  input.addEventListener("click", () => { // where it stood already no input event tells of it
    take(Number(input.value));
    slideTo(input, Number(input.value), shown(Number(input.value)));
  });
  return { ...made, value: () => value };
}

/** Whether every prediction was given; if not, `note` says so and the first that lacks has the focus. */
export function allGuessed(app: App, guesses: readonly Guess[], note: HTMLElement): boolean {
  const open = guesses.find((one) => one.value() === null);
  tell(note, open ? app.t.story.guessFirst : "");
  open?.input.focus();
  return open === undefined;
}

/** Set a slider from elsewhere than the visitor's hand. */
export function slideTo(input: HTMLInputElement, value: number, shown: string): void {
  input.value = String(value);
  input.setAttribute("aria-valuetext", shown);
  const output = input.parentElement?.querySelector("output");
  if (output) output.textContent = shown;
}

/** Numbers side by side; the first cell of a row is its heading. On a phone each cell says its column. */
export function table(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return h("div", { class: "scroll" }, h("table", {}, h("caption", {}, title),
    h("thead", {}, h("tr", {}, ...columns.map((one) => h("th", { scope: "col" }, one)))),
    h("tbody", {}, ...rows.map(([head, ...cells]) => h("tr", {}, h("th", { scope: "row" }, head ?? ""),
      ...cells.map((cell, at) => h("td", { "data-label": columns[at + 1] ?? "" }, cell)))))));
}

/** Words for how an example was found. */
export function lookedFor(app: App, replicate: number, looked: PromiseState["looked"]): HTMLElement {
  const t = app.t.story;
  return h("p", { class: "note" }, "towns" in looked ? t.promise.most(replicate + 1, looked.towns) : t.looked(replicate + 1, looked.tried));
}

export { nameOf };
