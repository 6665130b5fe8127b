/** Lines over time, one for each world; what they show is said in words beside them. */

import { h, svg } from "../app/dom.js";

export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  readonly dashed: boolean;
}

const WIDTH = 360, HEIGHT = 150, LEFT = 38, RIGHT = 8, TOP = 10, BOTTOM = 22;

/** A round top for an axis from 0. */
function topOf(highest: number): number {
  const step = [0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1].find((one) => one >= highest);
  return step ?? 1;
}

export interface Chart {
  readonly element: HTMLElement;
  update(upTo: number): void;
}

/** `values` from policy start on; `from` and `to` are the years at the ends, `percent` writes a share. */
export function chart(title: string, curves: readonly Curve[], from: string, to: string, percent: (share: number) => string): Chart {
  const length = Math.max(...curves.map((one) => one.values.length));
  const top = topOf(Math.max(0.01, ...curves.flatMap((one) => one.values.filter(Number.isFinite))));
  const x = (at: number): number => LEFT + (at / Math.max(1, length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const paths = curves.map((one) => svg("path", { class: one.dashed ? "curve dashed" : "curve", fill: "none" }));
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": title },
    ...[0, top / 2, top].flatMap((value) => [
      svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
      svg("text", { x: LEFT - 4, y: y(value) + 4, "text-anchor": "end" }, percent(value))]),
    svg("text", { x: LEFT, y: HEIGHT - 4 }, from), svg("text", { x: WIDTH - RIGHT, y: HEIGHT - 4, "text-anchor": "end" }, to), ...paths);
  const key = h("p", { class: "key" }, ...curves.map((one) => h("span", { class: one.dashed ? "dashed" : "" }, one.name)));
  return {
    element: h("figure", {}, h("figcaption", {}, title), key, picture),
    update(upTo) {
      paths.forEach((path, one) => path.setAttribute("d", (curves[one]?.values ?? []).slice(0, upTo)
        .map((value, at) => `${at === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("")));
    },
  };
}
