/** From a design to the numbers and masks that the compiled rules read: `bresim.governance.compile` in TypeScript. */

import { rint } from "./arithmetic.js";
import { known, type Content, type StoredCoding, type StoredDesign, type StoredMeasure, type StoredRegion } from "./content.js";
import type { DesignChoice, FieldValue, OwnDesign, Rules, RuleType } from "./contract.js";
import type { Drawing } from "./drawing.js";

const ALL_BUT = "all but";

/** A design as the engine takes it: all its fields, and the codings of those whose value is not certain. */
export interface FullDesign {
  readonly name: string;
  readonly label: StoredDesign["label"];
  readonly rules: Required<Rules>;
  readonly codings: Readonly<Record<string, StoredCoding>>;
}

export type TakenMeasures = readonly (readonly [StoredMeasure, number])[];

/** A design in a region: what does not depend on the reading of its codings. */
export interface Institution {
  readonly design: FullDesign;
  readonly measures: TakenMeasures;
  /** Numbers at the point, in record order; those derived from words last. */
  readonly values: Float64Array;
  readonly eligible: Uint8Array;
  readonly board: Uint8Array;
  readonly rotation: Uint8Array;
  readonly themes: Uint8Array;
  readonly beside: boolean;
}

export function valueOf(rules: Required<Rules>, path: string): FieldValue {
  const [section, field] = path.split(".") as [RuleType, string];
  return known(rules[section][field], `the field ${path}`);
}

/** All fields of a design of the visitor's own, with the defaults of those that it leaves out. */
function completed(own: OwnDesign, content: Content): FullDesign {
  const rules: Record<string, Record<string, FieldValue>> = {};
  for (const field of content.fields) {
    const given = own.rules[field.rules]?.[field.name];
    (rules[field.rules] ??= {})[field.name] = given === undefined ? field.default : given;
  }
  const whole = rules as Required<Rules>;
  const from = content.allDesigns.find((design) => design.name === own.from);
  const codings: Record<string, StoredCoding> = {};
  for (const [path, coding] of Object.entries(from?.codings ?? {})) {
    if (same(valueOf(whole, path), valueOf((from as StoredDesign).rules, path))) codings[path] = coding;
  }
  return { name: own.name, label: own.label, rules: whole, codings };
}

