import assert from "node:assert/strict";
import test from "node:test";

import { picked } from "../src/builder/names.js";
import { autonomy, autonomyOf, staff } from "../src/builder/price.js";
import { without } from "../src/builder/worth.js";
import type { Catalogue, DetailedBatch, OwnDesign, Region } from "../src/engine/contract.js";
import { statistics } from "../src/engine/statistics.js";
import { fanOf } from "../src/sandbox/overtime.js";
import { municipalities, NAMES } from "./made.js";

const NONE = { nl: "", en: "" };
const REGION = { municipalities: municipalities(), groups: { steering_group: [1, 3] }, groupLabels: {}, themes: [] } as unknown as Region;
const ITEMS = NAMES.map((name) => ({ name, label: NONE }));
const own = (rules: object): OwnDesign => ({ name: "mine", label: NONE, rules: rules as never, from: "regiobureau" });

test("what a value names is found, one by one, by group or by who is left out", () => {
  const of = (value: Parameters<typeof picked>[0]): string => picked(value, ITEMS, REGION).map((at) => NAMES[at]).join();
  assert.equal(of("all"), NAMES.join());
  assert.equal(of("none"), "");
  assert.equal(of("centres"), "Aarle");
  assert.equal(of("steering_group"), "Beek,Doenrade");
  assert.equal(of(["Cadier"]), "Cadier");
  assert.equal(of(["all but", "Cadier", "Beek"]), "Aarle,Doenrade");
});

test("a card that is taken back gets today's rules, and what only a board supplies goes to all where there is no board then", () => {
  const design = own({ position: { board: "centres" }, choice: { pooled_by: "board", pooled_capacity: 0.1 }, payoff: { binding: 0.5 } });
  const today = { rules: { position: { board: "none" }, payoff: { binding: 0.1 } } } as never;
  assert.deepEqual(without(design, "payoff", today).rules, { ...design.rules, payoff: { binding: 0.1 } });
  assert.deepEqual(without(design, "position", today).rules, { ...design.rules, position: { board: "none" }, choice: { pooled_by: "all", pooled_capacity: 0.1 } });
});

test("the cards' autonomy adds up to that of the design", () => {
  const field = (rules: string, name: string): object => ({ rules, name, kind: "share", default: 0 });
  const catalogue = { fields: [field("payoff", "binding"), field("payoff", "steering"), field("choice", "pooled_capacity"), field("choice", "pooled_by")] } as unknown as Catalogue;
  const design = own({ payoff: { binding: 0.6, steering: 0.3 }, choice: { pooled_capacity: 0.03, pooled_by: "all" } });
  assert.ok(Math.abs(autonomyOf(design, "payoff", catalogue) - 0.3) < 1e-15);
  assert.ok(Math.abs(autonomyOf(design, "choice", catalogue) - 0.1) < 1e-15);
  assert.equal(autonomyOf(design, "scope", catalogue), 0);
  assert.ok(Math.abs(autonomy(design, catalogue) - 0.4) < 1e-15);
});

test("staff is added up over purposes and municipalities, future by future", () => {
  const batch = { replicates: 2, municipal: { fte_meetings: Float64Array.from([9, 9, 9, 9, 1, 2, 3, 4]), fte_bureau: new Float64Array(8), fte_execution: new Float64Array(8).fill(0.5) } };
  assert.deepEqual([...staff(batch as unknown as DetailedBatch, 1, 2)], [4, 8]);
});

test("a fan has the quantiles of each quarter from policy start on", () => {
  // two cases of three futures and three quarters; of the second case quarter 1 has 4, 0, 2 and quarter 2 has 1, 1, 1
  const values = Float64Array.from([...new Array<number>(9).fill(7), 9, 4, 1, 9, 0, 1, 9, 2, 1]);
  const fan = fanOf({ statistics }, { replicates: 3, series: { public_value_direct: values } } as unknown as DetailedBatch, 1, 3, 1);
  assert.deepEqual(fan.map((one) => one[1]), [1, 1, 1, 1, 1]);
  assert.deepEqual(fan.map((one) => one[0]), [0.2, 1, 2, 3, 3.8]);
});
