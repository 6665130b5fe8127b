import assert from "node:assert/strict";
import test from "node:test";

import { formatOf } from "../src/app/format.js";

const nl = formatOf("nl"), en = formatOf("en");

test("numbers are written as readers of the language write them", () => {
  assert.equal(nl.number(1234.56, 1), "1.234,6");
  assert.equal(en.number(1234.56, 1), "1,234.6");
  assert.equal(nl.share(0.345), "35%");
  assert.equal(nl.points(-0.0213), "−2,1");
  assert.equal(en.points(0.0213), "+2.1");
});

test("what rounds to nothing has no sign", () => {
  assert.equal(nl.points(-0.0004), "0,0");
  assert.equal(nl.number(-0.04, 1), "0,0");
  assert.equal(en.signed(0.04), "0.0");
});

test("what is not known is a dash", () => {
  for (const write of [nl.number, nl.share, nl.points, nl.signed]) assert.equal(write(NaN), "–");
});

test("quarters and lists are words", () => {
  assert.equal(nl.quarter("2026-Q3"), "3e kwartaal 2026");
  assert.equal(en.quarter("2026-Q1"), "1st quarter of 2026");
  assert.equal(nl.list(["Beek", "Stein", "Vaals"]), "Beek, Stein en Vaals");
});