function same(one: FieldValue, other: FieldValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function designOf(choice: DesignChoice, content: Content): FullDesign {
  if (typeof choice !== "string") return completed(choice, content);
  return known(
    content.allDesigns.find((design) => design.name === choice),
    `the design ${choice}`,
  );
}

/** What continues after the term of a design, if anything does. */
export function successorOf(design: FullDesign, content: Content): FullDesign | null {
  const name = valueOf(design.rules, "scope.successor");
  return typeof name === "string" && name !== "" ? designOf(name, content) : null;
}

/** Measures with a strength above 0, in the order given. */
export function taken(strengths: Readonly<Record<string, number>>, content: Content): TakenMeasures {
  return Object.entries(strengths)
    .filter(([, strength]) => strength > 0)
    .map(([name, strength]) => [
      known(
        content.measures.find((measure) => measure.name === name),
        `the measure ${name}`,
      ),
      strength,
    ]);
}

function named(names: readonly string[], region: StoredRegion): Uint8Array {
  const others = names[0] === ALL_BUT;
  const wanted = new Set(others ? names.slice(1) : names);
  return Uint8Array.from(region.municipalities, (one) => Number(wanted.has(one.name) !== others));
}

function group(marks: readonly number[] | undefined, size: number): Uint8Array {
  const mask = new Uint8Array(size);
  for (const at of marks ?? []) mask[at] = 1;
  return mask;
}

function eligibleOf(design: FullDesign, region: StoredRegion): Uint8Array {
  const given = valueOf(design.rules, "boundary.eligible");
  const size = region.municipalities.length;
  if (given === "all") return new Uint8Array(size).fill(1);
  return Array.isArray(given) ? named(given as readonly string[], region) : group(region.groups[String(given)], size);
}

function boardOf(design: FullDesign, region: StoredRegion): Uint8Array {
  const given = valueOf(design.rules, "position.board");
  const size = region.municipalities.length;
  if (given === "none") return new Uint8Array(size);
  if (given === "centres") return Uint8Array.from(region.municipalities, (one) => Number(one.centre));
  return Array.isArray(given) ? named(given as readonly string[], region) : group(region.groups["steering_group"], size);
}

/** Value with a measure on it; one that is further already stays as it is. */
function moved(old: number, target: number, strength: number, lowers: boolean, whole: boolean): number {
  const further = lowers ? old <= target : old >= target;
  const value = further ? old : old + strength * (target - old);
  return whole ? rint(value) : value;
}

/** The numbers of a design without measures, and which of them a reading of its codings draws. */
interface Read {
  readonly values: Float64Array;
  readonly drawn: readonly (readonly [StoredCoding, boolean, number])[];
}

export class Compiler {
  private readonly reads = new WeakMap<FullDesign, Read>();
  private readonly places: ReadonlyMap<string, number>;
  private readonly whole: ReadonlySet<string>;

  constructor(private readonly content: Content) {
    this.places = new Map(content.compiling.numbers.map((path, at) => [path, at]));
    this.whole = new Set(content.compiling.whole);
  }

  institution(design: FullDesign, measures: TakenMeasures, region: StoredRegion): Institution {
    const eligible = eligibleOf(design, region);
    const board = boardOf(design, region).map((seat, i) => seat & (eligible[i] as number));
    const themes = valueOf(design.rules, "scope.themes");
    return {
      design,
      measures,
      values: this.atPoint(design, measures),
      eligible,
      board,
      rotation: eligible.map((member, i) => member & (1 - (board[i] as number))),
      themes: Uint8Array.from(region.themes, (theme) =>
        Number(themes === "all" || (themes as readonly string[]).includes(theme.name)),
      ),
      beside: valueOf(design.rules, "boundary.beside") === true,
    };
  }

  private atPoint(design: FullDesign, measures: TakenMeasures): Float64Array {
    const { numbers, columns, partnerSeats } = this.content.compiling;
    const word = (path: string): string => String(valueOf(design.rules, path));
    const [weight, seats] = known(partnerSeats[word("position.partners")], "seats of partners");
    const derived = [
      weight,
      seats,
      Number(word("choice.pooled_by") === "board"),
      ...["board", "province"].map((supplier) => Number(word("choice.services_by") === supplier)),
      ...["agreed", "not_agreed"].map((condition) => Number(word("scope.successor_if") === condition)),
    ];
    const values = Float64Array.from([...numbers.map((path) => Number(valueOf(design.rules, path))), ...derived]);
    if (values.length !== columns) throw new Error(`an institution has ${columns} numbers, not ${values.length}`);
    this.move(values, measures, (_measure, _path, target) => target);
    return values;
  }

  private move(
    values: Float64Array,
    measures: TakenMeasures,
    goal: (measure: StoredMeasure, path: string, target: number) => number,
  ): void {
    for (const [measure, strength] of measures) {
      for (const [path, target] of Object.entries(measure.targets)) {
        const at = known(this.places.get(path), path);
        const lowers = measure.lowers.includes(path);
        values[at] = moved(values[at] as number, goal(measure, path, target), strength, lowers, this.whole.has(path));
      }
    }
  }

  private readOf(design: FullDesign): Read {
    const had = this.reads.get(design);
    if (had !== undefined) return had;
    const { rules, codings } = design, places = [...this.places];
    const read = {
      values: Float64Array.from(places, ([path]) => Number(valueOf(rules, path))),
      drawn: places.flatMap(([path, at]) => (codings[path] === undefined ? [] : [[codings[path], this.whole.has(path), at] as const])),
    };
    this.reads.set(design, read);
    return read;
  }

  /** Numbers of an institution in one reading of the codings of its design and measures. */
  read(institution: Institution, drawing: Drawing, reading: number): Float64Array {
    const values = institution.values.slice(), { values: plain, drawn } = this.readOf(institution.design);
    values.set(plain);
    for (const [coding, whole, at] of drawn) values[at] = drawing.read(coding, whole, plain[at] as number, reading);
    const fewest = known(this.places.get("boundary.min_members"), "boundary.min_members");
    const eligible = institution.eligible.reduce((count, one) => count + one, 0);
    values[fewest] = Math.min(values[fewest] as number, eligible);
    this.move(values, institution.measures, (measure, path, target) =>
      drawing.read(measure.codings[path], this.whole.has(path), target, reading),
    );
    return values;
  }
}
