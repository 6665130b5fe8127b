/** A schematic map: a circle for each municipality, lines between them, and the same as a list in words. */

import { h, newId, svg } from "../app/dom.js";
import type { Region } from "../engine/contract.js";
import { LINE } from "./names.js";
import { HEIGHT, layout, WIDTH, type Circle } from "./layout.js";

/** Least radius that can be touched: half of 44 pixels on the narrowest phone. */
const TOUCH = 22;

export interface Place {
  /** How dark it is, in [0, 1]. */
  readonly fill: number;
  /** Short text in the circle. */
  readonly text: string;
  /** Drawn with a thick, a dashed or a plain edge. */
  readonly edge?: "self" | "part" | "away";
  /** The same in words. */
  readonly words: string;
}

export interface Line {
  readonly from: number;
  readonly to: number;
  /** Width, in [0, 1]. */
  readonly width: number;
}

export interface View {
  readonly title: string;
  readonly places: readonly Place[];
  readonly lines?: readonly Line[];
  readonly chosen?: number | null;
}

export interface MapOptions {
  readonly list: string;
  /** Makes municipalities choosable, by touch and with the arrow keys. */
  readonly pick?: (municipality: number) => void;
}

export interface DrawnMap {
  readonly element: HTMLElement;
  update(view: View): void;
}

function placeOf(circle: Circle): string {
  return `translate(${circle.x.toFixed(2)} ${circle.y.toFixed(2)})`;
}

/** Names lie over all circles. One beside its circle has a halo over the lines, so that none runs through its letters. */
function nameOf(circle: Circle): SVGTextElement {
  const { name } = circle, x = name === null ? 0 : (name.left + name.right) / 2 - circle.x, first = name === null ? 4 : name.top - circle.y + 10;
  return svg("text", { class: name === null ? "name inside" : "name", "text-anchor": "middle", "aria-hidden": "true", transform: placeOf(circle) },
    ...circle.lines.map((line, at) => svg("tspan", { x: x.toFixed(1), y: (first + LINE * at).toFixed(1) }, line)));
}

function shapeOf(circle: Circle, at: number, pick: MapOptions["pick"], move: (at: number, by: number) => void): SVGGElement {
  const value = circle.inside ? -14 : 4;
  const group = svg("g", { class: "place", transform: placeOf(circle) },
    svg("circle", { class: "touch", r: Math.max(circle.r, TOUCH) }),
    svg("circle", { class: "disc", r: circle.r.toFixed(2) }),
    svg("text", { class: "value", y: value, "text-anchor": "middle", "aria-hidden": "true" }));
  if (pick === undefined) return group;
  group.setAttribute("role", "radio");
  group.addEventListener("click", () => pick(at));
  group.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by !== undefined) move(at, by);
    else if (event.key === " " || event.key === "Enter") pick(at);
    else return;
    event.preventDefault();
  });
  return group;
}

function lineOf(line: Line, circles: readonly Circle[]): SVGLineElement | null {
  const from = circles[line.from], to = circles[line.to];
  if (from === undefined || to === undefined) return null;
  return svg("line", { x1: from.x.toFixed(2), y1: from.y.toFixed(2), x2: to.x.toFixed(2), y2: to.y.toFixed(2),
    "stroke-width": (0.5 + 9 * line.width).toFixed(2) });
}

export function drawMap(region: Region, options: MapOptions): DrawnMap {
  const circles = layout(region.municipalities), { pick } = options;
  const words = newId("map-words");
  const move = (at: number, by: number): void => {
    const next = (at + by + shapes.length) % shapes.length;
    pick?.(next);
    shapes[next]?.focus();
  };
  const shapes = circles.map((circle, at) => shapeOf(circle, at, pick, move));
  const lines = svg("g", { class: "lines" });
  // beneath the circles, which it would bite, and all before any name: it would cover letters of another close by
  const namesId = newId("names"), names = svg("g", { id: namesId, class: "names" }, ...circles.map(nameOf));
  const halos = svg("use", { href: `#${namesId}`, class: "halos", "aria-hidden": "true" });
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "map", role: pick ? "radiogroup" : "img" }, lines, halos, ...shapes, names);
  if (pick === undefined) picture.setAttribute("aria-describedby", words);
  const list = h("ul", { id: words });
  const element = h("div", { class: "map-frame" }, picture, h("details", {}, h("summary", {}, options.list), list));
  return {
    element,
    update(view) {
      picture.setAttribute("aria-label", view.title);
      lines.replaceChildren(...(view.lines ?? []).flatMap((line) => lineOf(line, circles) ?? []));
      shapes.forEach((shape, at) => show(shape, view, at, pick !== undefined));
      list.replaceChildren(...view.places.map((place) => h("li", {}, place.words)));
    },
  };
}

function show(shape: SVGGElement, view: View, at: number, choosable: boolean): void {
  const place = view.places[at];
  if (place === undefined) return;
  const disc = shape.querySelector<SVGElement>(".disc"), value = shape.querySelector(".value");
  shape.setAttribute("class", `place ${place.edge ?? ""}`);
  // not as an attribute: the page's policy forbids style that is written into the document
  disc?.style.setProperty("--fill", Math.min(1, Math.max(0, place.fill)).toFixed(3));
  if (value !== null) value.textContent = place.text;
  if (!choosable) return;
  shape.setAttribute("aria-label", place.words);
  shape.setAttribute("aria-checked", String(view.chosen === at));
  shape.setAttribute("tabindex", at === (view.chosen ?? 0) ? "0" : "-1");
}
