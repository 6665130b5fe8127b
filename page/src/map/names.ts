/** Where the names of a map stand: beside their circle, over no other circle and no other name where that can be. */

/** Width of a letter and height of a line. */
export const LETTER = 6.6, LINE = 13;
const GAP = 3;

export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly r: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How far two boxes overlap, in area. */
export function overlap(one: Box, other: Box): number {
  const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left), high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** About how far a box lies over a circle, in area. */
export function covered(box: Box, { x, y, r }: Disc): number {
  const nearX = Math.max(box.left, Math.min(x, box.right)), nearY = Math.max(box.top, Math.min(y, box.bottom));
  const deep = r - Math.hypot(nearX - x, nearY - y);
  return deep > 0 ? deep * Math.min(box.bottom - box.top, 2 * r) : 0;
}

function boxAt(left: number, top: number, lines: readonly string[]): Box {
  return { left, top, right: left + LETTER * Math.max(...lines.map((line) => line.length)), bottom: top + LINE * lines.length };
}

/** Below, above, and to the right and left of a circle, as preferred: each also moved along it. */
function places({ x, y, r }: Disc, lines: readonly string[]): Box[] {
  const { right: wide, bottom: high } = boxAt(0, 0, lines), moves = [0, -0.25, 0.25, -0.45, 0.45];
  return [
    ...moves.map((by) => boxAt(x - wide / 2 + by * wide, y + r + GAP, lines)),
    ...moves.map((by) => boxAt(x - wide / 2 + by * wide, y - r - GAP - high, lines)),
    ...[0, -0.6, 0.6].flatMap((by) => [boxAt(x + r + GAP, y - high / 2 + by * r, lines), boxAt(x - r - GAP - wide, y - high / 2 + by * r, lines)]),
  ];
}

/** For each circle the place of its name; null for one that stands in its circle. */
export function namePlaces(circles: readonly (Disc & { readonly lines: readonly string[]; readonly inside: boolean })[], frame: Box): (Box | null)[] {
  const boxes = circles.map((one) => (one.inside ? null : places(one, one.lines)[0] ?? null));
  // names give way to each other by turns; a few rounds and nothing moves any more
  for (let round = 0; round < 4; round += 1) {
    circles.forEach((circle, at) => {
      if (circle.inside) return;
      const cost = (box: Box): number => boxes.reduce((sum, other, nth) => (nth === at || other === null ? sum : sum + overlap(box, other)), 0)
        + circles.reduce((sum, other, nth) => (nth === at ? sum : sum + covered(box, other)), 0)
        + (box.right - box.left) * (box.bottom - box.top) - overlap(box, frame);
      const all = places(circle, circle.lines), costs = all.map((box, nth) => cost(box) + 0.1 * nth);
      boxes[at] = all[costs.indexOf(Math.min(...costs))] ?? null;
    });
  }
  return boxes;
}
