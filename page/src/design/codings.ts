/** What the values of a file rest on: `bresim.governance.codings.split` and `problems_in`, in TypeScript. */

import type { Content } from "../engine/content.js";
import type { Field, FieldValue, Problem, Rules, Text } from "../engine/contract.js";
import { isMapping, NOTHING, short, type Mapping, type Raw, type Words } from "./said.js";
import { fieldValue, numberOf, textOf, wordOf, type Checked } from "./values.js";

/** What a file says that a value rests on, before it is checked. */
export type Given = Map<string, Raw>;

type Form = Pick<Content, "fields" | "allDesigns" | "designFile">;

export interface DesignFile {
  /** Fields beside the rules, in order. */
  readonly about: readonly { readonly name: string; readonly kind: "text" | "flag"; readonly least: number; readonly most: number | null; readonly pattern: string | null; readonly required: boolean }[];
  readonly evidence: readonly string[];
  /** Fields of which 0 says that there is no rule. */
  readonly switches: readonly string[];
  /** Designs that a file can refer to. */
  readonly shipped: readonly string[];
}

const KEYS = ["evidence", "source", "range", "origin"];

/** A value of a design as a file would have it. */
export function rawOf(value: unknown): Raw {
  if (Array.isArray(value)) return value.map(rawOf);
  if (isMapping(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rawOf(one)]));
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : (value as Raw);
}

/** Take `{value: …}` and `{as: …}` of one section apart. */
export function split(words: Words, form: Form, section: string, given: Mapping, codings: Given): { values: Record<string, Raw>; problems: Problem[] } {
  const values: Record<string, Raw> = {}, problems: Problem[] = [];
  // plain values first, as Python has them: an unknown key is told in that order
  const entries = Object.entries(given), plain = entries.filter(([, entry]) => !isMapping(entry));
  for (const [field, entry] of [...plain, ...entries.filter(([, one]) => isMapping(one))]) {
    const path = `${section}.${field}`;
    if (!isMapping(entry)) {
      values[field] = entry;
    } else if (!("as" in entry)) {
      const { value, ...coding } = entry;
      if (value === undefined) {
        problems.push({ where: `${path}.value`, what: words.said("is missing"), remedy: words.said("add it, or name another design: {{as: status_quo}}") });
      } else {
        values[field] = value;
        codings.set(path, coding);
      }
    } else {
      const wrong = asOther(words, form, section, field, entry, values, codings);
      if (wrong) problems.push(wrong);
    }
  }
  return { values, problems };
}

function asOther(words: Words, form: Form, section: string, field: string, entry: Mapping, values: Record<string, Raw>, codings: Given): Problem | undefined {
  const path = `${section}.${field}`, other = Object.keys(entry).find((key) => key !== "as");
  if (other !== undefined) {
    return { where: path, what: words.said("has both 'as' and '{other}'", { other }), remedy: words.said("'as' takes all from the other design: leave one out") };
  }
  const name = String(entry["as"]), { shipped } = form.designFile;
  const design = shipped.includes(name) ? form.allDesigns.find((one) => one.name === name) : undefined;
  if (design === undefined) return { where: `${path}.as`, what: words.said("unknown design '{name}'", { name }), remedy: words.nearest(name, shipped) };
  const value = design.rules[section as keyof Rules][field];
  values[field] = value === undefined ? null : rawOf(value); // an unknown key is reported with its place
  const coding = design.codings[path];
  if (coding !== undefined) codings.set(path, { evidence: coding.evidence, source: coding.source, range: rawOf(coding.range) });
  return undefined;
}

export interface Coding {
  readonly evidence: string;
  readonly source: string;
  readonly range: readonly [number, number] | null;
}

