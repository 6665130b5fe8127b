import assert from "node:assert/strict";
import test from "node:test";

import { TEXTS } from "../src/texts/index.js";
import { WORDS } from "../src/ui/workshop/texts.js";

/** Paths and texts; of a text with gaps its own source stands for it. */
function flat(of: unknown, path: string): [string, string][] {
  if (typeof of === "string") return [[path, of]];
  if (typeof of === "function") return [[path, String(of)]];
  return Object.entries(of as object).flatMap(([name, one]) => flat(one, `${path}.${name}`));
}

/** Texts that are the same in both languages. */
const SAME = ["shell.language", "story.back", "builder.mineNl", "builder.mineEn", "workshop.card.fte"];

test("every text is there in both languages, and is translated", () => {
  const nl = new Map(flat({ ...TEXTS.nl, workshop: WORDS.nl }, "")), en = new Map(flat({ ...TEXTS.en, workshop: WORDS.en }, ""));
  assert.deepEqual([...nl.keys()].sort(), [...en.keys()].sort());
  assert.ok(nl.size > 150, "the catalogue is nearly empty");
  for (const [path, text] of nl) {
    assert.ok(text.trim() !== "", `${path} is empty`);
    if (text.length > 12 && !SAME.includes(path.slice(1)) && / /.test(text)) assert.notEqual(text, en.get(path), `${path} is not translated`);
  }
});
