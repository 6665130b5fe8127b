/** One run in a memory of its own, quarter by quarter, with the visitor's choices in place of draws. */

import { layJobs, rowsOf } from "./batch.js";
import { known, type Content, type RecordLayout } from "./content.js";
import type { Changes, Choice, Run, RunRequest, Seat, Taken } from "./contract.js";
import { successorOf } from "./designs.js";
import type { Drawn } from "./drawing.js";
import { Kernel } from "./kernel.js";
import type { Argument, Placed } from "./memory.js";
import { Chronicle, recordOf, type Laid, type Told } from "./record.js";
import { Setting } from "./setting.js";
import type { Names } from "./story.js";

/** Numbers of `bresim.page.entries`. */
const DECISIONS: Readonly<Record<Choice["decision"], number>> = { join: 0, stay: 0, wait: 1, withdraw: 1, keep: 2, break: 3 };
/** Phases of an initiative in the state. */
const IDLE = 0;
const EXECUTING = 2;

export class SingleRun {
  quarter = 0;
  readonly quarters: number;
  private readonly kernel: Kernel;
  private readonly setting: Setting;
  private readonly given: Record<string, Argument>;
  private readonly laid: Laid;
  private readonly mark: number;
  private readonly names: Names;
  private readonly chronicle: Chronicle;
  private told: Told | undefined;

  constructor(
    private readonly content: Content, arrays: Uint8Array, module: WebAssembly.Module, private readonly request: RunRequest, drawn?: Drawn, changes: Changes = true,
  ) {
    const setting = new Setting(content, arrays, request, [request.design], drawn);
    this.setting = setting;
    this.kernel = new Kernel(content, module);
    const memory = this.kernel.memory;
    const { replicate, founding } = request;
    const { box, subregion } = setting.layOut(memory, [setting.drawing.reading(replicate)], [setting.drawing.set(replicate)]);
    const solution = setting.drawing.solution(replicate, setting.region.solutions);
    const { jobs, keys } = layJobs(memory, content, [{ design: 0, replicate, draw: 0, solution, founding }], setting, request.undercurrent);
    const state = memory.state(setting.world.diary);
    this.quarters = setting.world.sizes[3];
    this.laid = this.layTrace(state.places, subregion);
    this.given = { states: memory.words([state.box]), world: box, "jobs": jobs, "keys": keys, ...this.laid.given };
    const design = known(setting.designs[0], "the design");
    this.names = {
      municipalities: setting.region.municipalities.map((one) => one.name),
      themes: setting.region.themes,
      world: setting.world,
      design,
      successor: successorOf(design, content),
    };
    this.chronicle = new Chronicle(content, memory, this.laid, this.names, changes === true ? 0 : changes === false ? Infinity : changes);
    this.kernel.call("begin", this.given);
    this.mark = memory.marked();
  }

  private record(name: string): RecordLayout {
    return known(this.content.records[name], name);
  }

  private layTrace(state: ReadonlyMap<string, number>, subregion: Placed): Laid {
    const memory = this.kernel.memory;
    const [, themes, size, quarters] = this.setting.world.sizes;
    const runs = rowsOf(memory, this.content, 1, this.setting, "trace.runs");
    const of = (shape: readonly number[], item: number): Placed => memory.zeros(shape, item);
    const trace: Record<string, Placed> = {
      series: of([quarters], this.record("state").bytes),
      municipalities: of([quarters, size], this.record("municipality").bytes),
      municipality_themes: of([quarters, size, themes], 8),
      capacity: of([quarters, size], this.record("capacity").bytes),
      pairs: of([quarters + 1, 2, size, size], 8),
      institutions: of([quarters], 2),
      ballots: of([quarters * size], this.record("ballot").bytes),
      cast: of([1], 8),
      shares: of([size], 8),
      subregion,
    };
    const given: Record<string, Argument> = { ...runs.given };
    for (const [name, placed] of Object.entries(trace)) given[`trace.${name}`] = placed;
    return { given, trace, runs: runs.address, columns: runs.columns, state };
  }

  get finished(): boolean {
    return this.quarter >= this.quarters;
  }

