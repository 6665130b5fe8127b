/** Answers to what the visitor chose: few futures first, then all; what is out of date is cancelled. */

import type { Batch, BatchRequest, Engine, Statistics, World } from "../engine/contract.js";
import { designOf, NOW, worldOf, type Choices } from "./state.js";

/** Futures of the first picture and of the last. */
export const STEPS = [200, 1000] as const;
/** Worlds that are kept, so that turning a knob back, or one of two worlds, costs nothing. */
const KEPT = 8;

/** One undercurrent. Cases of `batch`: today's way and the designs, each if founded and as decided. */
export interface Side {
  readonly batch: Batch;
  /** Today's way without measures, to which all is compared: a case of `base`. */
  readonly base: Batch;
}

export interface Answer {
  readonly choices: Choices;
  readonly futures: number;
  readonly here: Side;
  /** The same without an undercurrent. */
  readonly calm: Side;
}

/** Beside its outcomes the share of the promises that fell due and were kept in time: neither broken nor late. */
export function withKept(batch: Batch): Batch {
  const { outcomes, replicates, cases } = batch;
  const broken = outcomes.findIndex((one) => one.name === "default_rate"), late = outcomes.findIndex((one) => one.name === "delay_rate");
  if (broken < 0 || late < 0) throw new Error("a batch has the promises that were broken and late");
  const width = outcomes.length + 1;
  const values = new Float64Array(cases.length * width * replicates);
  for (let at = 0; at < cases.length; at += 1) {
    const old = batch.values.subarray(at * outcomes.length * replicates, (at + 1) * outcomes.length * replicates);
    values.set(old, at * width * replicates);
    for (let future = 0; future < replicates; future += 1) {
      values[(at * width + width - 1) * replicates + future] = 1 - (old[broken * replicates + future] ?? NaN) - (old[late * replicates + future] ?? NaN);
    }
  }
  return { ...batch, values, outcomes: [...outcomes, { name: "kept", label: { nl: "nagekomen", en: "kept" }, unit: "share", direction: 1 }] };
}

/** The first futures of a batch: batches that are compared have the same ones. */
function firstOf(batch: Batch, count: number): Batch {
  const { replicates } = batch, columns = batch.values.length / replicates;
  if (count === replicates) return batch;
  const values = new Float64Array(columns * count);
  for (let at = 0; at < columns; at += 1) values.set(batch.values.subarray(at * replicates, at * replicates + count), at * count);
  return { ...batch, replicates: count, values, sets: batch.sets.subarray(0, count), codings: batch.codings.subarray(0, count) };
}

/** All of a request but how many futures. */
function keyOf(request: BatchRequest): string {
  return JSON.stringify({ ...request, last: null });
}

export class Asker {
  private control: AbortController | null = null;
  private readonly known = new Map<string, Batch>();

  constructor(private readonly engine: Engine, private readonly statistics: Statistics) {}

  cancel(): void {
    this.control?.abort();
    this.control = null;
  }

  /** Give every answer to `show`, the last with all futures; a later call cancels this one. */
  async ask(choices: Choices, show: (answer: Answer) => void): Promise<void> {
    this.cancel();
    const control = new AbortController();
    this.control = control;
    const world = worldOf(choices), calm: World = { ...world, undercurrent: { parochialism: 0, cleavage: 0, negativity: 0 } };
    for (const futures of STEPS) {
      const [one, other] = await Promise.all([this.side(choices, world, futures, control.signal), this.side(choices, calm, futures, control.signal)]);
      if (control.signal.aborted) return;
      show({ choices, futures, here: one, calm: other });
    }
  }

  private async side(choices: Choices, world: World, futures: number, signal: AbortSignal): Promise<Side> {
    const designs = [NOW, ...choices.designs].map((name) => designOf(choices, name));
    const request: BatchRequest = { ...world, designs, foundings: ["at_once", "vote"], first: 0, last: futures };
    const asked = this.batch(request, signal);
    if (Object.keys(world.measures ?? {}).length === 0) {
      const batch = await asked;
      return { batch, base: batch };
    }
    // today's way is the first case of what was shown before the measure, if that is still known
    const before = { ...request, measures: {} };
    const known = (this.known.get(keyOf(before))?.replicates ?? 0) >= futures;
    const base = this.batch(known ? before : { ...before, designs: [NOW], foundings: ["at_once"] }, signal);
    const [batch, other] = await Promise.all([asked, base]);
    return { batch, base: other };
  }

  /** A batch from the first future on; what is known already is not run again. */
  private async batch(request: BatchRequest, signal: AbortSignal): Promise<Batch> {
    const key = keyOf(request);
    const had = this.known.get(key);
    if (had !== undefined && had.replicates >= request.last) {
      this.keep(key, had);
      return firstOf(had, request.last);
    }
    const more = withKept(await this.engine.batch({ ...request, first: had?.replicates ?? 0 }, { signal }));
    const whole = had === undefined ? more : this.statistics.join(had, more);
    this.keep(key, whole);
    return whole;
  }

  /** Keep it as the last that was used. */
  private keep(key: string, batch: Batch): void {
    this.known.delete(key);
    this.known.set(key, batch);
    for (const old of [...this.known.keys()].slice(0, Math.max(0, this.known.size - KEPT))) this.known.delete(old);
  }
}
