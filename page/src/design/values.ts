/** Whether a field can have a value: what pydantic makes of it in `bresim.governance.schema`, and its sentences. */

import type { Field, FieldValue, Problem, Text } from "../engine/contract.js";
import { isMapping, short, type Raw, type Words } from "./said.js";

const ALL_BUT = "all but";
const NUMBER = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+)(e[+-]?\d+)?$/i;
const TRUE = ["1", "on", "t", "true", "y", "yes"], FALSE = ["0", "off", "f", "false", "n", "no"];

/** A value as the model takes it, or what is wrong. */
export type Checked<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A number, also where it is written as text or as yes and no; undefined if it is none. */
function numeric(raw: Raw): number | undefined {
  if (typeof raw === "number") return raw;
  if (typeof raw === "bigint" || typeof raw === "boolean") return Number(raw);
  if (typeof raw !== "string") return undefined;
  const text = raw.trim();
  if (/^[+-]?(inf|infinity|nan)$/i.test(text)) return NaN;
  return NUMBER.test(text) ? Number(text.replaceAll("_", "")) : undefined;
}

export function numberOf(words: Words, where: string, raw: Raw, bounds: Bounds | null, whole = false): Checked<number> {
  const wrong = (remedy: Text): Checked<number> => ({ problems: [words.notAllowed(where, raw, [remedy])] });
  const value = numeric(raw);
  if (value === undefined) return wrong(words.said(whole ? "must be a whole number" : "must be a number"));
  if (bounds !== null && !Number.isFinite(value)) return wrong(words.said("must be a finite number"));
  if (whole && !Number.isInteger(value)) return wrong(words.said("must be a whole number"));
  if (bounds !== null && value > bounds.high) return wrong(words.said("must be at most {limit}", { limit: short(bounds.high, 10) }));
  if (bounds !== null && value < bounds.low) return wrong(words.said("must be at least {limit}", { limit: short(bounds.low, 10) }));
  return { value };
}

export function flagOf(words: Words, where: string, raw: Raw): Checked<boolean> {
  if (typeof raw === "boolean") return { value: raw };
  const text = typeof raw === "string" ? raw.toLowerCase() : typeof raw === "bigint" || typeof raw === "number" ? String(raw) : "";
  if (TRUE.includes(text)) return { value: true };
  if (FALSE.includes(text)) return { value: false };
  return { problems: [words.notAllowed(where, raw, [words.said("must be true or false")])] };
}

function textual(words: Words, raw: Raw): Text {
  const plain = typeof raw === "boolean" || typeof raw === "bigint" || typeof raw === "number";
  return words.said(plain ? "must be text; put it between quotes" : "must be text");
}

export function textOf(words: Words, where: string, raw: Raw, least = 0, pattern: string | null = null, most: number | null = null): Checked<string> {
  if (typeof raw !== "string") return { problems: [words.notAllowed(where, raw, [textual(words, raw)])] };
  if (most !== null && [...raw].length > most) return { problems: [words.notAllowed(where, raw, [words.said("must have at most {limit} characters", { limit: most })])] };
  if (raw.length < least) return { problems: [words.notAllowed(where, raw, [words.said("must not be empty")])] };
  if (pattern !== null && !new RegExp(pattern).test(raw)) {
    return { problems: [words.notAllowed(where, raw, [words.said("use lower case letters, digits and underscores, and begin with a letter")])] };
  }
  return { value: raw };
}

export function wordOf(words: Words, where: string, raw: Raw, allowed: readonly string[]): Checked<string> {
  if (typeof raw === "string" && allowed.includes(raw)) return { value: raw };
  return { problems: [words.notAllowed(where, raw, [words.option(raw, allowed)])] };
}

/** What is wrong with a list of names that is a list of names. */
function wrongList(words: Words, names: readonly string[], municipalities: boolean): Text | undefined {
  if (municipalities && names.includes(ALL_BUT)) {
    if (names[0] !== ALL_BUT) return words.said("write '{all_but}' first: [{all_but}, NAME]", { all_but: ALL_BUT });
    if (names.length === 1) return words.said("name whom to leave out: [{all_but}, NAME]", { all_but: ALL_BUT });
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return twice === undefined ? undefined : words.said("name '{value}' once", { value: twice });
}

/** A list of names, or one of some words (any word, where none is given). */
function namesOf(words: Words, where: string, raw: Raw, field: Field): Checked<FieldValue> {
  if (typeof raw === "string" && (field.words.length === 0 || field.words.includes(raw))) return { value: raw };
  const word = field.words.length === 0 ? textual(words, raw) : words.option(raw, field.words);
  if (!Array.isArray(raw)) return { problems: [words.notAllowed(where, raw, [word, words.said("must be a list: [a, b]")])] };
  const names = raw.filter((one): one is string => typeof one === "string");
  const items = raw.flatMap((one: Raw, at) => (typeof one === "string" ? [] : [words.notAllowed(`${where}.${at}`, one, [textual(words, one)])]));
  const few = names.length === 0 ? [words.said("name at least {limit}", { limit: 1 })] : [];
  if (items.length > 0 || few.length > 0) return { problems: [words.notAllowed(where, raw, [word, ...few]), ...items] };
  const wrong = wrongList(words, names, field.rules !== "scope");
  return wrong === undefined ? { value: names } : { problems: [words.notAllowed(where, raw, [wrong])] };
}

export function fieldValue(words: Words, field: Field, raw: Raw): Checked<FieldValue> {
  const where = `${field.rules}.${field.name}`;
  switch (field.kind) {
    case "share":
      return numberOf(words, where, raw, field);
    case "whole":
      return numberOf(words, where, raw, field, true);
    case "flag":
      return flagOf(words, where, raw);
    case "word":
      return wordOf(words, where, raw, field.words);
    case "design":
      return raw === null ? { value: null } : textOf(words, where, raw);
    case "names":
      return namesOf(words, where, raw, field);
  }
}

/** Whether a value is of the kind of its field as it stands, and need not be read as one. */
export function exact(field: Field, raw: Raw): boolean {
  switch (field.kind) {
    case "share":
      return typeof raw === "number" || typeof raw === "bigint";
    case "whole":
      return typeof raw === "bigint";
    case "flag":
      return typeof raw === "boolean";
    default:
      return !isMapping(raw);
  }
}
