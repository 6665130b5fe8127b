/** The answer in numbers: what each design gains, with how sure that is, and the fan of its futures. */

import type { App } from "../app/app.js";
import { h, svg } from "../app/dom.js";
import { NOW, SPREAD, VALUE } from "../engine/conventions.js";
import type { Batch, Interval } from "../engine/contract.js";
import { table } from "../story/parts.js";
import type { Answer, Side } from "./ask.js";
import { labelOf } from "./state.js";

/** Cases of a design in a batch: if founded, and as decided. */
const FOUNDED = 0, DECIDED = 1;
const COUNTS = ["agreements", "deadlocks", "completed"] as const;
const QUANTILES = [SPREAD[0], 0.25, 0.5, 0.75, SPREAD[1]] as const;

function caseOf(design: number, founding: number): number {
  return 2 * design + founding;
}

/** Gain of a case against today's way as it is, without measures. */
export function gain(app: Pick<App, "statistics">, side: Side, at: number, outcome: string): Interval {
  return side.base === side.batch ? app.statistics.difference(side.batch, outcome, at, 0) : app.statistics.between(side.batch, at, side.base, 0, outcome);
}

/** Whether an interval lies on one side of 0: up, down, or neither. */
export function sign(gap: Interval): -1 | 0 | 1 {
  return gap.low > 0 ? 1 : gap.high < 0 ? -1 : 0;
}

function points(app: App, gap: Interval): string {
  const { interval } = app.t.story;
  if (!Number.isFinite(gap.mean)) return "–";
  if (gap.mean === 0 && gap.low === 0 && gap.high === 0) return app.f.points(0);
  return interval(app.f.points(gap.mean), app.f.points(gap.low), app.f.points(gap.high));
}

function spread(app: App, batch: Batch, at: number, outcome: string, write: (value: number) => string): string {
  const { mean, quantile, column } = app.statistics, values = column(batch, outcome, at);
  return app.t.sandbox.range(write(mean(values)), write(quantile(values, SPREAD[0])), write(quantile(values, SPREAD[1])));
}

/** One sentence on each design: the answer before the table. */
export function sentences(app: App, answer: Answer): string[] {
  const t = app.t.sandbox;
  return answer.choices.designs.map((name, nth) => {
    const founded = gain(app, answer.here, caseOf(nth + 1, FOUNDED), VALUE), decided = gain(app, answer.here, caseOf(nth + 1, DECIDED), VALUE);
    const chance = app.statistics.mean(app.statistics.column(answer.here.batch, "adopted", caseOf(nth + 1, DECIDED)));
    return t.verdict(labelOf(app, answer.choices, name), sign(founded), points(app, founded), sign(decided), points(app, decided), app.f.share(chance));
  });
}

function gains(app: App, answer: Answer): HTMLElement {
  const t = app.t.sandbox, { here, calm, choices } = answer;
  const measured = here.base !== here.batch;
  const chance = (batch: Batch, at: number): string => app.f.share(app.statistics.mean(app.statistics.column(batch, "adopted", at)));
  const rows = choices.designs.map((name, nth) => {
    const founded = caseOf(nth + 1, FOUNDED), decided = caseOf(nth + 1, DECIDED);
    return [labelOf(app, choices, name), points(app, gain(app, here, founded, VALUE)), points(app, gain(app, here, decided, VALUE)),
      chance(here.batch, decided), points(app, gain(app, calm, decided, VALUE)), chance(calm.batch, decided)];
  });
  if (measured) {
    const here0 = points(app, gain(app, here, 0, VALUE)), calm0 = points(app, gain(app, calm, 0, VALUE));
    rows.unshift([t.nowMeasured, here0, here0, t.noVote, calm0, t.noVote]);
  }
  return table(t.gains(answer.futures), [t.design, t.ifFounded, t.asDecided, t.chance, t.calmGain, t.calmChance], rows);
}

