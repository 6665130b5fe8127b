/** A design file as Python reads it: all that is wrong with it at once, in Python's words. */

import { known, type Content } from "../engine/content.js";
import type { FieldValue, OwnDesign, Problem, Rules } from "../engine/contract.js";
import { codingOf, rawOf, split, wrongCodings, type Coding, type Given } from "./codings.js";
import { Fits, wrongSuccessor, type ValueAt } from "./fits.js";
import { isMapping, Words, type Mapping, type Raw } from "./said.js";
import { exact, fieldValue, flagOf, textOf } from "./values.js";

type Values = Record<string, Record<string, FieldValue>>;

export interface Inspected {
  /** The fields that the file sets and that are sound, as the model takes them. */
  readonly rules: Rules;
  readonly problems: readonly Problem[];
}

class Inspection {
  readonly problems: Problem[] = [];
  private readonly words: Words;
  private readonly values: Values = {};
  private readonly codings: Given = new Map();
  private readonly sections: readonly string[];

  constructor(private readonly content: Content, private readonly plain: boolean) {
    this.words = new Words(content.messages);
    this.sections = [...new Set(content.fields.map((one) => one.rules))];
  }

  inspect(file: Mapping, region: string): Inspected {
    const sections = this.splitAll(file), split = this.problems.length;
    this.about(file);
    for (const section of this.sections) this.section(section, sections.get(section));
    const codings = this.checkedCodings(file);
    this.unknown(file);
    if (this.problems.length === split) {
      this.problems.push(...wrongCodings(this.words, this.content, codings, (field) => this.at(field.rules, field.name)));
    }
    this.fit(region);
    return { rules: this.values as Rules, problems: this.problems };
  }

  private splitAll(file: Mapping): Map<string, Raw> {
    const sections = new Map<string, Raw>();
    const given = file["codings"];
    if (isMapping(given)) for (const [path, one] of Object.entries(given)) this.codings.set(path, one);
    for (const section of this.sections) {
      const entry = file[section];
      if (entry === undefined) continue;
      if (this.plain || !isMapping(entry)) {
        sections.set(section, entry);
        continue;
      }
      const { values, problems } = split(this.words, this.content, section, entry, this.codings);
      sections.set(section, values);
      this.problems.push(...problems);
    }
    return sections;
  }

  private about(file: Mapping): void {
    for (const { name, kind, least, most, pattern, required } of this.content.designFile.about) {
      const raw = file[name];
      if (raw === undefined) {
        if (required) this.problems.push({ where: name, what: this.words.said("is missing"), remedy: this.words.said("add it") });
        continue;
      }
      const checked = kind === "flag" ? flagOf(this.words, name, raw) : textOf(this.words, name, raw, least, pattern, most);
      if ("problems" in checked) this.problems.push(...checked.problems);
    }
  }

  private section(section: string, raw: Raw | undefined): void {
    const { words } = this, values: Record<string, FieldValue> = {};
    if (raw === undefined) return;
    if (!isMapping(raw)) return this.noMapping(section, raw, true);
    const fields = this.content.fields.filter((one) => one.rules === section);
    for (const field of fields) {
      const value = Object.hasOwn(raw, field.name) ? raw[field.name] : undefined;
      if (value === undefined) continue;
      const read = !this.plain || exact(field, value), checked = fieldValue(words, field, read ? value : {});
      if ("value" in checked) values[field.name] = checked.value;
      else this.problems.push(...checked.problems.map((one) => (read ? one : { ...one, what: words.said("{value} is not allowed", { value: words.shown(value) }) })));
    }
    if (Object.keys(values).length > 0) this.values[section] = values;
    const names = fields.map((one) => one.name);
    for (const key of Object.keys(raw)) {
      if (!names.includes(key)) this.problems.push({ where: `${section}.${key}`, what: words.said("unknown key"), remedy: words.nearest(key, names) });
    }
  }

