/** Whom a municipality trusts, as it stands in a run. */

import type { Run } from "../../engine/contract.js";

/** Trust (or grievance) of `source` in each municipality after `passed` quarters, (N,); its own is NaN. */
export function rowOf(matrix: Float64Array, size: number, passed: number, source: number): number[] {
  const start = (passed * size + source) * size;
  return Array.from({ length: size }, (_, target) => (target === source ? NaN : matrix[start + target] ?? NaN));
}

export interface Trusted {
  /** Trust in each municipality, (N,); NaN for itself. */
  readonly row: readonly number[];
  readonly most: number;
  readonly least: number;
  readonly mean: number;
  /** Municipalities in which its trust is more than one half, and all others there are. */
  readonly half: number;
  readonly others: number;
}

export function trusted(run: Run, size: number, passed: number, source: number): Trusted {
  const row = rowOf(run.trust, size, passed, source);
  const others = row.map((_, at) => at).filter((at) => at !== source);
  const sorted = [...others].sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0) || a - b);
  const values = others.map((at) => row[at] ?? 0);
  return {
    row,
    most: sorted[0] ?? source,
    least: sorted[sorted.length - 1] ?? source,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    half: values.filter((value) => value > 0.5).length,
    others: others.length,
  };
}

/** Mean trust (or grievance) of these municipalities in or against `target`, after `passed` quarters; NaN of none. */
export function towards(matrix: Float64Array, size: number, passed: number, target: number, sources: readonly number[]): number {
  const values = sources.map((source) => matrix[(passed * size + source) * size + target] ?? NaN);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
