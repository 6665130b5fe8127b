/** Part of a batch: some replicates of all its cases, as families in one call of the compiled rules. */

import { known, type Content } from "./content.js";
import type { BatchRequest, Case, Founding } from "./contract.js";
import type { Histories } from "./histories.js";
import type { Kernel } from "./kernel.js";
import type { Argument, Memory, Placed } from "./memory.js";
import type { Setting } from "./setting.js";

/** Members of a family at most: each may need a state of its own. */
const LARGEST = 32;
/** What is done about the time before policy start (`bresim.page.entries`). */
export const RUN = 0, NOTE = 1, RESUME = 2;

export interface BatchPart {
  readonly first: number;
  readonly last: number;
  /** [(case * outcomes + outcome) * replicates + replicate] */
  readonly values: Float64Array;
  readonly sets: Int32Array;
  readonly codings: Int32Array;
}

export function casesOf(request: BatchRequest): Case[] {
  return request.designs.flatMap((design) =>
    request.foundings.map((founding) => ({ design: typeof design === "string" ? design : design.name, founding })),
  );
}

/** Where distinct numbers are first met, and the place of each. */
function distinct(numbers: readonly number[]): { values: number[]; at: (number: number) => number } {
  const values = [...new Set(numbers)];
  const places = new Map(values.map((value, at) => [value, at]));
  return { values, at: (number) => known(places.get(number), String(number)) };
}

export interface JobRow {
  readonly design: number;
  readonly replicate: number;
  readonly draw: number;
  readonly solution: number;
  readonly founding: Founding;
}

/** Write jobs and the keys of their draws. */
export function layJobs(
  memory: Memory, content: Content, jobs: readonly JobRow[], setting: Setting, knobs: BatchRequest["undercurrent"],
): { jobs: Placed; keys: Placed } {
  const layout = known(content.records["job"], "jobs");
  const rows = memory.zeros([jobs.length], layout.bytes);
  const keys = memory.zeros([jobs.length, 3], 8);
  const parts = Object.entries(knobs);
  jobs.forEach((job, at) => {
    const row = rows.address + at * layout.bytes;
    memory.write(layout, row, "design", job.design);
    memory.write(layout, row, "replicate", job.replicate);
    memory.write(layout, row, "draw", job.draw);
    memory.write(layout, row, "solution", job.solution);
    memory.write(layout, row, "at_once", Number(job.founding === "at_once"));
    for (const [name, value] of parts) memory.write(layout, row, name, value);
    const key = keys.address + 24 * at;
    memory.word(key, setting.seed % 4294967296);
    memory.word(key + 8, Math.floor(setting.seed / 4294967296));
    memory.word(key + 16, job.replicate);
  });
  return { jobs: rows, keys };
}

/** The rows (R,) of outcomes that runs leave, as the named records over them. */
export function rowsOf(
  memory: Memory, content: Content, runs: number, setting: Setting, path: string,
): { address: number; columns: number; given: Record<string, Argument> } {
  const columns = setting.region.outcomes.length;
  const state = known(content.records["state"], "outcomes").bytes;
  const end = known(content.records["end"], "outcomes").bytes;
  const themes = setting.region.themes.length;
  const groups = columns - themes - (state + end) / 8;
  const all = memory.zeros([runs, columns], 8);
  const row = 8 * columns;
  const at = (bytes: number, shape: number[], item: number): Placed => ({ address: all.address + bytes, shape, item, row });
  return {
    address: all.address,
    columns,
    given: {
      [`${path}.state`]: at(0, [runs], state),
      [`${path}.themes`]: at(state, [runs, themes], 8),
      [`${path}.subregions`]: at(state + 8 * themes, [runs, groups], 8),
      [`${path}.end`]: at(row - end, [runs], end),
    },
  };
}

/** Where runs are recorded beside their outcomes: the tables of an ensemble, for so many runs. */
export type Recorder = (memory: Memory, content: Content, setting: Setting, runs: number) => Record<string, Argument>;

