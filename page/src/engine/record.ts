/** What a run left in memory, as the tables of `bresim.tabulate`. */

import { known, type Content, type RecordLayout } from "./content.js";
import type { Change, Event, Initiative, Run, RunRequest, Vote } from "./contract.js";
import type { Argument, Memory, Placed } from "./memory.js";
import type { Setting } from "./setting.js";
import { changeSentence, eventSentence, type Happening, type Names } from "./story.js";

/** Where a run is recorded. */
export interface Laid {
  readonly given: Readonly<Record<string, Argument>>;
  readonly trace: Readonly<Record<string, Placed>>;
  readonly runs: number;
  readonly columns: number;
  readonly state: ReadonlyMap<string, number>;
}

/** Numbers of `bresim.kernel.state`: what became of an initiative, and what is put to the vote. */
const ENDED: Readonly<Record<number, Initiative["state"]>> = { 1: "completed", 2: "failed", 3: "deadlocked", 6: "lapsed" };
const FOUND = 1;
const DISSOLVE = 3;
/** Terms of a vote that count on dissolution only, or on founding only. */
const ONLY_FOUNDING = ["refused"];
const ONLY_DISSOLVING = ["results", "cost", "leaving"];
const SIZED = ["shock", "funding_window", "signed"];

class Reader {
  constructor(readonly content: Content, readonly memory: Memory, readonly setting: Setting, readonly laid: Laid) {}

  layout(name: string): RecordLayout {
    return known(this.content.records[name], name);
  }

  /** Number of rows in use that the region keeps. */
  used(name: string): number {
    return this.memory.read(this.layout("region"), known(this.laid.state.get("region"), "the region"), name);
  }

  rows(start: number, layout: RecordLayout, count: number): ((field: string) => number)[] {
    return Array.from({ length: count }, (_, at) => (field: string) => this.memory.read(layout, start + at * layout.bytes, field));
  }

  /** Columns of records of floats from row `first` up to, without, `last`: [row]. */
  columns(placed: Placed, layout: RecordLayout, first: number, last: number): Record<string, Float64Array> {
    const width = layout.bytes / 8, count = last - first;
    const all = this.memory.floats(placed.address + first * layout.bytes, count * width);
    const names = Object.entries(layout.fields);
    return Object.fromEntries(
      names.map(([name, [, offset]]) => [name, Float64Array.from({ length: count }, (_, at) => all[at * width + offset / 8] as number)]),
    );
  }
}

function orNull(number: number): number | null {
  return number < 0 ? null : number;
}

function initiatives(reader: Reader): Initiative[] {
  const layout = reader.layout("initiative");
  const start = known(reader.laid.state.get("log"), "the log");
  const place = layout.fields["members"] as readonly [string, number];
  return reader.rows(start, layout, reader.used("initiatives")).map((field, at) => {
    const members = reader.memory.bits(start + at * layout.bytes + place[1]);
    const agreed = orNull(field("agreed"));
    const inherited = field("inherited") === 1;
    const under = agreed !== null || (inherited && members.length > 0) ? "executing" : "negotiating";
    return {
      theme: field("theme"),
      arena: field("arena"),
      members,
      opened: field("opened"),
      agreed,
      ended: orNull(field("ended")),
      state: ENDED[field("outcome")] ?? under,
      eligible: field("eligible"),
      coerced: field("coerced"),
      imposed: field("imposed") === 1,
      funded: field("funded") === 1,
      inherited,
    };
  });
}

/** Events and changes so far, in the order of happening; what the institution goes through comes first in its quarter. */
export class Chronicle {
  readonly events: Event[] = [];
  readonly changes: Change[] = [];
  private quarter = 0;
  private row = 0;

  constructor(
    private readonly content: Content, private readonly memory: Memory, private readonly laid: Laid, private readonly names: Names,
    private readonly changesFrom: number,
  ) {}

  /** Read on up to, without, quarter `last`. */
  readTo(last: number): void {
    const institutions = known(this.laid.trace["institutions"], "institutions").address;
    const layout = known(this.content.records["happening"], "happenings");
    const start = known(this.laid.state.get("diary"), "the diary");
    const region = known(this.laid.state.get("region"), "the region");
    const used = this.memory.read(known(this.content.records["region"], "the region"), region, "happened");
    for (; this.quarter < last; this.quarter++) {
      const bits = this.memory.number("i2", institutions + 2 * this.quarter);
      this.content.institutional.forEach((kind, bit) => {
        if ((bits >> bit) & 1) this.tell({ kind, arena: null, theme: null, municipality: null, amount: null });
      });
      for (; this.row < used; this.row++) {
        const field = (name: string): number => this.memory.read(layout, start + this.row * layout.bytes, name);
        if (field("quarter") > this.quarter) break;
        this.write(field);
      }
    }
  }

