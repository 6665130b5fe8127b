/** The fan of futures over time: value quarter by quarter, for today's way and each design as decided. */

import type { App } from "../app/app.js";
import { h, svg } from "../app/dom.js";
import { NOW, SPREAD, VALUE } from "../engine/conventions.js";
import type { DetailedBatch } from "../engine/contract.js";
import { table } from "../story/parts.js";
import { designOf, labelOf, worldOf, type Choices } from "./state.js";

/** Futures of the fan; the quantiles of fewer are rough. */
export const FUTURES = 200;
const QUANTILES = [SPREAD[0], 0.25, 0.5, 0.75, SPREAD[1]] as const;
const MIDDLE = 2;

/** Of one case the quantiles over futures, quarter by quarter from policy start on: [quantile][quarter]. */
export function fanOf(app: Pick<App, "statistics">, batch: DetailedBatch, at: number, quarters: number, start: number): number[][] {
  const values = batch.series[VALUE] ?? new Float64Array();
  const found: number[][] = QUANTILES.map(() => []);
  for (let quarter = start; quarter < quarters; quarter += 1) {
    const all = Float64Array.from({ length: batch.replicates }, (_, future) => values[(at * batch.replicates + future) * quarters + quarter] ?? NaN);
    QUANTILES.forEach((q, nth) => found[nth]?.push(app.statistics.quantile(all, q)));
  }
  return found;
}

const WIDTH = 360, HEIGHT = 190, LEFT = 40, RIGHT = 10, TOP = 10, BOTTOM = 24;

/** A round top for an axis from 0. */
function topOf(highest: number): number {
  return [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75].find((one) => one >= highest) ?? 1;
}

function panel(app: App, name: string, fan: readonly (readonly number[])[], now: readonly number[] | null, top: number): HTMLElement {
  const t = app.t.sandbox, { dates, policyStart: start } = app.engine.catalogue, length = fan[0]?.length ?? 0;
  const x = (at: number): number => LEFT + (at / Math.max(1, length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const line = (values: readonly number[]): string => values.map((value, at) => `${at === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const band = (low: readonly number[], high: readonly number[]): string => {
    const back = [...high.keys()].reverse().map((at) => `L${x(at).toFixed(1)} ${y(high[at] ?? NaN).toFixed(1)}`).join("");
    return `${line(low)}${back}Z`;
  };
  const [q05 = [], q25 = [], q50 = [], q75 = [], q95 = []] = fan, last = length - 1, share = (value: number | undefined): string => app.f.share(value ?? NaN, 1);
  const words = t.overWords(name, share(q50[0]), share(q50[last]), share(q05[last]), share(q95[last]));
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart fan", role: "img", "aria-label": words },
    svg("path", { class: "outer", d: band(q05, q95) }), svg("path", { class: "inner", d: band(q25, q75) }),
    ...[0, top / 2, top].flatMap((value) => [svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
      svg("text", { x: LEFT - 4, y: y(value) + 4, "text-anchor": "end" }, app.f.share(value, value * 100 % 1 === 0 ? 0 : 1))]),
    now === null ? "" : svg("path", { class: "curve dashed", fill: "none", d: line(now) }),
    svg("path", { class: "middle", fill: "none", d: line(q50) }),
    svg("text", { x: LEFT, y: HEIGHT - 6 }, (dates[start] ?? "").slice(0, 4)), svg("text", { x: WIDTH - RIGHT, y: HEIGHT - 6, "text-anchor": "end" }, (dates[dates.length - 1] ?? "").slice(0, 4)));
  return h("figure", { class: "over" }, h("figcaption", {}, name), picture, h("p", { class: "note" }, words));
}

export function overtime(app: App, choices: Choices, batch: DetailedBatch): HTMLElement[] {
  const t = app.t.sandbox, { dates, policyStart: start } = app.engine.catalogue;
  const names = [NOW, ...choices.designs].map((name) => labelOf(app, choices, name));
  const fans = names.map((_, at) => fanOf(app, batch, at, dates.length, start));
  const top = topOf(Math.max(...fans.flatMap((fan) => fan[QUANTILES.length - 1] ?? []).filter(Number.isFinite)));
  const ends = dates.map((_, at) => at).filter((at) => at >= start && dates[at]?.endsWith("Q4"));
  const rows = ends.map((quarter) => [(dates[quarter] ?? "").slice(0, 4), ...fans.map((fan) => {
    const [low, , middle, , high] = fan.map((values) => app.f.share(values[quarter - start] ?? NaN, 1));
    return t.range(middle ?? "", low ?? "", high ?? "");
  })]);
  return [h("h3", {}, t.over(batch.replicates)), h("div", { class: "two" }, ...fans.map((fan, at) => panel(app, names[at] ?? "", fan, at === 0 ? null : fans[0]?.[MIDDLE] ?? null, top))),
    h("p", { class: "note" }, t.overHow), h("details", {}, h("summary", {}, t.fanWords), table(t.over(batch.replicates), [t.year, ...names], rows))];
}

/** The runs that it is made of. */
export function overtimeRuns(app: App, choices: Choices, signal: AbortSignal): Promise<DetailedBatch> {
  const designs = [NOW, ...choices.designs].map((name) => designOf(choices, name));
  return app.engine.detailed({ ...worldOf(choices), designs, foundings: ["vote"], first: 0, last: FUTURES }, { series: [VALUE] }, { signal });
}
