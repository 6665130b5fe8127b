/** The engine of a page: `contract.ts` over workers. */

import { casesOf, type BatchPart } from "./batch.js";
import { catalogueOf } from "./catalogue.js";
import { checked } from "./check.js";
import { known } from "./content.js";
import type {
  Batch, BatchRequest, Catalogue, Changes, Choice, DetailedBatch, Engine, JobOptions, Kept, LoadOptions, Play, Problem, Run, RunOptions, RunRequest, Seat, SelfCheck, Taken,
} from "./contract.js";
import { smaller } from "./conventions.js";
import { joined, type DetailedPart } from "./detailed.js";
import { Growing } from "./growing.js";
import type { Parts } from "./model.js";
import { decode, demand, hasSimd, type Payload } from "./payload.js";
import { inspect, problemsOf } from "../design/inspect.js";
import { refuse } from "./requests.js";
import type { Shown } from "./worker.js";
import { Workers } from "./workers.js";

/** Runs in one part of a batch, in a usual region: some tens of milliseconds, after which a worker looks up. */
const RUNS = 96;
/** Replicates in a row that one worker has kept the history of. */
const STRETCH = 50;

class Played implements Play {
  /** What was played, to play it again where the worker was lost, and its memory with it. */
  private readonly steps: (readonly [readonly Choice[], number])[] = [];
  private lost = false;
  private readonly growing = new Growing();
  private shown: Shown;

  constructor(
    private readonly workers: Workers, private readonly on: number, private readonly play: number,
    private readonly begun: { readonly request: RunRequest; readonly changes: Changes | undefined }, shown: Shown,
  ) {
    this.shown = { ...shown, run: this.growing.add(shown.run) };
  }

  get quarter(): number {
    return this.shown.quarter;
  }
  get finished(): boolean {
    return this.shown.finished;
  }
  get run(): Run {
    return this.shown.run;
  }
  get seats(): readonly Seat[] {
    return this.shown.seats;
  }

  async step(choices: readonly Choice[] = [], quarters = 1): Promise<readonly Taken[]> {
    if (this.lost) {
      await this.workers.do({ kind: "begin", play: this.play, ...this.begun }, undefined, this.on);
      for (const step of this.steps) await this.played(...step); // what it tells again is known
      this.lost = false;
    }
    const { taken, ...shown } = await this.played(choices, quarters);
    this.steps.push([choices, quarters]);
    this.shown = { ...shown, run: this.growing.add(shown.run) };
    return taken;
  }

  private async played(choices: readonly Choice[], quarters: number): Promise<Shown & { taken: readonly Taken[] }> {
    try {
      return (await this.workers.do({ kind: "step", play: this.play, choices, quarters }, undefined, this.on)) as Shown & { taken: readonly Taken[] };
    } catch (error) {
      this.lost = true;
      throw error;
    }
  }

  end(): void {
    this.workers.do({ kind: "end", play: this.play }, undefined, this.on).catch(() => undefined); // it is gone all the same
  }
}

class Running implements Engine {
  readonly catalogue: Catalogue;
  check!: Promise<SelfCheck>;
  private plays = 0;

  constructor(private readonly workers: Workers, private readonly parts: Parts) {
    this.catalogue = catalogueOf(parts.content);
  }

  async batch(request: BatchRequest, options: JobOptions = {}): Promise<Batch> {
    refuse(this.parts.content, request, request.designs, request);
    const started = performance.now();
    const cases = casesOf(request);
    const all = request.last - request.first;
    const each = this.replicatesOfPart(cases.length, request.region);
    let done = 0;
    const parts: Promise<BatchPart>[] = [];
    for (let first = request.first; first < request.last; first += each) {
      const last = Math.min(first + each, request.last);
      const part = this.workers.nearest({ kind: "batch", request, first, last }, options.signal, Math.floor(first / STRETCH)) as Promise<BatchPart>;
      parts.push(
        part.then((made) => {
          done += last - first;
          options.progress?.(done, all);
          return made;
        }),
      );
    }
    const made = await Promise.all(parts);
    const region = known(this.catalogue.regions.find((one) => one.name === request.region), request.region);
    return { request, cases, replicates: all, outcomes: region.outcomes, ...assembled(made, all), took: performance.now() - started };
  }

