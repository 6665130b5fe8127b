/** Where circles of a Dorling map come: near where municipalities are, with the area of their population, none over another. */

import { forceCollide, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";

import type { Municipality } from "../engine/contract.js";
import { LETTER, LINE, namePlaces, type Box } from "./names.js";

export const WIDTH = 360;
export const HEIGHT = 430;
const LARGEST = 44;
const SMALLEST = 13;
/** Radius from which a name fits in its circle. */
export const ROOMY = 36;
const STEPS = 400;
const MARGIN = 6;

export interface Circle {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  /** The name in one or two lines, and whether it stands in the circle. */
  readonly lines: readonly string[];
  readonly inside: boolean;
  /** Where the name stands, if not in the circle. */
  readonly name: Box | null;
}

interface Body extends SimulationNodeDatum {
  readonly wantedX: number;
  readonly wantedY: number;
  readonly reach: number;
}

/** A long name in two lines, broken after the space or hyphen nearest to its middle. */
export function linesOf(name: string): string[] {
  if (name.length <= 11) return [name];
  const breaks = [...name].flatMap((letter, at) => (letter === " " || letter === "-" ? [at + 1] : []));
  const middle = name.length / 2;
  const best = breaks.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  return best === undefined ? [name] : [name.slice(0, best).trim(), name.slice(best)];
}

function span(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  return [low, Math.max(...values) - low || 1];
}

/** The same circles for the same municipalities, on every machine: the forces draw no random numbers of their own. */
export function layout(municipalities: readonly Municipality[]): Circle[] {
  const most = Math.max(...municipalities.map((one) => one.population));
  const radii = municipalities.map((one) => Math.max(SMALLEST, LARGEST * Math.sqrt(one.population / most)));
  const lines = municipalities.map((one) => linesOf(one.name));
  const [west, east] = span(municipalities.map((one) => one.longitude));
  const [south, north] = span(municipalities.map((one) => one.latitude));
  const bodies: Body[] = municipalities.map((one, at) => {
    const r = radii[at] ?? SMALLEST;
    const wide = Math.max(...(lines[at] ?? []).map((line) => line.length)) * LETTER / 2;
    const high = r >= ROOMY ? r : r + ((lines[at] ?? []).length * LINE) / 2;
    const wantedX = 55 + ((one.longitude - west) / east) * (WIDTH - 110);
    const wantedY = HEIGHT - 55 - ((one.latitude - south) / north) * (HEIGHT - 110);
    return { wantedX, wantedY, x: wantedX, y: wantedY, reach: Math.max(r, high, wide) + 2 };
  });
  const simulation = forceSimulation(bodies)
    .force("x", forceX<Body>((body) => body.wantedX).strength(0.04))
    .force("y", forceY<Body>((body) => body.wantedY).strength(0.04))
    .force("apart", forceCollide<Body>((body) => body.reach).strength(1).iterations(8))
    .stop();
  for (let step = 0; step < STEPS; step += 1) simulation.tick();
  return placed(bodies, radii, lines);
}

/** Moved and, where needed, drawn together so that all fit the frame. */
function placed(bodies: readonly Body[], radii: readonly number[], lines: readonly string[][]): Circle[] {
  const edges = bodies.map((body) => ({ x: body.x ?? 0, y: body.y ?? 0, reach: body.reach }));
  const left = Math.min(...edges.map((one) => one.x - one.reach)), right = Math.max(...edges.map((one) => one.x + one.reach));
  const top = Math.min(...edges.map((one) => one.y - one.reach)), bottom = Math.max(...edges.map((one) => one.y + one.reach));
  const scale = Math.min(1, (WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (bottom - top));
  const circles = edges.map((one, at) => {
    const r = (radii[at] ?? SMALLEST) * scale;
    const inside = (radii[at] ?? 0) >= ROOMY;
    const shift = inside ? 0 : ((lines[at] ?? []).length * LINE) / 2;
    return {
      x: WIDTH / 2 + (one.x - (left + right) / 2) * scale,
      y: HEIGHT / 2 + (one.y - (top + bottom) / 2) * scale - shift,
      r, inside, lines: lines[at] ?? [],
    };
  });
  const names = namePlaces(circles, { left: 0, top: 0, right: WIDTH, bottom: HEIGHT });
  return circles.map((one, at) => ({ ...one, name: names[at] ?? null }));
}
