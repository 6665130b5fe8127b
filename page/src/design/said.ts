/** The sentences of Python's checks in both languages, with their fields filled in: `bresim.page.messages`. */

import type { Problem, Text } from "../engine/contract.js";
import { closest } from "./closest.js";

/** What a file can hold. Whole numbers are BigInt, so that 3 and 3.0 are told apart as Python does. */
export type Raw = null | boolean | bigint | number | string | readonly Raw[] | { readonly [key: string]: Raw };
export type Mapping = { readonly [key: string]: Raw };

export const NOTHING: Text = { nl: "", en: "" };
/** Longest value that a sentence repeats. */
const LONGEST = 60;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number as Python writes one that is not whole. */
function floating(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(value) ? `${Object.is(value, -0) ? "-0" : value}.0` : String(value);
}

function literal(value: Raw): string {
  if (typeof value === "string") return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replaceAll("'", "\\'")}'`;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return floating(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (isMapping(value)) return `{${Object.entries(value).map(([key, one]) => `${literal(key)}: ${literal(one)}`).join(", ")}}`;
  return String(value);
}

/** A number with at most so many digits: `:g` of Python. */
export function short(value: number, digits = 6): string {
  const rounded = Number(value.toPrecision(digits)), size = Math.abs(rounded);
  if (size !== 0 && (size < 1e-4 || size >= 10 ** digits)) return rounded.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return String(rounded);
}

export class Words {
  constructor(private readonly messages: Readonly<Record<string, string>>) {}

  said(template: string, values: Readonly<Record<string, string | number | Text>> = {}): Text {
    const dutch = this.messages[template];
    if (dutch === undefined) throw new Error(`the page lacks the sentence "${template}"`);
    const fill = (text: string, lang: keyof Text): string => text.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name: string | undefined) => {
      if (name === undefined) return found[0] as string;
      const value = values[name];
      if (value === undefined) throw new Error(`"${template}" needs ${name}`);
      return typeof value === "object" ? value[lang] : String(value);
    });
    return { nl: fill(dutch, "nl"), en: fill(template, "en") };
  }

  /** A value as the visitor wrote it; a long one is cut off. */
  shown(value: Raw): Text {
    if (value === null || typeof value === "boolean") return { nl: String(value), en: String(value) };
    if (isMapping(value)) return this.said("this value");
    const text = typeof value === "string" ? `'${value}'` : literal(value);
    const cut = [...text].length <= LONGEST ? text : `${[...text].slice(0, LONGEST).join("")}…`;
    return { nl: cut, en: cut };
  }

  /** `did you mean 'x'?`, or all that is known. */
  nearest(name: string, known: readonly string[]): Text {
    const close = closest(name, known);
    if (close !== undefined) return this.said("did you mean '{name}'?", { name: close });
    return known.length > 0 ? this.said("known: {names}", { names: [...new Set(known)].sort().join(", ") }) : NOTHING;
  }

  /** The words that a value can be, the nearest one first. */
  option(given: Raw, words: readonly string[]): Text {
    const options = words.map((word) => `'${word}'`).join(", ");
    const close = closest(typeof given === "string" ? given : literal(given), words);
    if (close === undefined) return this.said("allowed: {names}", { names: options });
    return this.said("did you mean '{name}'? allowed: {options}", { name: close, options });
  }

  notAllowed(where: string, value: Raw, remedies: readonly Text[]): Problem {
    const remedy = remedies.reduce((one, other) => this.said("{one}, or {other}", { one, other }));
    return { where, what: this.said("{value} is not allowed", { value: this.shown(value) }), remedy };
  }
}

/** `where: what; remedy`, without what is empty. */
export function inOneLine(problem: Problem, lang: keyof Text): string {
  const { where } = problem, what = problem.what[lang], remedy = problem.remedy[lang];
  return `${where === "" ? "" : `${where}: `}${what}${remedy === "" ? "" : `; ${remedy}`}`;
}
