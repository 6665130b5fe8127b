import assert from "node:assert/strict";
import test from "node:test";

import { readLink, VERSION, wholeOf, writeLink } from "../src/app/link.js";

const DIGEST = "0123456789abcdef";

test("what is written is read again", () => {
  const values = new Map([["lang", "en"], ["scene", "3"], ["town", "11"], ["design", "a & b=c#d é"]]);
  const link = readLink(writeLink(values, DIGEST), DIGEST);
  assert.deepEqual([...link.values].sort(), [...values].sort());
  assert.equal(link.notice, null);
});

test("the order in which values were set makes no difference", () => {
  const one = new Map([["a", "1"], ["b", "2"]]), other = new Map([["b", "2"], ["a", "1"]]);
  assert.equal(writeLink(one, DIGEST), writeLink(other, DIGEST));
});

test("a link of another form is not read, but for its language, and says so", () => {
  const link = readLink(`#v=${Number(VERSION) + 1}&lang=en&scene=3`, DIGEST);
  assert.deepEqual([...link.values], [["lang", "en"]]);
  assert.equal(link.notice, "form");
});

test("a link of another model keeps its choices and says so", () => {
  const link = readLink(writeLink(new Map([["scene", "3"]]), "ffff0000ffff"), DIGEST);
  assert.equal(link.values.get("scene"), "3");
  assert.equal(link.notice, "model");
});

test("an empty or foreign address is no link and no error", () => {
  for (const hash of ["", "#", "#content", "#%E0%A4%A", "#=&&=", "#__proto__=1"]) {
    assert.deepEqual(readLink(hash, DIGEST), { values: new Map(), notice: null });
  }
});

test("part of a link is none, and says so", () => {
  assert.deepEqual(readLink("#at=sandbox&region=teaching", DIGEST), { values: new Map(), notice: "broken" });
});

test("only whole numbers in their range are taken", () => {
  assert.equal(wholeOf("7", 1, 7), 7);
  for (const text of [null, "", "0", "8", "-1", "1.5", "1e0", "x", "99999999999"]) assert.equal(wholeOf(text, 1, 7), null);
});
