/** The runs that a page carries from Python, made again here. */

import type { Parts } from "./model.js";
import type { BatchPart } from "./batch.js";
import type { BatchRequest } from "./contract.js";
import type { Stored } from "./content.js";

/** A request and what Python made of it, in the order of `Batch.values`. */
export interface Check {
  readonly request: BatchRequest;
  /** The kernel to make it with, which need not be that of its world. */
  readonly kernel: string;
  readonly values: Stored;
}

export async function checked(engine: { part(request: BatchRequest, kernel: string): Promise<BatchPart> }, { content, arrays }: Parts): Promise<{ same: boolean; compared: number; different: number }> {
  let compared = 0;
  let different = 0;
  // once more where its worker was lost
  const made = await Promise.all(content.checks.map(({ request, kernel }) => engine.part(request, kernel).catch(() => engine.part(request, kernel))));
  content.checks.forEach(({ values: [place, , shape] }, at) => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const wanted = new Float64Array(arrays.slice(place, place + 8 * count).buffer);
    const found = made[at]?.values;
    compared += count;
    for (let i = 0; i < count; i++) if (!Object.is(wanted[i], found?.[i])) different++;
  });
  return { same: different === 0, compared, different };
}
