/** Answers to what the visitor chose: few futures first, then all; what is out of date is cancelled. */

import { NOW } from "../engine/conventions.js";
import type { Batch, BatchRequest, DesignChoice, Engine, Statistics, World } from "../engine/contract.js";
import { Pace } from "./pace.js";
import { designOf, worldOf, type Choices } from "./state.js";

/** Designs of which the runs are kept, so that turning a knob back, or another design beside it, costs nothing. */
const KEPT = 32;

/** One undercurrent. Cases of `batch`: today's way and the designs, each if founded and as decided. */
export interface Side {
  readonly batch: Batch;
  /** Today's way without measures, to which all is compared: a case of `base`. */
  readonly base: Batch;
}

export interface Answer {
  readonly choices: Choices;
  readonly futures: number;
  /** How many the last answer will have. */
  readonly all: number;
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

/** The first futures of some designs as one batch. */
function together(parts: readonly Batch[], request: BatchRequest): Batch {
  const [one] = parts;
  if (one === undefined) throw new Error("a batch has designs");
  const { last: replicates } = request, width = one.outcomes.length;
  const cases = parts.flatMap((part) => part.cases), values = new Float64Array(cases.length * width * replicates);
  let to = 0;
  for (const part of parts) {
    for (let from = 0; from < part.values.length; from += part.replicates, to += replicates) values.set(part.values.subarray(from, from + replicates), to);
  }
  return { ...one, request, cases, values, replicates, sets: one.sets.subarray(0, replicates), codings: one.codings.subarray(0, replicates) };
}

/** The runs of one design of a batch. */
function apart(batch: Batch, design: DesignChoice, at: number): Batch {
  const { foundings } = batch.request, cases = batch.cases.slice(at * foundings.length, (at + 1) * foundings.length);
  const size = cases.length * batch.outcomes.length * batch.replicates;
  return { ...batch, request: { ...batch.request, designs: [design] }, cases, values: batch.values.slice(at * size, (at + 1) * size) };
}

/** All of a request of one design but how many futures. */
function keyOf(request: BatchRequest, design: DesignChoice): string {
  return JSON.stringify({ ...request, designs: [design], last: null });
}

export class Asker {
  private control: AbortController | null = null;
  /** The runs of a design in a world; those that were used last come last. */
  private readonly known = new Map<string, Batch>();
  private readonly pace = new Pace();

  constructor(private readonly engine: Engine, private readonly statistics: Statistics) {}

  cancel(): void {
    this.control?.abort();
    this.control = null;
  }

  /** How many futures the first answer to these choices has. */
  first(choices: Choices): number {
    return this.pace.steps(this.sizeOf(choices))[0] ?? 0;
  }

  private sizeOf(choices: Choices): number {
    return this.engine.catalogue.regions.find((one) => one.name === choices.region)?.municipalities.length ?? 0;
  }

  /** Give every answer to `show`, the last with all futures; a later call cancels this one. */
  async ask(choices: Choices, show: (answer: Answer) => void): Promise<void> {
    this.cancel();
    const control = new AbortController();
    this.control = control;
    const size = this.sizeOf(choices);
    const world = worldOf(choices), calm: World = { ...world, undercurrent: { parochialism: 0, cleavage: 0, negativity: 0 } };
    let done = 0;
    for (let steps = this.pace.steps(size); steps.length > 0; steps = this.pace.steps(size, done)) {
      const futures = steps[0] as number, started = performance.now();
      const [one, other] = await Promise.all([this.side(choices, world, futures, control.signal), this.side(choices, calm, futures, control.signal)]);
      if (control.signal.aborted) return;
      this.pace.took(size, futures - done, performance.now() - started);
      done = futures;
      show({ choices, futures, all: this.pace.steps(size, done).at(-1) ?? futures, here: one, calm: other });
    }
  }

  private async side(choices: Choices, world: World, last: number, signal: AbortSignal): Promise<Side> {
    const designs = [NOW, ...choices.designs].map((name) => designOf(choices, name));
    const request: BatchRequest = { ...world, designs, foundings: ["at_once", "vote"], first: 0, last };
    if (Object.keys(world.measures ?? {}).length === 0) {
      const batch = await this.batch(request, signal);
      return { batch, base: batch };
    }
    const [batch, base] = await Promise.all([this.batch(request, signal), this.batch({ ...request, measures: {}, designs: [NOW] }, signal)]);
    return { batch, base };
  }

  /** A batch from the first future on; what is known of its designs already is not run again. */
  private async batch(request: BatchRequest, signal: AbortSignal): Promise<Batch> {
    const lacking = new Map<number, DesignChoice[]>();
    for (const design of request.designs) {
      const had = this.known.get(keyOf(request, design))?.replicates ?? 0;
      if (had < request.last) lacking.set(had, [...(lacking.get(had) ?? []), design]);
    }
    await Promise.all([...lacking].map(async ([first, designs]) => {
      const more = withKept(await this.engine.batch({ ...request, designs, first }, { signal }));
      designs.forEach((design, at) => this.learn(keyOf(request, design), first, apart(more, design, at)));
    }));
    return together(request.designs.map((design) => this.recall(keyOf(request, design))), request);
  }

  private learn(key: string, first: number, more: Batch): void {
    const had = this.known.get(key);
    if (first > 0 && had?.replicates !== first) return; // another answer has brought it further
    this.known.set(key, had === undefined || first === 0 ? more : this.statistics.join(had, more));
  }

  /** What is known, as the last that was used. */
  private recall(key: string): Batch {
    const batch = this.known.get(key);
    if (batch === undefined) throw new Error("what was asked is known");
    this.known.delete(key);
    this.known.set(key, batch);
    for (const old of [...this.known.keys()].slice(0, Math.max(0, this.known.size - KEPT))) this.known.delete(old);
    return batch;
  }
}
