/** What a design asks of municipalities: autonomy as rule `voting` counts it, and staff as the brief counts it. */

import type { Catalogue, DetailedBatch, FieldValue, OwnDesign, RuleType } from "../engine/contract.js";
import { valueOf } from "./file.js";

type Ruled = Pick<OwnDesign, "rules">;

/** The three parts of the loss of autonomy, by the rule type that asks it; each in [0, 1]. */
function parts(design: Ruled, catalogue: Catalogue): readonly (readonly [RuleType, number])[] {
  const value = (path: string): FieldValue => {
    const field = catalogue.fields.find((one) => `${one.rules}.${one.name}` === path);
    if (field === undefined) throw new Error(`there is no field ${path}`);
    return valueOf(design, field);
  };
  const pool = value("choice.pooled_by") === "board" ? 0 : Math.min(1, 10 * Number(value("choice.pooled_capacity")));
  return [["payoff", Number(value("payoff.binding"))], ["choice", pool], ["payoff", Number(value("payoff.steering"))]];
}

/** Autonomy that a municipality gives up, in [0, 1]: `autonomy` in `bresim.brief.packages`. */
export function autonomy(design: Ruled, catalogue: Catalogue): number {
  return parts(design, catalogue).reduce((sum, [, part]) => sum + part, 0) / 3;
}

/** As much of it as one card asks. */
export function autonomyOf(design: Ruled, type: RuleType, catalogue: Catalogue): number {
  return parts(design, catalogue).filter(([of]) => of === type).reduce((sum, [, part]) => sum + part, 0) / 3;
}

/** Columns of a municipality that are staff for working together: `PURPOSES` in `bresim.brief.runs`. */
export const PURPOSES = ["fte_meetings", "fte_bureau", "fte_execution"] as const;

/** Staff that all municipalities together put into meetings, bureau and execution, in fte: [replicate] of a case. */
export function staff(batch: DetailedBatch, at: number, size: number): Float64Array {
  return Float64Array.from({ length: batch.replicates }, (_, replicate) => {
    const start = (at * batch.replicates + replicate) * size;
    return PURPOSES.reduce((sum, purpose) => sum + (batch.municipal[purpose]?.subarray(start, start + size).reduce((all, one) => all + one, 0) ?? NaN), 0);
  });
}
