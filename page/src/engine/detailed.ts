/** A batch that keeps more of each run than its outcomes: columns over time, and of each municipality at the end. */

import { noTables, runPart, type BatchPart } from "./batch.js";
import { known, type Content } from "./content.js";
import type { BatchRequest, Kept } from "./contract.js";
import type { Kernel } from "./kernel.js";
import type { Memory, Placed } from "./memory.js";
import type { Setting } from "./setting.js";

/** What is kept of one part: column → [(case * replicates + r) * width + place]; places are quarters, or municipalities. */
export interface DetailedPart extends BatchPart {
  readonly series: Readonly<Record<string, Float64Array>>;
  readonly municipal: Readonly<Record<string, Float64Array>>;
}

export function detailedPart(
  kernel: Kernel, content: Content, setting: Setting, request: BatchRequest, kept: Kept, first: number, last: number,
): DetailedPart {
  const [, themes, size, quarters] = setting.world.sizes;
  const bytes = (record: string): number => known(content.records[record], record).bytes;
  let series: Placed | null = null, municipal: Placed | null = null;
  const part = runPart(kernel, content, setting, request, first, last, (memory, _content, _setting, runs) => {
    const tables = noTables(memory, content, setting);
    if (kept.series?.length) tables["tables.series"] = series = memory.zeros([runs, quarters], bytes("state"));
    if (kept.municipal?.length) {
      tables["tables.municipalities"] = municipal = memory.zeros([runs, size], bytes("municipality"));
      tables["tables.municipality_themes"] = memory.zeros([runs, size, themes], 8);
    }
    return tables;
  });
  const cases = request.designs.length * request.foundings.length;
  const read = (placed: Placed | null, record: string, names: readonly string[]): Record<string, Float64Array> =>
    placed === null ? {} : columns(kernel.memory, content, placed, record, names, cases);
  return { ...part, series: read(series, "state", kept.series ?? []), municipal: read(municipal, "municipality", kept.municipal ?? []) };
}

/** Columns of a table (runs, width), from runs by replicate and case to runs by case and replicate. */
function columns(memory: Memory, content: Content, placed: Placed, record: string, names: readonly string[], cases: number): Record<string, Float64Array> {
  const layout = known(content.records[record], record), fields = layout.bytes / 8;
  const [runs = 0, width = 0] = placed.shape, replicates = runs / cases;
  const all = memory.floats(placed.address, runs * width * fields);
  return Object.fromEntries(names.map((name) => {
    const [, place] = known(layout.fields[name], `the column ${name}`), found = new Float64Array(runs * width);
    for (let run = 0; run < runs; run += 1) {
      const to = ((run % cases) * replicates + Math.floor(run / cases)) * width;
      for (let at = 0; at < width; at += 1) found[to + at] = all[(run * width + at) * fields + place / 8] as number;
    }
    return [name, found];
  }));
}

/** The same column of all parts, which follow each other, as one; `width` values a run. */
export function joined(parts: readonly DetailedPart[], which: "series" | "municipal", name: string, cases: number, width: number): Float64Array {
  const replicates = parts.reduce((sum, part) => sum + part.last - part.first, 0), whole = new Float64Array(cases * replicates * width);
  let before = 0;
  for (const part of parts) {
    const count = (part.last - part.first) * width, from = known(part[which][name], name);
    for (let at = 0; at < cases; at += 1) whole.set(from.subarray(at * count, (at + 1) * count), (at * replicates + before) * width);
    before += part.last - part.first;
  }
  return whole;
}