export function runPart(
  kernel: Kernel, content: Content, setting: Setting, request: BatchRequest, first: number, last: number, tables: Recorder = noTables, histories: Histories | null = null,
): BatchPart {
  const memory = kernel.memory;
  memory.release();
  const count = last - first;
  const replicates = Array.from({ length: count }, (_, at) => first + at);
  const { drawing } = setting;
  const sets = distinct(replicates.map((replicate) => drawing.set(replicate)));
  const readings = distinct(replicates.map((replicate) => drawing.reading(replicate)));
  const { box, subregion } = setting.layOut(memory, readings.values, sets.values);
  const cases = request.designs.flatMap((_, design) => request.foundings.map((founding) => ({ design, founding })));
  const rows: JobRow[] = replicates.flatMap((replicate) =>
    cases.map(({ design, founding }) => ({
      design: design * readings.values.length + readings.at(drawing.reading(replicate)),
      replicate,
      draw: sets.at(drawing.set(replicate)),
      solution: drawing.solution(replicate, setting.region.solutions),
      founding,
    })),
  );
  const starts = replicates.flatMap((_, at) =>
    Array.from({ length: Math.ceil(cases.length / LARGEST) }, (_, cut) => at * cases.length + cut * LARGEST),
  );
  starts.push(rows.length);
  const { jobs, keys } = layJobs(memory, content, rows, setting, request.undercurrent);
  const made = rowsOf(memory, content, rows.length, setting, "tables.runs");
  // replicate of each family
  const families = starts.slice(0, -1).map((start) => first + Math.floor(start / cases.length));
  const states = pool(memory, setting, Math.min(LARGEST, cases.length));
  const kept = histories?.lay(memory, setting, request, families);
  kernel.call("run_families", {
    states,
    world: box,
    "work.jobs": jobs,
    "work.keys": keys,
    "work.order": memory.put(BigInt64Array.from(rows, (_, at) => BigInt(at)), [rows.length], 8),
    "work.starts": memory.put(BigInt64Array.from(starts, (start) => BigInt(start)), [starts.length], 8),
    "work.subregion": subregion,
    first: 0,
    last: starts.length - 1,
    ...room(memory, content, setting, Math.min(LARGEST, cases.length)),
    ...made.given,
    ...tables(memory, content, setting, rows.length),
    kept: kept?.states ?? states,
    histories: memory.put(BigInt64Array.from(families, (_, at) => BigInt(kept?.done[at] ?? RUN)), [families.length], 8),
  });
  kept?.keep();
  return {
    first,
    last,
    values: turned(memory.floats(made.address, rows.length * made.columns), count, cases.length, made.columns),
    sets: Int32Array.from(replicates, (replicate) => drawing.set(replicate)),
    codings: Int32Array.from(replicates, (replicate) => drawing.reading(replicate)),
  };
}

/** States that share their draws; the address of their boxes' addresses. */
export function pool(memory: Memory, setting: Setting, members: number): number {
  const layout = setting.world.state;
  const first = memory.state(layout);
  const others = Array.from({ length: members - 1 }, () => memory.state(layout, first.places).box);
  return memory.words([first.box, ...others]);
}

function room(memory: Memory, content: Content, setting: Setting, members: number): Record<string, Argument> {
  const bytes = (name: string): number => known(content.records[name], name).bytes;
  return {
    "room.members": memory.zeros([members], bytes("member")),
    "room.shares": memory.zeros([setting.region.municipalities.length], 8),
    "room.log": memory.zeros([0], bytes("initiative")),
    "room.ballots": memory.zeros([0], bytes("ballot")),
    "room.cast": memory.zeros([1], 8),
  };
}

/** A batch keeps its outcomes only. */
export function noTables(memory: Memory, content: Content, setting: Setting): Record<string, Argument> {
  const [, themes, size, quarters] = setting.world.sizes;
  const bytes = (name: string): number => known(content.records[name], name).bytes;
  const none = (shape: readonly number[], item: number): Placed => ({ address: memory.room(8), shape: [0, ...shape], item });
  return {
    "tables.series": none([quarters], bytes("state")),
    "tables.municipalities": none([size], bytes("municipality")),
    "tables.municipality_themes": none([size, themes], 8),
    "tables.pairs": none([3, size, size], 16),
    "tables.capacity": none([quarters, size], bytes("capacity")),
    "tables.institutions": none([quarters], 2),
  };
}

/** From a row a run, by replicate and case, to a row a case and outcome. */
function turned(rows: Float64Array, replicates: number, cases: number, columns: number): Float64Array {
  const values = new Float64Array(rows.length);
  for (let r = 0; r < replicates; r++) {
    for (let c = 0; c < cases; c++) {
      for (let o = 0; o < columns; o++) {
        values[(c * columns + o) * replicates + r] = rows[(r * cases + c) * columns + o] as number;
      }
    }
  }
  return values;
}
