/** What the table did, kept in the open page only; nothing of it is in the link. */

import type { App } from "../../app/app.js";
import type { Run } from "../../engine/contract.js";
import { regionOf, runOf } from "../../story/story.js";
import { WORDS, type Words } from "./texts.js";

/** Futures of role cards and votes. */
export const FUTURES = 20;

export interface Table {
  /** `municipality:design` → vote. */
  readonly votes: Map<string, boolean>;
}

export const newTable = (): Table => ({ votes: new Map() });
export const wordsOf = (app: App): Words => WORDS[app.lang];
export const townsOf = (app: App): readonly string[] => regionOf(app).municipalities.map((one) => one.name);

export async function runsOf(app: App, design: string): Promise<readonly Run[]> {
  return Promise.all(Array.from({ length: FUTURES }, (_, at) => app.engine.single(runOf(app, "report", design, at))));
}

/** Print one part only: the rest is hidden on paper. */
export function printOnly(part: HTMLElement): void {
  part.classList.add("on-paper");
  print();
  part.classList.remove("on-paper");
}