function counts(app: App, answer: Answer): HTMLElement {
  const t = app.t.sandbox, { batch } = answer.here;
  const count = (value: number): string => app.f.number(value, 1), share = (value: number): string => app.f.share(value);
  const rows = [NOW, ...answer.choices.designs].map((name, nth) => {
    const at = caseOf(nth, DECIDED);
    return [labelOf(app, answer.choices, name), ...COUNTS.map((outcome) => spread(app, batch, at, outcome, count)), spread(app, batch, at, "kept", share)];
  });
  return table(t.counts(answer.futures), [t.design, t.agreements, t.deadlocks, t.completed, t.kept], rows);
}

const WIDTH = 360, ROW = 46, LEFT = 8, RIGHT = 8, TOP = 4, FOOT = 22;

export interface Band {
  readonly name: string;
  readonly quantiles: readonly number[];
}

export function bands(app: App, answer: Answer): Band[] {
  const of = (batch: Batch, at: number): number[] => {
    const values = app.statistics.column(batch, VALUE, at);
    return QUANTILES.map((q) => app.statistics.quantile(values, q));
  };
  return [NOW, ...answer.choices.designs].flatMap((name, nth) => {
    const label = labelOf(app, answer.choices, name), t = app.t.sandbox;
    return [{ name: t.bandHere(label), quantiles: of(answer.here.batch, caseOf(nth, DECIDED)) },
      { name: t.bandCalm(label), quantiles: of(answer.calm.batch, caseOf(nth, DECIDED)) }];
  });
}

/** For each design where futures end: nine in ten, the middle half, and the middle one. */
function fan(app: App, answer: Answer): HTMLElement {
  const t = app.t.sandbox, all = bands(app, answer);
  const values = all.flatMap((one) => one.quantiles).filter(Number.isFinite);
  const low = Math.floor(20 * Math.min(...values)) / 20, high = Math.max(low + 0.05, Math.ceil(20 * Math.max(...values)) / 20);
  const x = (value: number): number => LEFT + ((value - low) / (high - low)) * (WIDTH - LEFT - RIGHT);
  const height = TOP + ROW * all.length + FOOT;
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "chart fan", role: "img", "aria-label": t.fan(answer.futures) },
    ...all.flatMap(({ name, quantiles }, nth) => {
      const [q05 = NaN, q25 = NaN, q50 = NaN, q75 = NaN, q95 = NaN] = quantiles, y = TOP + ROW * nth;
      const bar = (from: number, to: number, kind: string): SVGRectElement =>
        svg("rect", { class: kind, x: x(from).toFixed(1), width: Math.max(1, x(to) - x(from)).toFixed(1), y: y + 18, height: 18 });
      return [svg("text", { class: "name", x: LEFT, y: y + 13 }, name), bar(q05, q95, "outer"), bar(q25, q75, "inner"),
        svg("line", { class: "middle", x1: x(q50).toFixed(1), x2: x(q50).toFixed(1), y1: y + 15, y2: y + 39 })];
    }),
    svg("text", { x: LEFT, y: height - 5 }, app.f.share(low)), svg("text", { x: WIDTH - RIGHT, y: height - 5, "text-anchor": "end" }, app.f.share(high)));
  const rows = all.map(({ name, quantiles }) => [name, ...quantiles.map((value) => app.f.share(value, 1))]);
  return h("figure", {}, h("figcaption", {}, t.fan(answer.futures)), picture, h("p", { class: "note" }, t.fanHow),
    h("details", {}, h("summary", {}, t.fanWords), table(t.fan(answer.futures), [t.design, ...QUANTILES.map((q) => t.quantile(100 * q))], rows)));
}

export function results(app: App, answer: Answer): HTMLElement[] {
  const t = app.t.sandbox;
  return [h("ul", { class: "caption" }, ...sentences(app, answer).map((one) => h("li", {}, one))),
    gains(app, answer), h("p", { class: "note" }, t.sure), fan(app, answer), counts(app, answer), h("p", { class: "note" }, t.countsHow)];
}
