/** Whether a design fits a region: what `bresim.governance.compile` and `bresim.config.fits` refuse, in their words. */

import type { StoredRegion } from "../engine/content.js";
import type { FieldValue, Problem, Text } from "../engine/contract.js";
import { NOTHING, type Words } from "./said.js";

const ALL_BUT = "all but";
/** What the province does it does in the region's own arena. */
const PROVINCIAL = ["payoff.steering", "payoff.mandate", "payoff.cofunding", "aggregation.imposition"];

/** The value of a field, by its path. */
export type ValueAt = (path: string) => FieldValue;

interface Chosen {
  /** By municipality. */
  readonly marks: readonly boolean[];
  readonly problems: readonly Problem[];
}

export class Fits {
  private readonly names: readonly string[];

  constructor(private readonly words: Words, private readonly region: StoredRegion) {
    this.names = region.municipalities.map((one) => one.name);
  }

  /** What the region lacks for a design; `before` is put before the place of each problem. */
  problems(value: ValueAt, before = ""): Problem[] {
    const eligible = this.eligible(value("boundary.eligible")), board = this.board(value("position.board"));
    const seats = board.marks.some((seat, at) => seat && eligible.marks[at]), members = eligible.marks.filter(Boolean).length;
    return [
      ...eligible.problems, ...board.problems, ...this.themes(value("scope.themes")),
      ...(seats || board.problems.length > 0 ? [] : this.seatless(value)),
      ...this.few(Number(value("boundary.min_members")), members), ...this.beside(value),
    ].map((one) => ({ ...one, where: before + one.where }));
  }

  /** More initiatives at once than the region has themes; `most` is allowed in any region. */
  tooMany(value: ValueAt, most: number): Problem[] {
    const { words, region } = this, count = Number(value("scope.max_open")), themes = region.themes.length, limit = Math.max(most, themes);
    return count <= limit ? [] : [{ where: "scope.max_open",
      what: words.said("{count} initiatives at once, and the region '{region}' has {themes} themes", { count, region: region.name, themes }),
      remedy: words.said("write at most {limit}", { limit }) }];
  }

  private named(where: string, names: readonly string[]): Chosen {
    const { words, region } = this, others = names[0] === ALL_BUT, wanted = others ? names.slice(1) : names;
    const problems = wanted.filter((name) => !this.names.includes(name)).map((name): Problem => ({ where,
      what: words.said("the region '{region}' has no municipality '{name}'", { region: region.name, name }),
      remedy: Object.hasOwn(region.groups, name) ? words.said("that is a group: write the names of its municipalities") : words.nearest(name, [ALL_BUT, ...this.names]) }));
    const marks = this.names.map((name) => wanted.includes(name) !== others);
    if (problems.length === 0 && !marks.includes(true)) {
      problems.push({ where, what: words.said("'{all_but}' leaves nobody", { all_but: ALL_BUT }), remedy: words.said("leave out fewer") });
    }
    return { marks, problems };
  }

  private group(marks: readonly number[]): boolean[] {
    return this.names.map((_, at) => marks.includes(at));
  }

  private eligible(given: FieldValue): Chosen {
    const { words, region } = this, where = "boundary.eligible", everyone = this.names.map(() => true);
    if (given === "all") return { marks: everyone, problems: [] };
    if (Array.isArray(given)) {
      const chosen = this.named(where, given as readonly string[]);
      return chosen.problems.length > 0 ? { ...chosen, marks: everyone } : chosen;
    }
    const name = String(given), group = Object.hasOwn(region.groups, name) ? region.groups[name] : undefined;
    if (group !== undefined) return { marks: this.group(group), problems: [] };
    const remedy: Text = this.names.includes(name) ? words.said("write a list: [{name}]", { name }) : words.nearest(name, ["all", ...Object.keys(region.groups)]);
    return { marks: everyone, problems: [{ where, what: words.said("the region '{region}' has no group '{name}'", { region: region.name, name }), remedy }] };
  }

  private board(given: FieldValue): Chosen {
    const { words, region } = this, where = "position.board", nobody = this.names.map(() => false);
    if (given === "none") return { marks: nobody, problems: [] };
    if (given === "centres") return { marks: region.municipalities.map((one) => one.centre), problems: [] };
    if (Array.isArray(given)) return this.named(where, given as readonly string[]);
    const group = region.groups["steering_group"];
    return group !== undefined ? { marks: this.group(group), problems: [] } : { marks: nobody, problems: [{ where,
      what: words.said("the region '{region}' has no group '{name}'", { region: region.name, name: "steering_group" }),
      remedy: words.said("add it to groups in the region's file, or set position.board to centres, none or a list of municipalities") }] };
  }

  private themes(given: FieldValue): Problem[] {
    const { words } = this, known = this.region.themes.map((one) => one.name);
    return (Array.isArray(given) ? (given as readonly string[]) : []).filter((name) => !known.includes(name)).map((name) => ({
      where: "scope.themes", what: words.said("unknown theme '{name}'", { name }), remedy: words.nearest(name, known) }));
  }

  /** What needs a board, where nobody has a seat. */
  private seatless(value: ValueAt): Problem[] {
    const { words } = this;
    const supplied = [
      ["pooled_by", words.said("the board supplies the bureau, but no municipality has a seat on it"), "all"],
      ["services_by", words.said("the board supplies the services, but no municipality has a seat on it"), "members"],
    ] as const;
    return [
      ...supplied.filter(([field]) => value(`choice.${field}`) === "board").map(([field, what, other]) => ({
        where: `choice.${field}`, what, remedy: words.said("set position.board, or choice.{field}: {other}", { field, other }) })),
      ...["board_partners", "board_province"].filter((field) => Number(value(`position.${field}`)) > 0).map((field) => ({
        where: `position.${field}`, what: words.said("on a board on which no municipality has a seat others count for nothing"),
        remedy: words.said("set position.board, or position.{field}: 0", { field }) })),
    ];
  }

  private few(needed: number, eligible: number): Problem[] {
    const { words } = this;
    return needed <= eligible ? [] : [{ where: "boundary.min_members",
      what: words.said("{needed} members are needed, {eligible} municipalities are eligible", { needed, eligible }),
      remedy: words.said("lower boundary.min_members or widen boundary.eligible") }];
  }

  private beside(value: ValueAt): Problem[] {
    if (value("boundary.beside") !== true) return [];
    const { words } = this, fields = PROVINCIAL.filter((path) => Number(value(path)) !== 0);
    if (value("choice.services_by") === "province") fields.push("choice.services_by");
    return fields.map((where) => ({ where,
      what: words.said("the province has a role in the region's own arena only, and this design stands beside it (boundary.beside)"),
      remedy: words.said("leave it out, or set boundary.beside: false") }));
  }
}

/** What is wrong with the design that follows this one. */
export function wrongSuccessor(words: Words, fits: Fits, name: FieldValue, shipped: readonly string[], rulesOf: (name: string) => ValueAt): Problem[] {
  if (typeof name !== "string" || name === "") return [];
  if (shipped.includes(name)) return fits.problems(rulesOf(name), `scope.successor '${name}': `);
  return [{ where: "scope.successor", what: words.said("unknown design '{name}': a successor is one of the shipped designs, not a file of your own", { name }), remedy: words.nearest(name, shipped) ?? NOTHING }];
}
