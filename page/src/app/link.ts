/**
 * What a visitor chose, in the part of the address after #: nothing is stored, and nothing is sent anywhere.
 *
 * `#v=1&m=1a2b3c4d&lang=nl&at=story&scene=3`. `v` is the version of this form, `m` the digest of the model's rules.
 */

export const VERSION = "1";
const DIGITS = 8;
const NAME = /^[a-z][a-z0-9_]*$/;

export interface Link {
  readonly values: ReadonlyMap<string, string>;
  /** What a reader must be told: it is no whole link or one of another form (and was not read), or of another model. */
  readonly notice: "broken" | "form" | "model" | null;
}

export function readLink(hash: string, digest: string): Link {
  const read = new URLSearchParams(hash.replace(/^#/, ""));
  const values = new Map([...read].filter(([name]) => NAME.test(name) && name !== "v" && name !== "m"));
  const version = read.get("v");
  if (version === null) return { values: new Map(), notice: [...values.values()].some((text) => text !== "") ? "broken" : null };
  if (version !== VERSION) return { values: new Map([...values].filter(([name]) => name === "lang")), notice: "form" };
  return { values, notice: [null, digest.slice(0, DIGITS)].includes(read.get("m")) ? null : "model" };
}

export function writeLink(values: ReadonlyMap<string, string>, digest: string): string {
  const written = new URLSearchParams({ v: VERSION, m: digest.slice(0, DIGITS) });
  for (const name of [...values.keys()].sort()) written.set(name, values.get(name) ?? "");
  return `#${written.toString()}`;
}

/** A whole number from `low` to `high` of a link, or null where there is none. */
export function wholeOf(text: string | null, low: number, high: number): number | null {
  if (text === null || !/^\d{1,9}$/.test(text)) return null;
  const number = Number(text);
  return number >= low && number <= high ? number : null;
}