  async detailed(request: BatchRequest, kept: Kept, options: JobOptions = {}): Promise<DetailedBatch> {
    refuse(this.parts.content, request, request.designs, request);
    const started = performance.now();
    const cases = casesOf(request), each = this.replicatesOfPart(cases.length, request.region), asked: Promise<DetailedPart>[] = [];
    for (let first = request.first; first < request.last; first += each) {
      const last = Math.min(first + each, request.last);
      asked.push(this.workers.do({ kind: "detailed", request, kept, first, last }, options.signal) as Promise<DetailedPart>);
    }
    const made = await Promise.all(asked), replicates = request.last - request.first;
    const region = known(this.catalogue.regions.find((one) => one.name === request.region), request.region);
    const widths = { series: this.catalogue.dates.length, municipal: region.municipalities.length };
    const of = (which: keyof Kept): Record<string, Float64Array> =>
      Object.fromEntries((kept[which] ?? []).map((name) => [name, joined(made, which, name, cases.length, widths[which])]));
    return {
      request, cases, replicates, outcomes: region.outcomes, ...assembled(made, replicates), series: of("series"), municipal: of("municipal"),
      took: performance.now() - started,
    };
  }

  /** Whole parameter sets, as each is laid out once for the replicates that share it, that make up a stretch. */
  private replicatesOfPart(cases: number, region: string): number {
    const size = known(this.catalogue.regions.find((one) => one.name === region), region).municipalities.length;
    const runs = RUNS * smaller(size), set = this.catalogue.replicatesPerSet;
    const sizes = [1, 2, 5, 10].map((sets) => sets * set).filter((size) => STRETCH % size === 0);
    const far = (size: number): number => Math.abs(size - runs / cases);
    return sizes.reduce((best, size) => (far(size) < far(best) ? size : best), set);
  }

  /** A batch in one part, made with a kernel of this kind when a worker has nothing else to do. */
  part(request: BatchRequest, kernel: string): Promise<BatchPart> {
    const { first, last } = request;
    return this.workers.later({ kind: "batch", request, first, last, kernel }) as Promise<BatchPart>;
  }

  async single(request: RunRequest, options: RunOptions = {}): Promise<Run> {
    refuse(this.parts.content, request, [request.design], { first: request.replicate, last: request.replicate + 1 });
    return (await this.workers.do({ kind: "single", request, quarters: options.quarters, changes: options.changes }, options.signal)) as Run;
  }

  async begin(request: RunRequest, options: Pick<RunOptions, "changes"> = {}): Promise<Play> {
    refuse(this.parts.content, request, [request.design], { first: request.replicate, last: request.replicate + 1 });
    const play = this.plays++;
    const on = this.workers.turn();
    const { changes } = options;
    const shown = (await this.workers.do({ kind: "begin", play, request, changes }, undefined, on)) as Shown;
    return new Played(this.workers, on, play, { request, changes }, shown);
  }

  problems(design: Parameters<Engine["problems"]>[0], region: string): readonly Problem[] {
    return problemsOf(this.parts.content, design, region);
  }

  inspect(...[file, name, region]: Parameters<Engine["inspect"]>): ReturnType<Engine["inspect"]> {
    return inspect(this.parts.content, file, name, region);
  }

  close(): void {
    this.workers.close();
  }
}

/** Parts of a batch as one. */
function assembled(parts: readonly BatchPart[], replicates: number): { values: Float64Array; sets: Int32Array; codings: Int32Array } {
  const first = known(parts[0], "a replicate");
  const columns = first.values.length / (first.last - first.first);
  const values = new Float64Array(columns * replicates);
  const sets = new Int32Array(replicates);
  const codings = new Int32Array(replicates);
  for (const part of parts) {
    const count = part.last - part.first;
    const start = part.first - first.first;
    for (let at = 0; at < columns; at++) values.set(part.values.subarray(at * count, (at + 1) * count), at * replicates + start);
    sets.set(part.sets, start);
    codings.set(part.codings, start);
  }
  return { values, sets, codings };
}

/** What the page asks at once comes first. */
async function selfCheck(engine: Running, parts: Parts, build: SelfCheck["build"], started: number): Promise<SelfCheck> {
  await new Promise((resolve) => setTimeout(resolve));
  return { ...(await checked(engine, parts)), build, took: performance.now() - started };
}

/** Start the engine from what a page carries; `make` makes a worker that `serve`s. */
export async function start(payload: Payload, make: () => Worker, options: LoadOptions = {}): Promise<Engine> {
  const started = performance.now();
  demand();
  const build = options.plain !== true && hasSimd() ? "simd" : "plain";
  const parts = await decode(payload, build);
  const cores = typeof navigator === "undefined" ? 2 : (navigator.hardwareConcurrency ?? 2);
  const workers = new Workers(options.workers ?? Math.min(8, Math.max(2, cores - 1)), make, parts);
  const engine = new Running(workers, parts);
  engine.check = selfCheck(engine, parts, build, started);
  engine.check.catch(() => undefined); // whoever asks for it is told
  return engine;
}
