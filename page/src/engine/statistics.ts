/** Statistics of batches: those of `bresim.analysis.summary`, which `summary.csv` has. */

import { CONFIDENCE } from "./conventions.js";
import { known } from "./content.js";
import type { Batch, Interval, Statistics } from "./contract.js";
import { studentQuantile } from "./student.js";

function place(batch: Batch, outcome: string): number {
  const at = batch.outcomes.findIndex((one) => one.name === outcome);
  if (at < 0) throw new Error(`there is no outcome ${outcome}`);
  return at;
}

function column(batch: Batch, outcome: string, at: number): Float64Array {
  const start = (at * batch.outcomes.length + place(batch, outcome)) * batch.replicates;
  return batch.values.subarray(start, start + batch.replicates);
}

/** Sum in pairs, as NumPy adds up: the rounding error grows with the logarithm of the length. */
function sum(values: ArrayLike<number>, first = 0, last = values.length): number {
  if (last - first <= 8) {
    let total = 0;
    for (let at = first; at < last; at++) total += values[at] as number;
    return total;
  }
  const middle = first + Math.floor((last - first) / 2);
  return sum(values, first, middle) + sum(values, middle, last);
}

function knownOf(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}

function mean(values: Float64Array): number {
  const found = knownOf(values);
  return found.length === 0 ? NaN : sum(found) / found.length;
}

function quantile(values: Float64Array, q: number): number {
  const found = knownOf(values).sort();
  if (found.length === 0) return NaN;
  const at = q * (found.length - 1);
  const below = Math.floor(at);
  const low = found[below] as number;
  const high = found[Math.min(below + 1, found.length - 1)] as number;
  return low + (at - below) * (high - low);
}

/** Mean and its 95 % interval when replicates of one parameter set are correlated (cluster means, Student's t). */
function interval(values: Float64Array, sets: ArrayLike<number>): Interval {
  const mid = mean(values);
  let groups = new Map<number, number>();
  const add = (into: Map<number, number>, key: number, value: number): void => {
    if (!Number.isNaN(value)) into.set(key, (into.get(key) ?? 0) + value - mid);
  };
  values.forEach((value, at) => add(groups, sets[at] as number, value));
  if (groups.size < 2) {
    groups = new Map();
    values.forEach((value, at) => add(groups, at, value));
  }
  const clusters = groups.size;
  if (clusters < 2) return { mean: mid, low: NaN, high: NaN };
  const squares = sum([...groups.values()].map((one) => one * one));
  const error = Math.sqrt((clusters / (clusters - 1)) * squares) / knownOf(values).length;
  const half = studentQuantile(0.5 + CONFIDENCE / 2, clusters - 1) * error;
  return { mean: mid, low: mid - half, high: mid + half };
}

function gap(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, at) => value - (other[at] as number));
}

function sameSets(batch: Batch, other: Batch): void {
  const fits = batch.replicates === other.replicates && batch.sets.every((set, at) => set === other.sets[at]);
  if (!fits) throw new Error("the two batches are not of the same futures");
}

function best(batch: Batch, outcome: string): Float64Array {
  const direction = known(batch.outcomes[place(batch, outcome)], outcome).direction;
  const found = new Float64Array(batch.cases.length);
  if (direction === 0) return found.fill(NaN);
  for (const founding of new Set(batch.cases.map((one) => one.founding))) {
    const cases = batch.cases.flatMap((one, at) => (one.founding === founding ? [at] : []));
    const columns = cases.map((at) => column(batch, outcome, at));
    const wins = cases.map(() => 0);
    let futures = 0;
    for (let r = 0; r < batch.replicates; r++) {
      const values = columns.map((one) => direction * (one[r] as number));
      if (values.some(Number.isNaN)) continue;
      futures++;
      const top = Math.max(...values);
      // a future in which several are best counts for none of them
      if (values.filter((value) => value === top).length === 1) {
        const winner = values.indexOf(top);
        wins[winner] = (wins[winner] as number) + 1;
      }
    }
    cases.forEach((at, nth) => {
      found[at] = futures === 0 || cases.length < 2 ? NaN : (wins[nth] as number) / futures;
    });
  }
  return found;
}

function concatenated(one: Int32Array, other: Int32Array): Int32Array {
  return Int32Array.from([...one, ...other]);
}

function join(batch: Batch, more: Batch): Batch {
  const rest = ({ first: _first, last: _last, ...world }: Batch["request"]): string => JSON.stringify(world);
  if (batch.request.last !== more.request.first || rest(batch.request) !== rest(more.request)) {
    throw new Error("the second batch does not go on where the first ends");
  }
  const replicates = batch.replicates + more.replicates;
  const columns = batch.cases.length * batch.outcomes.length;
  const values = new Float64Array(columns * replicates);
  for (let at = 0; at < columns; at++) {
    const take = (from: Batch): Float64Array => from.values.subarray(at * from.replicates, (at + 1) * from.replicates);
    values.set(take(batch), at * replicates);
    values.set(take(more), at * replicates + batch.replicates);
  }
  return {
    ...batch,
    request: { ...batch.request, last: more.request.last },
    replicates,
    values,
    sets: concatenated(batch.sets, more.sets),
    codings: concatenated(batch.codings, more.codings),
    took: batch.took + more.took,
  };
}

export const statistics: Statistics = {
  column,
  join,
  mean,
  quantile,
  best,
  difference: (batch, outcome, at, than) => interval(gap(column(batch, outcome, at), column(batch, outcome, than)), batch.sets),
  between: (batch, at, other, than, outcome) => {
    sameSets(batch, other);
    return interval(gap(column(batch, outcome, at), column(other, outcome, than)), batch.sets);
  },
};