/** A coding without what is wrong with it, null where that cannot be left out; and what is wrong. */
export function codingOf(words: Words, form: Form, path: string, given: Mapping): { coding: Coding | null; problems: Problem[] } {
  const problems: Problem[] = [];
  const take = <T>(checked: Checked<T>): T | undefined => {
    if ("value" in checked) return checked.value;
    problems.push(...checked.problems);
    return undefined;
  };
  const evidence = given["evidence"] === undefined
    ? take<string>({ problems: [{ where: `${path}.evidence`, what: words.said("is missing"), remedy: words.said("add it") }] })
    : take(wordOf(words, `${path}.evidence`, given["evidence"], form.designFile.evidence));
  const source = given["source"] === undefined ? "" : take(textOf(words, `${path}.source`, given["source"]));
  const range = given["range"] === undefined || given["range"] === null ? null : take(rangeOf(words, `${path}.range`, given["range"]));
  if (given["origin"] !== undefined) take(textOf(words, `${path}.origin`, given["origin"]));
  for (const key of Object.keys(given)) {
    if (!KEYS.includes(key)) problems.push({ where: `${path}.${key}`, what: words.said("unknown key"), remedy: words.nearest(key, KEYS) });
  }
  return { coding: evidence === undefined ? null : { evidence, source: source ?? "", range: range ?? null }, problems };
}

function rangeOf(words: Words, where: string, raw: Raw): Checked<readonly [number, number]> {
  if (!Array.isArray(raw)) return { problems: [words.notAllowed(where, raw, [words.said("must be a list: [a, b]")])] };
  if (raw.length > 2) return { problems: [words.notAllowed(where, raw, [words.said("name at most {limit}", { limit: 2 })])] };
  const problems: Problem[] = [], ends: number[] = [];
  for (const at of [0, 1]) {
    const one = raw[at] as Raw | undefined, place = `${where}.${at}`;
    if (one === undefined) problems.push({ where: place, what: words.said("is missing"), remedy: words.said("add it") });
    else {
      const end = numberOf(words, place, one, null);
      if ("value" in end) ends.push(end.value);
      else problems.push(...end.problems);
    }
  }
  return problems.length > 0 ? { problems } : { value: [ends[0] as number, ends[1] as number] };
}

/** What is wrong with sound codings beside the values that they are of. */
export function wrongCodings(words: Words, form: Form, codings: ReadonlyMap<string, Coding>, valueAt: (field: Field) => FieldValue): Problem[] {
  const problems: Problem[] = [];
  for (const [path, coding] of codings) {
    const field = form.fields.find((one) => `${one.rules}.${one.name}` === path);
    if (field === undefined) {
      problems.push({ where: path, what: words.said("says what a value rests on, and there is no such field"), remedy: NOTHING });
      continue;
    }
    if (coding.evidence !== "judgement" && coding.source === "") {
      problems.push({ where: `${path}.source`, what: words.said("is missing"), remedy: words.said("'{evidence}' names a passage: add it", { evidence: coding.evidence }) });
    }
    if (coding.range !== null) problems.push(...wrongRange(words, form, field, coding.range, valueAt(field)));
  }
  return problems;
}

function wrongRange(words: Words, form: Form, field: Field, [low, high]: readonly [number, number], value: FieldValue): Problem[] {
  const path = `${field.rules}.${field.name}`, where = `${path}.range`, told = `[${short(low)}, ${short(high)}]`;
  if (typeof value !== "number") {
    const shown = words.shown(rawOf(value));
    return [{ where, what: words.said("{shown} is no number, so it has no range", { shown }), remedy: words.said("leave the range out") }];
  }
  const problems: Problem[] = [];
  if (!(low <= value && value <= high)) {
    problems.push({ where, what: words.said("{told} does not hold the value {value}", { told, value: short(value) }), remedy: words.said("write [low, high], with the value between them") });
  }
  for (const end of [low, high]) {
    const checked = fieldValue(words, field, Number.isInteger(end) && field.kind === "whole" ? BigInt(end) : end);
    const remedy: Text | undefined = "problems" in checked ? checked.problems[0]?.remedy : undefined;
    if (remedy) problems.push({ where, what: words.said("{value} is not allowed", { value: short(end) }), remedy });
  }
  if (form.designFile.switches.includes(path) && low === 0 && high > 0) {
    problems.push({ where, what: words.said("{told} holds 0, which means none", { told }), remedy: words.said("begin above 0") });
  }
  return problems;
}