  /** Play quarters, with the choices in the first of them; which of these were taken. */
  step(choices: readonly Choice[], quarters: number): Taken[] {
    const last = Math.min(this.quarter + quarters, this.quarters);
    if (last === this.quarter) return choices.map((choice) => ({ choice, taken: false }));
    const memory = this.kernel.memory;
    const before = this.seats();
    memory.release(this.mark);
    const layout = this.record("choice");
    const rows = memory.zeros([choices.length], layout.bytes);
    choices.forEach((choice, at) => {
      const row = rows.address + at * layout.bytes;
      for (const name of ["municipality", "arena", "theme"] as const) memory.write(layout, row, name, choice[name]);
      memory.write(layout, row, "decision", DECISIONS[choice.decision]);
    });
    const first = this.quarter;
    // the first quarter by itself if something was chosen, so that it is seen whether it was taken
    const stops = choices.length > 0 && last > first + 1 ? [first + 1, last] : [last];
    let taken: Taken[] = [];
    for (const stop of stops) {
      const none = this.quarter === first ? rows : { ...rows, shape: [0] };
      this.kernel.call("play", { ...this.given, choices: none, first: this.quarter, last: stop });
      if (this.quarter === first) taken = choices.map((choice) => ({ choice, taken: this.wasTaken(choice, before, first) }));
      this.quarter = stop;
    }
    return taken;
  }

  private happened(quarter: number, kind: string, choice: Choice): boolean {
    const number = this.content.events.findIndex((event) => event.name === kind);
    const layout = this.record("happening");
    const memory = this.kernel.memory;
    const start = known(this.laid.state.get("diary"), "the diary");
    const count = memory.read(this.record("region"), known(this.laid.state.get("region"), "the region"), "happened");
    for (let at = count - 1; at >= 0; at--) {
      const row = start + at * layout.bytes;
      const field = (name: string): number => memory.read(layout, row, name);
      if (field("quarter") < quarter) return false;
      if (field("kind") === number && field("arena") === choice.arena && field("theme") === choice.theme && field("municipality") === choice.municipality) return true;
    }
    return false;
  }

  private wasTaken(choice: Choice, before: readonly Seat[], quarter: number): boolean {
    const at = (seats: readonly Seat[]): Seat | undefined =>
      seats.find((seat) => seat.municipality === choice.municipality && seat.arena === choice.arena && seat.theme === choice.theme);
    const was = at(before);
    switch (choice.decision) {
      case "join":
        return this.happened(quarter, "joined", choice);
      case "withdraw":
        return this.happened(quarter, "withdrew", choice);
      case "wait":
        return was?.committed !== true && !this.happened(quarter, "joined", choice);
      case "stay":
        return was?.committed === true && !this.happened(quarter, "withdrew", choice) && !this.happened(quarter, "left", choice);
      default: {
        if (was === undefined || !was.due || this.happened(quarter, "left", choice)) return false;
        const now = at(this.seats());
        return now === undefined || now.willing === (choice.decision === "keep");
      }
    }
  }

  /** Where every municipality stands in what is under way. */
  seats(): Seat[] {
    const [arenas, themes, size] = this.setting.world.sizes;
    const memory = this.kernel.memory;
    const place = (name: string): number => known(this.laid.state.get(name), name);
    const found: Seat[] = [];
    for (let cell = 0; cell < arenas * themes; cell++) {
      const arena = Math.floor(cell / themes);
      const phase = memory.number("i1", place("phase") + cell);
      if (phase === IDLE) continue;
      for (let municipality = 0; municipality < size; municipality++) {
        const seat = cell * size + municipality;
        const committed = memory.number("b1", place("committed") + seat) === 1;
        if (!committed && memory.number("b1", place("eligible") + arena * size + municipality) === 0) continue;
        const executing = phase === EXECUTING;
        found.push({
          municipality,
          arena,
          theme: cell % themes,
          phase: executing ? "executing" : "negotiating",
          committed,
          willing: executing && committed && memory.number("b1", place("willing") + seat) === 1,
          promised: executing && committed ? memory.number("f8", place("promised") + 8 * seat) : 0,
          given: executing && committed ? memory.number("f8", place("offer") + 8 * seat) : 0,
          due: executing && committed && memory.number("f8", place("since_milestone") + 8 * cell) === 0,
        });
      }
    }
    return found;
  }

  /** The run so far. */
  run(): Run {
    return this.since();
  }

  /** What `next` has not told yet; the first time the run so far. See `Growing`. */
  next(): Run {
    const more = this.since(this.told), { events, changes } = this.chronicle;
    this.told = { quarters: this.quarter, events: events.length, changes: changes.length };
    return more;
  }

  private since(told?: Told): Run {
    return recordOf(this.content, this.kernel.memory, this.setting, this.laid, this.names, this.chronicle, this.request, this.quarter, told);
  }
}
