/** What the shell gives to each section of the page. */

import type { Catalogue, Engine, Language, Statistics, Text } from "../engine/contract.js";
import type { Texts } from "../texts/index.js";
import type { Format } from "./format.js";

export interface App {
  readonly engine: Engine;
  readonly statistics: Statistics;
  readonly lang: Language;
  /** Texts and numbers in the language of the page. */
  readonly t: Texts;
  readonly f: Format;
  say(text: Text): string;
  /** A value in the link, or null; setting null removes it. */
  get(name: string): string | null;
  set(name: string, value: string | number | null): void;
  /** What a section keeps as long as the page is open, also when the language changes; made at the first call. */
  keep<T>(name: string, make: () => T): T;
  /** What comes of some work; where it fails the page says why in a sentence, and undefined comes of it. */
  guard<T>(work: () => Promise<T>): Promise<T | undefined>;
}

export interface Mounted {
  /** Stop everything that goes on and let go of listeners. The shell empties the root. */
  unmount(): void;
}

export type Mount = (root: HTMLElement, app: App) => Mounted;

/** Whether a value of a link can be taken, by the name of the value. */
export type Reads = Readonly<Record<string, (text: string) => boolean>>;

/** A section of the page, behind a tab. */
export interface Section {
  readonly reads?: (catalogue: Catalogue) => Reads;
  readonly name: string;
  readonly title: (t: Texts) => string;
  readonly mount: Mount;
}