  private tell(happening: Happening): void {
    this.events.push({ quarter: this.quarter, ...happening, sentence: eventSentence(this.content, this.names, happening) });
  }

  private write(field: (name: string) => number): void {
    const { events, causes } = this.content;
    const event = events[field("kind")];
    if (event !== undefined) {
      const amount = SIZED.includes(event.name) ? field("amount") : null;
      const [arena, theme, municipality] = [orNull(field("arena")), orNull(field("theme")), orNull(field("municipality"))];
      this.tell({ kind: event.name, arena, theme, municipality, amount });
      return;
    }
    if (this.quarter < this.changesFrom) return;
    const cause = known(causes[field("kind") - events.length], "the cause");
    const [source, target, change] = [field("municipality"), field("other"), field("amount")];
    const sentence = changeSentence(cause.sentence, this.names, source, target, change);
    this.changes.push({ quarter: this.quarter, source, target, quantity: cause.quantity, cause: cause.name, change, sentence });
  }
}

function votes(reader: Reader): Vote[] {
  const { content, laid, memory } = reader;
  const cast = memory.number("i8", known(laid.trace["cast"], "votes").address);
  return reader.rows(known(laid.trace["ballots"], "votes").address, reader.layout("ballot"), cast).map((field) => {
    const question = field("question");
    const absent = question === DISSOLVE ? ONLY_FOUNDING : ONLY_DISSOLVING;
    return {
      quarter: field("quarter"),
      municipality: field("municipality"),
      question: known(content.questions[question - FOUND], "the question"),
      chance: field("chance"),
      yes: field("yes") === 1,
      carried: field("carried") === 1,
      terms: Float64Array.from(content.voteTerms, (term) => (absent.includes(term.name) ? NaN : field(term.name))),
    };
  });
}

/** Trust or grievance of all pairs after so many quarters have passed, from `first` up to and with `last`. */
function pairs(reader: Reader, quantity: 0 | 1, first: number, last: number): Float64Array {
  const size = reader.setting.region.municipalities.length;
  const each = size * size, start = known(reader.laid.trace["pairs"], "pairs").address;
  const found = new Float64Array((last - first + 1) * each);
  for (let t = first; t <= last; t++) found.set(reader.memory.floats(start + 8 * (2 * t + quantity) * each, each), (t - first) * each);
  return found;
}

function ofMunicipalities(reader: Reader, first: number, last: number): Record<string, Float64Array> {
  const { region } = reader.setting;
  const size = region.municipalities.length, rows = (last - first) * size;
  const themes = region.themes.length;
  const trace = reader.laid.trace;
  const found = reader.columns(known(trace["municipalities"], "municipalities"), reader.layout("municipality"), first * size, last * size);
  const byTheme = reader.memory.floats(known(trace["municipality_themes"], "themes").address + 8 * first * size * themes, rows * themes);
  region.themes.forEach((theme, k) => {
    found[`public_value_${theme.name}`] = Float64Array.from({ length: rows }, (_, at) => byTheme[at * themes + k] as number);
  });
  return found;
}

/** How far a run has been told: quarters, events and changes. */
export interface Told {
  readonly quarters: number;
  readonly events: number;
  readonly changes: number;
}

/**
 * A run after so many quarters. With `told` only what is new since: arrays over quarters, events and changes go on from there,
 * so that what a step costs does not grow with the quarters before it. The rest is small, or can have changed since.
 */
export function recordOf(
  content: Content, memory: Memory, setting: Setting, laid: Laid, names: Names, chronicle: Chronicle, request: RunRequest, quarters: number, told?: Told,
): Run {
  chronicle.readTo(quarters);
  const first = told?.quarters ?? 0;
  const reader = new Reader(content, memory, setting, laid);
  const size = setting.region.municipalities.length;
  const outcomes = memory.floats(laid.runs, laid.columns);
  return {
    request,
    quarters,
    arenas: setting.world.arenaNames.map((name, at) => ({ name, label: setting.world.arenas[at]?.label ?? names.design.label })),
    series: reader.columns(known(laid.trace["series"], "series"), reader.layout("state"), first, quarters),
    municipalities: ofMunicipalities(reader, first, quarters),
    capacity: reader.columns(known(laid.trace["capacity"], "capacity"), reader.layout("capacity"), first * size, quarters * size),
    trust: pairs(reader, 0, told ? first + 1 : 0, quarters),
    grievance: pairs(reader, 1, told ? first + 1 : 0, quarters),
    initiatives: initiatives(reader),
    events: chronicle.events.slice(told?.events),
    changes: chronicle.changes.slice(told?.changes),
    votes: votes(reader),
    outcomes: Object.fromEntries(setting.region.outcomes.map((outcome, at) => [outcome.name, quarters === 0 ? NaN : (outcomes[at] as number)])),
  };
}