  private noMapping(where: string, raw: Raw, optional: boolean): void {
    const { words } = this, below = words.said("write its keys below it");
    const what = raw === null ? words.said("is empty") : words.said("{value} is not a mapping", { value: words.shown(raw) });
    this.problems.push({ where, what, remedy: optional ? words.said("{one}, or {other}", { one: below, other: words.said("leave it out") }) : below });
  }

  private checkedCodings(file: Mapping): Map<string, Coding> {
    const codings = new Map<string, Coding>(), whole = file["codings"];
    if (whole !== undefined && !isMapping(whole)) {
      this.noMapping("codings", whole, true);
      return codings;
    }
    for (const [path, given] of this.codings) {
      if (!isMapping(given)) {
        this.noMapping(path, given, false);
        continue;
      }
      const { coding, problems } = codingOf(this.words, this.content, path, given);
      this.problems.push(...problems);
      if (coding !== null) codings.set(path, coding);
    }
    return codings;
  }

  private unknown(file: Mapping): void {
    const names = [...this.content.designFile.about.map((one) => one.name), ...this.sections, "codings"];
    for (const key of Object.keys(file)) {
      if (!names.includes(key)) this.problems.push({ where: key, what: this.words.said("unknown key"), remedy: this.words.nearest(key, names) });
    }
  }

  /** The name of a shipped design means that design: a file may have it only if it is the same. */
  borrowed(file: Mapping, named: boolean): Problem[] {
    const { words, content } = this, name = String(file["name"]);
    const shipped = content.designFile.shipped.includes(name) ? content.allDesigns.find((one) => one.name === name) : undefined;
    const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
    if (shipped === undefined || (same([file["label_nl"], file["label_en"]], [shipped.label.nl, shipped.label.en])
      && content.fields.every((field) => same(this.at(field.rules, field.name), shipped.rules[field.rules][field.name])))) return [];
    const what = words.said("its name is '{name}', the name of a shipped {kind} with other content", { name, kind: words.said("design") });
    return [{ where: named ? "name" : "", what, remedy: words.said(named ? "give it a name of its own" : "rename the file") }];
  }

  private at(section: string, name: string): FieldValue {
    const field = known(this.content.fields.find((one) => one.rules === section && one.name === name), `the field ${section}.${name}`);
    return this.values[section]?.[name] ?? field.default;
  }

  private fit(region: string): void {
    const { content, words } = this, { allDesigns, designFile: { shipped } } = content;
    const fits = new Fits(words, known(content.regions.find((one) => one.name === region), `the region ${region}`));
    const own: ValueAt = (path) => this.at(...(path.split(".") as [string, string]));
    const rulesOf = (name: string): ValueAt => {
      const { rules } = known(allDesigns.find((one) => one.name === name), `the design ${name}`);
      return (path) => { const [section, field] = path.split(".") as [keyof Rules, string]; return rules[section][field] ?? null; };
    };
    const most = Math.max(...shipped.map((name) => Number(rulesOf(name)("scope.max_open"))));
    const wrong = fits.problems(own);
    this.problems.push(...(wrong.length > 0 ? wrong : fits.tooMany(own, most)), ...wrongSuccessor(words, fits, own("scope.successor"), shipped, rulesOf));
  }
}

/** A file by the name of a design. */
export function inspect(content: Content, file: Mapping, name: string, region: string): Inspected {
  const inspection = new Inspection(content, false), whole = { name, ...file }, { rules, problems } = inspection.inspect(whole, region);
  const all = new Map([...inspection.borrowed(whole, "name" in file), ...problems].map((one) => [JSON.stringify(one), one]));
  return { rules, problems: [...all.values()] }; // each once
}

/** What is wrong with a design that is no file: of cards or of a link. */
export function problemsOf(content: Content, design: OwnDesign, region: string): readonly Problem[] {
  const { name, label, rules } = design;
  const file = { ...rules, name, label_nl: label.nl, label_en: label.en };
  return new Inspection(content, true).inspect(rawOf(file) as Mapping, region).problems;
}
