/** Which parameter set, membership table and reading of the codings each replicate has: `bresim.plan` in TypeScript. */

import { exp, log } from "./arithmetic.js";
import type { Content, StoredCoding } from "./content.js";
import { Philox } from "./philox.js";

const PRIOR = 1n << 32n;

/** What depends on the seed alone; made once for each. */
export class Drawing {
  private readonly order: readonly number[];
  private readonly solutions = new Map<number, readonly number[]>();
  private readonly units = new Map<string, number>();

  constructor(private readonly content: Content, private readonly seed: number) {
    this.order = new Philox(BigInt(seed)).permutation(content.sets.draws.length);
  }

  private block(replicate: number): number {
    return Math.floor(replicate / this.content.replicatesPerSet);
  }

  /** Number of the parameter set of a replicate. */
  set(replicate: number): number {
    return this.order[this.block(replicate) % this.order.length] as number;
  }

  /** Number of the membership table of a replicate in a region that has so many. */
  solution(replicate: number, count: number): number {
    let order = this.solutions.get(count);
    if (order === undefined) {
      order = new Philox(BigInt(this.seed) + 1n).permutation(count);
      this.solutions.set(count, order);
    }
    return order[this.block(replicate) % count] as number;
  }

  /** Number of the reading of the codings that a replicate has. */
  reading(replicate: number): number {
    const { replicatesPerSet: size, replicatesPerReading: pair } = this.content;
    const readings = Math.ceil(size / pair);
    return this.block(replicate) * readings + Math.floor((replicate % size) / pair);
  }

  /** Value of a field in a reading: within the range of its coding, or as it is. */
  read(coding: StoredCoding | undefined, whole: boolean, value: number, reading: number): number {
    if (coding === undefined || coding.range === null) return value;
    const key = `${coding.stream}.${reading}`;
    let unit = this.units.get(key);
    if (unit === undefined) {
      unit = new Philox([BigInt(this.seed), BigInt(`0x${coding.stream}`)], reading).random();
      if (this.units.size > 200_000) this.units.clear(); // some megabytes at most
      this.units.set(key, unit);
    }
    const [low, high] = coding.range;
    return whole ? low + Math.floor(unit * (high - low + 1)) : low + unit * (high - low);
  }
}

/** The plausible parameter sets, made again from the numbers of their draws from the priors. */
export class ParameterSets {
  private readonly made = new Map<number, Float64Array>();

  constructor(private readonly content: Content) {}

  /** Values of set `number`, in the order of the priors. */
  values(number: number): Float64Array {
    let values = this.made.get(number);
    if (values === undefined) {
      const { seed, draws, priors } = this.content.sets;
      const stream = new Philox([BigInt(seed), PRIOR + BigInt(draws[number] as number)]);
      values = Float64Array.from(priors, ([, low, high, logarithmic]) => {
        const unit = stream.random();
        return logarithmic ? low * exp(unit * log(high / low)) : low + unit * (high - low);
      });
      this.made.set(number, values);
    }
    return values;
  }
}

/** What a thread has drawn, which does not depend on the world or the designs asked for: one for all its settings. */
export class Drawn {
  readonly sets: ParameterSets;
  private last: { seed: number; drawing: Drawing } | null = null;

  constructor(private readonly content: Content) {
    this.sets = new ParameterSets(content);
  }

  drawing(seed: number): Drawing {
    if (this.last?.seed !== seed) this.last = { seed, drawing: new Drawing(this.content, seed) };
    return this.last.drawing;
  }
}
