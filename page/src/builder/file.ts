/** A design as the file that `bresim run governance=FILE` takes. */

import { LineCounter, parseDocument, stringify, type Tags } from "yaml";

import { isMapping, NOTHING, Words, type Mapping, type Raw } from "../design/said.js";
import { notPlain } from "./plain.js";
import type { Catalogue, Coding, Design, Engine, Field, FieldValue, FileLimits, OwnDesign, Problem, Rules, Text } from "../engine/contract.js";

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What a design's label says as a name that Python takes and no shipped design has; `otherwise` where nothing is left. */
export function fileName(label: string, catalogue: Pick<Catalogue, "designs" | "fileLimits">, otherwise: string): string {
  const plain = label.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[_0-9]+|_+$/g, "");
  const name = catalogue.designs.some((one) => one.name === plain) ? `my_${plain}` : plain;
  return name.slice(0, catalogue.fileLimits.name).replace(/_+$/, "") || otherwise;
}

export function valueOf(design: Pick<OwnDesign, "rules">, field: Field): FieldValue {
  return design.rules[field.rules]?.[field.name] ?? field.default;
}

/** Fields that differ from having no rule; what has the value of `from`, and is uncertain there, keeps its judgement. */
export function write(design: OwnDesign, catalogue: Catalogue): string {
  const from = catalogue.designs.find((one) => one.name === design.from);
  const file: Record<string, unknown> = { label_nl: design.label.nl, label_en: design.label.en };
  for (const field of catalogue.fields) {
    const value = valueOf(design, field), coded = from?.codings[`${field.rules}.${field.name}`] !== undefined;
    const kept = from !== undefined && coded && same(value, valueOf(from, field));
    if (!kept && same(value, field.default)) continue;
    const section = (file[field.rules] ??= {}) as Record<string, unknown>;
    section[field.name] = kept ? { as: from.name } : value;
  }
  return stringify(file, { lineWidth: 0, version: "1.1" }); // of Python's parser, to which yes is a flag
}

export type Opened =
  | { readonly design: OwnDesign; readonly otherwise: readonly string[] }
  | { readonly problems: readonly Problem[] };

interface Entry {
  readonly path: string;
  readonly value: FieldValue;
  /** The design whose judgement it is, by name or because it is the same. */
  readonly as: readonly string[];
  readonly uncertain: boolean;
}

/** A sound field of a file: a value, `{as: DESIGN}`, or `{value, range, evidence, source}`. */
function entryOf(path: string, given: Raw, value: FieldValue, designs: readonly Design[]): Entry {
  if (!isMapping(given)) return { path, value, as: [], uncertain: false };
  const { as, range, evidence, source } = given;
  const coded = (one: Design): Coding | undefined => one.codings[path];
  if (as !== undefined) {
    const from = designs.find((one) => one.name === as);
    return { path, value, as: [String(as)], uncertain: from === undefined || coded(from) !== undefined };
  }
  const ends = Array.isArray(range) ? range.map(Number) : null, [section, name] = path.split(".") as [keyof Rules, string];
  const alike = designs.filter((one) => {
    const coding = coded(one);
    return coding !== undefined && same(one.rules[section]?.[name] ?? null, value) && coding.evidence === evidence && coding.source === (source ?? "") && same(coding.range, ends);
  });
  return { path, value, as: alike.map((one) => one.name), uncertain: ends !== null };
}

/** The design of which most judgements are taken over. */
function origin(entries: readonly Entry[], designs: readonly Design[]): Design | undefined {
  const count = (one: Design): number => entries.filter((entry) => entry.as.includes(one.name)).length;
  const best = [...designs].sort((a, b) => count(b) - count(a))[0];
  return best !== undefined && count(best) > 0 ? best : undefined;
}

function withoutDates(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:timestamp");
}

/** The YAML of a file as Python's parser takes it (version 1.1, without dates), or what is wrong with it. */
function parsed(words: Words, limits: FileLimits, bytes: Uint8Array): { file: Mapping } | { wrong: Problem } {
  const wrong = (what: Text, remedy: Text = NOTHING): { wrong: Problem } => ({ wrong: { where: "", what, remedy } });
  const check = words.said("check indentation, colons and quotes");
  let text: string, file: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    return wrong(words.said("is not text in UTF-8 ({reason})", { reason: reasonOf(error) }), words.said("save it as UTF-8"));
  }
  try {
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { version: "1.1", intAsBigInt: true, customTags: withoutDates, lineCounter, logLevel: "error" });
    const refused = document.errors.every(({ code }) => code === "DUPLICATE_KEY") ? notPlain(words, limits, text, document, lineCounter) : null;
    if (refused !== null) return { wrong: refused };
    const [error] = document.errors;
    if (error !== undefined) {
      const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 }, reason = (error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");
      return wrong(words.said("is not valid YAML at line {line}, column {column} ({reason})", { line, column: col, reason }), check);
    }
    file = document.toJS();
  } catch (error) {
    if (error instanceof RangeError) return wrong(words.said("is nested too deeply"), words.said("write plain values"));
    return wrong(words.said("is not valid YAML ({reason})", { reason: reasonOf(error) }), check);
  }
  if (isMapping(file)) return { file };
  return wrong(words.said(file === null || file === undefined ? "is empty" : "is not a mapping of keys to values"));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Read a file; `otherwise` are the fields that the page takes otherwise than Python: with another range, or none. */
export function read(bytes: Uint8Array, fileName: string, region: string, engine: Pick<Engine, "catalogue" | "inspect">): Opened {
  const { catalogue } = engine;
  const found = parsed(new Words(catalogue.messages), catalogue.fileLimits, bytes);
  if ("wrong" in found) return { problems: [{ ...found.wrong, where: found.wrong.where === "" ? fileName : `${fileName}: ${found.wrong.where}` }] };
  const { file } = found, name = fileName.replace(/\.[^.]*$/, "");
  const { rules, problems } = engine.inspect(file, name, region);
  if (problems.length > 0) return { problems: problems.map((one) => ({ ...one, where: one.where === "" ? fileName : `${fileName}: ${one.where}` })) };
  const { designs } = catalogue;
  const entries = Object.entries(rules).flatMap(([section, values]) => Object.entries(values).map(([field, value]) =>
    entryOf(`${section}.${field}`, (file[section] as Mapping)[field] ?? null, value, designs)));
  const from = origin(entries, designs);
  const otherwise = entries.filter((one) => {
    const [section, field] = one.path.split(".") as [keyof Rules, string];
    const drawn = from !== undefined && from.codings[one.path] !== undefined && same(from.rules[section]?.[field], one.value);
    return drawn ? !one.as.includes(from.name) : one.uncertain;
  });
  const label = { nl: String(file["label_nl"]), en: String(file["label_en"]) };
  return { design: { name: String(file["name"] ?? name), label, rules, ...(from ? { from: from.name } : {}) }, otherwise: otherwise.map((one) => one.path) };
}
