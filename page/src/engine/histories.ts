/** States at policy start that were run before: a batch with another design or measure goes on from there. */

import { NOTE, RESUME, RUN } from "./batch.js";
import { known, type Content, type StateLayout } from "./content.js";
import type { World } from "./contract.js";
import type { Memory } from "./memory.js";
import type { Setting } from "./setting.js";

/** A state without what is drawn each quarter, and the rows of its log that are in use. */
interface Kept {
  readonly own: Uint8Array;
  readonly log: Uint8Array;
}

/** States laid out for the families of a batch: what to do about each, and how to keep what was run. */
export interface Laid {
  readonly states: number;
  readonly done: readonly number[];
  keep(): void;
}

/** Worlds of which states stay whatever comes: that of the visitor, and the same without an undercurrent. */
const STAY = 2;

export class Histories {
  /** World → replicate → state; the world that was used last comes last. */
  private readonly worlds = new Map<string, Map<number, Kept>>();
  private bytes = 0;
  /** How often a run went on from a state that was kept. */
  resumed = 0;

  constructor(private readonly content: Content, private readonly room: number) {}

  /** Lay a state for each of these replicates; null where nothing is kept. */
  lay(memory: Memory, setting: Setting, asked: World, replicates: readonly number[]): Laid | null {
    const layout = setting.world.state, log = logOf(layout);
    if (this.bytes === 0 && this.room < log.start) return null;
    const states = this.world(keyOf(setting, asked));
    const first = memory.state(layout);
    const laid = [first, ...replicates.slice(1).map(() => memory.state(layout, first.places))];
    const starts = laid.map(({ places }) => known(places.get("log"), "the log") - log.start);
    const done = replicates.map((replicate, at) => {
      const state = states.get(replicate), start = starts[at] as number;
      if (state === undefined) return this.hasRoom(log.start * replicates.length) ? NOTE : RUN;
      this.resumed += 1;
      memory.paste(state.own, start);
      memory.paste(state.log, start + log.start);
      return RESUME;
    });
    const keep = (): void => replicates.forEach((replicate, at) => {
      if (done[at] !== NOTE) return;
      const region = known(laid[at]?.places.get("region"), "the region"), start = starts[at] as number;
      const rows = memory.read(known(this.content.records["region"], "the region"), region, "initiatives");
      const state = { own: memory.copy(start, log.start), log: memory.copy(start + log.start, rows * log.item) };
      states.set(replicate, state);
      this.bytes += sizeOf(state);
    });
    return { states: memory.words(laid.map(({ box }) => box)), done, keep };
  }

  private world(key: string): Map<number, Kept> {
    const states = this.worlds.get(key) ?? new Map<number, Kept>();
    this.worlds.delete(key);
    this.worlds.set(key, states);
    return states;
  }

  /** Whether there is room, if need be in place of a world that was not used of late. */
  private hasRoom(bytes: number): boolean {
    for (const [key, states] of [...this.worlds].slice(0, -STAY)) {
      if (this.bytes + bytes <= this.room) break;
      for (const state of states.values()) this.bytes -= sizeOf(state);
      this.worlds.delete(key);
    }
    return this.bytes + bytes <= this.room;
  }
}

function sizeOf({ own, log }: Kept): number {
  return own.length + log.length;
}

/** All that what happens before policy start depends on, beside the replicate. */
function keyOf(setting: Setting, { region, scenario, undercurrent, measures }: World): string {
  const { parochialism, cleavage, negativity } = undercurrent;
  return JSON.stringify([region, scenario, setting.seed, parochialism, cleavage, negativity, setting.world.historyIsFree ? null : measures]);
}

/** Where the log begins in a state, behind all else that is its own, and the bytes of a row. */
function logOf(layout: StateLayout): { start: number; item: number } {
  const [, start, item] = known(layout.fields.find(([name]) => name === "log"), "the log");
  const behind = layout.fields.filter(([name, place, bytes, shape, shared]) => name !== "log" && !shared && place + bytes * shape.reduce((a, b) => a * b, 1) > start && shape.every((extent) => extent > 0));
  if (behind.length > 0) throw new Error("the log comes last in a state");
  return { start, item };
}
