import assert from "node:assert/strict";
import test from "node:test";

import { ALPHABET, LENGTH, MASKS, read, write } from "../src/ui/workshop/codes.js";

const SIZES = { municipalities: 16, designs: 12 };
const BALLOT = { municipality: 11, design: 7, yes: true };

test("every ballot is read as it was written", () => {
  for (let municipality = 0; municipality < SIZES.municipalities; municipality += 1)
    for (let design = 0; design < SIZES.designs; design += 1)
      for (const yes of [true, false])
        for (const mask of [0, 1, 500, MASKS - 1])
          assert.deepEqual(read(write({ municipality, design, yes }, mask, SIZES), SIZES), { ballot: { municipality, design, yes } });
});

test("every single wrong character and every swap of neighbours is found", () => {
  for (const mask of [0, 17, 960]) {
    const code = write(BALLOT, mask, SIZES);
    for (let at = 0; at < LENGTH; at += 1) {
      for (const other of ALPHABET) {
        if (other === code[at]) continue;
        assert.deepEqual(read(code.slice(0, at) + other + code.slice(at + 1), SIZES), { wrong: "check" });
      }
      const swapped = code.slice(0, at) + (code[at + 1] ?? "") + (code[at] ?? "") + code.slice(at + 2);
      if (at + 1 < LENGTH && swapped !== code) assert.deepEqual(read(swapped, SIZES), { wrong: "check" });
    }
  }
});

test("a code is read as people type it", () => {
  const code = write(BALLOT, 33, SIZES);
  const typed = `${code.slice(0, 3).toLowerCase()} -${code.slice(3)}`.replace(/0/g, "o").replace(/1/g, "l");
  assert.deepEqual(read(typed, SIZES), { ballot: BALLOT });
});

test("what is no code says why", () => {
  const code = write(BALLOT, 5, SIZES);
  assert.deepEqual(read("", SIZES), { wrong: "length" });
  assert.deepEqual(read(code.slice(1), SIZES), { wrong: "length" });
  assert.deepEqual(read(`${code}0`, SIZES), { wrong: "length" });
  assert.deepEqual(read(`${code.slice(0, 5)}?`, SIZES), { wrong: "character" });
  const elsewhere = write({ municipality: 15, design: 0, yes: false }, 5, SIZES);
  assert.deepEqual(read(elsewhere, { municipalities: 5, designs: 12 }), { wrong: "unknown" });
});

test("equal votes have different codes, and a vote does not show in any one character", () => {
  const codes = new Set(Array.from({ length: MASKS }, (_, mask) => write(BALLOT, mask, SIZES)));
  assert.equal(codes.size, MASKS);
  const last = (yes: boolean): Set<string | undefined> => new Set(Array.from({ length: MASKS }, (_, mask) => write({ ...BALLOT, yes }, mask, SIZES)[LENGTH - 2]));
  assert.equal(last(true).size, ALPHABET.length);
  assert.equal(last(false).size, ALPHABET.length);
});

test("a ballot that does not fit is refused", () => {
  assert.throws(() => write(BALLOT, MASKS, SIZES), RangeError);
  assert.throws(() => write(BALLOT, 0, { municipalities: 400, designs: 80 }), RangeError);
});
