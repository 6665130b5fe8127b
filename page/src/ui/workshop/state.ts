/** What the table did, kept in the open page only; nothing of it is in the link. */

import type { App } from "../../app/app.js";
import { h, newId } from "../../app/dom.js";
import type { Run } from "../../engine/contract.js";
import { regionOf, runOf } from "../../story/story.js";
import { WORDS, type Words } from "./texts.js";

/** Futures of role cards and votes, each with another parameter set. */
export const FUTURES = 20;

export interface Table {
  /** `municipality:design` → vote. */
  readonly votes: Map<string, boolean>;
  /** Rounds that were played, as rows of a table; the last first. */
  readonly rounds: string[][];
}

export const newTable = (): Table => ({ votes: new Map(), rounds: [] });
export const wordsOf = (app: App): Words => WORDS[app.lang];
export const townsOf = (app: App): readonly string[] => regionOf(app).municipalities.map((one) => one.name);

/** A part of the workshop; `stop` ends what it has the model calculate. */
export interface Part {
  readonly element: HTMLElement;
  stop(): void;
}

/** What a part has the model calculate: a later job ends the one before. */
export class Job {
  private control = new AbortController();

  start(): AbortSignal {
    this.control.abort();
    this.control = new AbortController();
    return this.control.signal;
  }

  stop(): void {
    this.control.abort();
  }
}

/** The first quarters of some futures of a design. */
export async function runsOf(app: App, design: string, quarters: number, signal: AbortSignal): Promise<readonly Run[]> {
  const step = app.engine.catalogue.replicatesPerSet;
  return Promise.all(Array.from({ length: FUTURES }, (_, at) =>
    app.engine.single(runOf(app, "report", design, at * step), { signal, quarters, changes: false })));
}

export interface Choice {
  readonly element: HTMLElement;
  at(): number;
  set(at: number): void;
}

export function choice(label: string, options: readonly string[], changed: () => void = () => undefined): Choice {
  const id = newId("choice"), select = h("select", { id, change: changed }, ...options.map((one, at) => h("option", { value: at }, one)));
  return { element: h("p", { class: "field" }, h("label", { for: id }, label), select), at: () => Number(select.value), set: (at) => { select.value = String(at); } };
}

/** A whole number from 0, below `most`, that nobody can foresee. */
export function drawn(most: number): number {
  return Math.floor(((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32) * most);
}

/** Print one part only: the rest is hidden on paper, until a phone has made its pages too. */
export function printOnly(part: HTMLElement): void {
  for (const other of document.querySelectorAll(".on-paper")) other.classList.remove("on-paper");
  part.classList.add("on-paper");
  addEventListener("afterprint", () => part.classList.remove("on-paper"), { once: true });
  print();
}
