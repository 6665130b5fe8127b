import assert from "node:assert/strict";
import test from "node:test";

import type { Municipality } from "../src/engine/contract.js";
import { HEIGHT, layout, linesOf, WIDTH } from "../src/map/layout.js";
import { covered, overlap } from "../src/map/names.js";

/** A grid of towns, some large and some small, that stand too close to each other for their circles. */
const TOWNS: Municipality[] = Array.from({ length: 16 }, (_, at) => ({
  name: `Town-number ${at}`, population: at % 5 === 0 ? 120000 : 10000 + 1500 * at, subregion: 0, centre: false, rural: true,
  longitude: 5.7 + 0.08 * (at % 4), latitude: 50.8 + 0.06 * Math.floor(at / 4), neighbours: [], severity: [], stake: [],
}));

test("the same municipalities get the same places, to the last bit", () => {
  assert.deepEqual(layout(TOWNS), layout(TOWNS.map((one) => ({ ...one }))));
});

test("no circle covers another, and all are in the frame", () => {
  const circles = layout(TOWNS);
  for (const [at, one] of circles.entries()) {
    assert.ok(one.x - one.r >= 0 && one.x + one.r <= WIDTH && one.y - one.r >= 0 && one.y + one.r <= HEIGHT, `circle ${at} is outside`);
    for (const other of circles.slice(at + 1)) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= one.r + other.r - 0.5);
  }
});

test("no name lies over another name or another circle, or outside the frame", () => {
  // as close as a region is, with names as long as those there
  const region = TOWNS.map((one, at) => ({ ...one, name: ["Beek", "Landgraaf", "Valkenburg aan de Geul", "Sittard-Geleen"][at % 4] ?? "", population: [8, 37, 16, 90][(at * 7) % 4] as number }));
  const circles = layout(region), frame = { left: 0, top: 0, right: WIDTH, bottom: HEIGHT };
  let names = 0;
  circles.forEach(({ name }, at) => {
    if (name === null) return;
    names += 1;
    assert.ok(overlap(name, frame) > 0.999 * (name.right - name.left) * (name.bottom - name.top), `name ${at} is outside`);
    circles.forEach((other, nth) => {
      if (nth === at) return;
      assert.equal(covered(name, other), 0, `name ${at} lies over circle ${nth}`);
      assert.equal(other.name === null ? 0 : overlap(name, other.name), 0, `names ${at} and ${nth}`);
    });
  });
  assert.ok(names > 8);
});

test("the area of a circle goes with the population", () => {
  const [large, small] = layout(TOWNS.map((one, at) => ({ ...one, population: at === 0 ? 100000 : 25000 })));
  assert.ok(large !== undefined && small !== undefined);
  assert.ok(Math.abs(large.r / small.r - 2) < 1e-9);
});

test("north is up and east is right", () => {
  const circles = layout(TOWNS);
  const [southWest, northEast] = [circles[0], circles[15]];
  assert.ok(southWest !== undefined && northEast !== undefined);
  assert.ok(southWest.x < northEast.x && southWest.y > northEast.y);
});

test("a region of one place is drawn too", () => {
  const [only] = layout(TOWNS.slice(0, 1));
  assert.ok(only !== undefined && Number.isFinite(only.x) && Number.isFinite(only.y));
});

test("long names are broken where a reader would", () => {
  assert.deepEqual(linesOf("Vaals"), ["Vaals"]);
  assert.deepEqual(linesOf("Valkenburg aan de Geul"), ["Valkenburg", "aan de Geul"]);
  assert.deepEqual(linesOf("Sittard-Geleen"), ["Sittard-", "Geleen"]);
});
