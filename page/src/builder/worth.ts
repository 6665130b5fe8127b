/** What each card does: the design, and the design with the rules of today on that card, in the same futures. */

import type { App } from "../app/app.js";
import { h } from "../app/dom.js";
import { NOW, SPREAD, VALUE } from "../engine/conventions.js";
import type { Design, DetailedBatch, Interval, OwnDesign, Rules, RuleType } from "../engine/contract.js";
import { regionOf, worldOf, type Choices } from "../sandbox/state.js";
import { table } from "../story/parts.js";
import { TYPES } from "./cards.js";
import { same, valueOf } from "./file.js";
import { autonomyOf, PURPOSES, staff } from "./price.js";

export const FUTURES = 100;

function todayOf(app: App): Design {
  const found = app.engine.catalogue.designs.find((one) => one.name === NOW);
  if (found === undefined) throw new Error(`a page has the design '${NOW}'`);
  return found;
}

/** The cards on which a design differs from today. */
export function played(app: App, design: OwnDesign): RuleType[] {
  const today = todayOf(app);
  return TYPES.filter((type) => app.engine.catalogue.fields.some((field) => field.rules === type && !same(valueOf(design, field), valueOf(today, field))));
}

/** The design with the rules of today on one card; what only a board supplies all supply where there is no board then. */
export function without(design: OwnDesign, type: RuleType, today: Pick<Design, "rules">): OwnDesign {
  const rules: Rules = { ...design.rules, [type]: today.rules[type] ?? {} };
  if ((rules.position?.["board"] ?? "none") !== "none") return { ...design, rules };
  const { choice } = rules;
  const free = { ...choice, ...(choice?.["pooled_by"] === "board" ? { pooled_by: "all" } : {}), ...(choice?.["services_by"] === "board" ? { services_by: "members" } : {}) };
  return { ...design, rules: { ...rules, choice: free } };
}

/** Value that is added, and fte that is asked of all municipalities together in each future. */
export interface Worth {
  readonly value: Interval;
  readonly staff: Float64Array;
}

/** All if founded. */
export interface Worths {
  /** The design against today. */
  readonly whole: Worth;
  /** Each card on which it differs from today; null where the design cannot be without it. */
  readonly cards: readonly { readonly type: RuleType; readonly worth: Worth | null }[];
}

export async function worths(app: App, choices: Choices, design: OwnDesign, signal: AbortSignal): Promise<Worths> {
  const today = todayOf(app), size = regionOf(app, choices).municipalities.length;
  const types = played(app, design), others = types.map((type) => without(design, type, today));
  const fits = others.map((one) => app.engine.problems(one, choices.region).length === 0);
  const asked = [design, NOW, ...others.filter((_, at) => fits[at])];
  const batch = await app.engine.detailed({ ...worldOf(choices), designs: asked, foundings: ["at_once"], first: 0, last: FUTURES }, { municipal: PURPOSES }, { signal });
  const than = (at: number): Worth => ({ value: app.statistics.difference(batch, VALUE, 0, at), staff: less(batch, at, size) });
  const place = (nth: number): number => 2 + fits.slice(0, nth).filter(Boolean).length;
  return { whole: than(1), cards: types.map((type, nth) => ({ type, worth: fits[nth] ? than(place(nth)) : null })) };
}

/** Staff of the design less that of case `at`, future by future. */
function less(batch: DetailedBatch, at: number, size: number): Float64Array {
  const other = staff(batch, at, size);
  return staff(batch, 0, size).map((value, replicate) => value - (other[replicate] ?? NaN));
}

function pointsOf(app: App, value: Interval): string {
  return app.t.story.interval(app.f.points(value.mean), app.f.points(value.low), app.f.points(value.high));
}

function fteOf(app: App, more: Float64Array): string {
  const { mean, quantile } = app.statistics, write = (value: number): string => app.f.signed(value, 0);
  return app.t.sandbox.range(write(mean(more)), write(quantile(more, SPREAD[0])), write(quantile(more, SPREAD[1])));
}

/** What the whole design yields and asks. */
export function wholeWords(app: App, { whole }: Worths): string {
  return app.t.builder.whole(pointsOf(app, whole.value), fteOf(app, whole.staff), FUTURES);
}

export function worthTable(app: App, design: OwnDesign, { cards }: Worths): HTMLElement[] {
  const t = app.t.builder;
  if (cards.length === 0) return [];
  return [table(t.worth(FUTURES), [t.card, t.worthValue, t.worthStaff, t.worthAutonomy], cards.map(({ type, worth }) => [
    t.types[type].split(":")[0] ?? "", worth ? pointsOf(app, worth.value) : t.needed, worth ? fteOf(app, worth.staff) : "–",
    app.f.share(autonomyOf(design, type, app.engine.catalogue))])), h("p", { class: "note" }, t.worthHow)];
}
