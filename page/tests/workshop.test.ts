import assert from "node:assert/strict";
import test from "node:test";

import type { OwnDesign, Region } from "../src/engine/contract.js";
import { placeOf } from "../src/ui/workshop/facts.js";
import { largest, without } from "../src/ui/workshop/shocks.js";
import { municipalities } from "./made.js";

const NONE = { nl: "", en: "" };

/** Aarle 80,000, Beek 20,000, Cadier 5,000 and Doenrade 40,000 inhabitants, in these subregions. */
function region(...of: readonly number[]): Region {
  const subregions = [...new Set(of)].map((one) => ({ name: String(one), label: { nl: String(one), en: String(one) } }));
  return { municipalities: municipalities().map((one, at) => ({ ...one, subregion: of[at] ?? 0 })), subregions, groups: {}, groupLabels: {}, themes: [] } as unknown as Region;
}

test("the subregion that stays out is the largest by inhabitants of those with several municipalities", () => {
  assert.deepEqual(largest(region(0, 0, 1, 1))?.members, [0, 1]);
  assert.deepEqual(largest(region(0, 1, 1, 1))?.members, [1, 2, 3], "one municipality is no subregion that stays out");
  assert.equal(largest(region(0, 0, 0, 0)), null, "the whole region cannot stay out");
  assert.equal(largest(region(0, 1, 2, 3)), null);
});

test("whom a design is without is left out by name, with those that were not in it", () => {
  const design = (eligible: unknown): OwnDesign => ({ name: "mine", label: NONE, rules: { boundary: { eligible, min_members: 2 } } as never, from: "regiobureau" });
  const changed = without(design("all"), [0], region(0, 0, 1, 1));
  assert.deepEqual(changed, { ...design(["all but", "Aarle"]), from: "regiobureau" });
  const part = without(design(["Aarle", "Beek", "Doenrade"]), [0], region(0, 0, 1, 1));
  assert.deepEqual(typeof part === "string" ? part : part.rules.boundary?.["eligible"], ["all but", "Aarle", "Cadier"]);
  assert.equal(without(design(["Beek", "Doenrade"]), [0, 2], region(0, 0, 1, 1)), "not_in");
  assert.equal(without(design(["Aarle", "Beek"]), [0], region(0, 0, 1, 1)), "needed");
});

test("a future is less than, the same as and more than the others, itself among the same", () => {
  assert.deepEqual(placeOf([3, 1, 3, 7, 2], 0), { less: 2, same: 2, more: 1 });
});
