/** What a design asks of municipalities: autonomy as rule `voting` counts it, and staff as the brief counts it. */

import type { Catalogue, OwnDesign, Run } from "../engine/contract.js";
import { valueOf } from "./file.js";

/** Autonomy that a municipality gives up, in [0, 1]: `autonomy` in `bresim.brief.packages`. */
export function autonomy(design: Pick<OwnDesign, "rules">, catalogue: Catalogue): number {
  const value = (path: string): unknown => {
    const field = catalogue.fields.find((one) => `${one.rules}.${one.name}` === path);
    if (field === undefined) throw new Error(`there is no field ${path}`);
    return valueOf(design, field);
  };
  const pool = value("choice.pooled_by") === "board" ? 0 : Math.min(1, 10 * Number(value("choice.pooled_capacity")));
  return (Number(value("payoff.binding")) + pool + Number(value("payoff.steering"))) / 3;
}

const PURPOSES = ["fte_meetings", "fte_bureau", "fte_execution"] as const;

/** Staff that all municipalities together put into meetings, bureau and execution, in fte: `staff` in `bresim.brief.runs`. */
export function staff(run: Run, size: number): number {
  let sum = 0;
  for (const purpose of PURPOSES) {
    for (let at = 0; at < size; at += 1) sum += run.municipalities[purpose]?.[(run.quarters - 1) * size + at] ?? NaN;
  }
  return sum;
}
