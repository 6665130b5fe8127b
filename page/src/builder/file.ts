/** A design as the file that `bresim run governance=FILE` takes. */

import { parseDocument, stringify } from "yaml";

import type { Catalogue, Design, Field, FieldValue, OwnDesign, Rules, Text } from "../engine/contract.js";

const ABOUT = ["name", "label_nl", "label_en", "description_nl", "description_en", "example_nl", "example_en", "source", "passage", "compare"];

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
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
  return stringify(file, { lineWidth: 0 });
}

export type Opened =
  | { readonly design: OwnDesign; readonly otherwise: readonly string[] }
  | { readonly wrong: Text };

function wrong(nl: string, en: string): Opened {
  return { wrong: { nl, en } };
}

interface Entry {
  readonly path: string;
  readonly value: FieldValue;
  /** The design whose judgement it is, by name or because it is the same. */
  readonly as: readonly string[];
  readonly uncertain: boolean;
}

/** A field of a file: a value, `{as: DESIGN}`, or `{value, range, evidence, source}`. */
function entryOf(path: string, given: unknown, designs: readonly Design[]): Entry | Opened {
  const [section, name] = path.split(".") as [keyof Rules, string];
  const of = (one: Design): FieldValue => one.rules[section]?.[name] ?? null;
  if (typeof given !== "object" || given === null || Array.isArray(given)) return { path, value: given as FieldValue, as: [], uncertain: false };
  const { as, value, range, evidence, source } = given as Record<string, unknown>;
  if (typeof as === "string") {
    const from = designs.find((one) => one.name === as);
    return from === undefined ? wrong(`${path}: de pagina heeft geen samenwerkingsvorm '${as}'.`, `${path}: the page has no design '${as}'.`)
      : { path, value: of(from), as: [as], uncertain: from.codings[path] !== undefined };
  }
  if (value === undefined) return wrong(`${path}: 'value' ontbreekt.`, `${path}: 'value' is missing.`);
  const alike = designs.filter((one) => {
    const coding = one.codings[path];
    return coding !== undefined && same(of(one), value) && coding.evidence === evidence && coding.source === (source ?? "") && same(coding.range, range ?? null);
  });
  return { path, value: value as FieldValue, as: alike.map((one) => one.name), uncertain: range !== undefined };
}

/** The design of which most judgements are taken over. */
function origin(entries: readonly Entry[], designs: readonly Design[]): Design | undefined {
  const count = (one: Design): number => entries.filter((entry) => entry.as.includes(one.name)).length;
  const best = [...designs].sort((a, b) => count(b) - count(a))[0];
  return best !== undefined && count(best) > 0 ? best : undefined;
}

/** Read a file; `otherwise` are the fields that the page takes otherwise than Python: with another range, or none. */
export function open(text: string, name: string, catalogue: Catalogue): Opened {
  const document = parseDocument(text);
  const error = document.errors[0];
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    return wrong(`Regel ${line} is geen geldige YAML. Kijk naar inspringen, dubbele punten en aanhalingstekens.`, `Line ${line} is not valid YAML. Look at indents, colons and quotes.`);
  }
  const file = document.toJS() as unknown;
  if (typeof file !== "object" || file === null || Array.isArray(file)) return wrong("Dit bestand is geen samenwerkingsvorm: het heeft geen velden.", "This file is no design: it has no fields.");
  const entries: Entry[] = [];
  const rules: Record<string, Record<string, FieldValue>> = {};
  for (const [section, fields] of Object.entries(file as Record<string, unknown>)) {
    if (ABOUT.includes(section)) continue;
    if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return wrong(`'${section}' bestaat niet, of heeft geen velden.`, `'${section}' does not exist, or has no fields.`);
    for (const [field, given] of Object.entries(fields)) {
      const entry = entryOf(`${section}.${field}`, given, catalogue.designs);
      if ("wrong" in entry || "design" in entry) return entry;
      entries.push(entry);
      (rules[section] ??= {})[field] = entry.value;
    }
  }
  const { label_nl: nl, label_en: en } = file as Record<string, unknown>;
  if (typeof nl !== "string" || typeof en !== "string" || nl === "" || en === "") return wrong("'label_nl' en 'label_en' moeten er zijn: de naam in twee talen.", "'label_nl' and 'label_en' must be there: the name in two languages.");
  const from = origin(entries, catalogue.designs);
  const otherwise = entries.filter((one) => {
    const [section, field] = one.path.split(".") as [keyof Rules, string];
    const drawn = from !== undefined && from.codings[one.path] !== undefined && same(from.rules[section]?.[field], one.value);
    return drawn ? !one.as.includes(from.name) : one.uncertain;
  });
  return { design: { name, label: { nl, en }, rules: rules as Rules, ...(from ? { from: from.name } : {}) }, otherwise: otherwise.map((one) => one.path) };
}
