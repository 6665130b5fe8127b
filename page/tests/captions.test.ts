import assert from "node:assert/strict";
import test from "node:test";

import { costCaption, designCaptions, filmCaption, guessCaptions, promiseCaption, retoldCaption, retoldNote, triesCaption, trustCaption, worldsCaption } from "../src/story/captions.js";
import { spreadOf, type DuePromise } from "../src/story/facts/promise.js";
import { trusted } from "../src/story/facts/trust.js";
import { judge, tally } from "../src/story/facts/worlds.js";
import type { Answer } from "../src/story/scenes/design.js";
import type { PromiseState, Try } from "../src/story/story.js";
import { page, play, run, seat } from "./made.js";

const nl = page("nl"), en = page("en"), SIZE = 4;

/** Trust of everyone in the first town, all others one half. */
function inFirst(trust: readonly number[]): number[][] {
  return trust.map((value, source) => [source === 0 ? 0 : value, 0.5, 0.5, 0.5]);
}

const PROMISE: DuePromise = { seat: seat(0), town: 0, partners: [1, 2], absent: [3] };

function state(kept: readonly number[], broke: readonly number[], choice: "keep" | "break" | null = "break"): PromiseState {
  const before = inFirst([0, 0.4, 0.4, 0.4]);
  const told = (kind: string): { quarter: number; kind: string; arena: number; theme: number; municipality: number } =>
    ({ quarter: 0, kind, arena: 0, theme: 0, municipality: 0 });
  return {
    town: 0, replicate: 0, looked: { tried: 1 }, quarter: 0, judged: { keep: 0, break: 0 }, promise: PROMISE, choice, both: true,
    keep: play(run({ trust: [before, inFirst(kept)], events: [told("delivered")], quarters: 1 })),
    broke: play(run({ trust: [before, inFirst(broke)], events: [told("broken")], quarters: 1 })),
  };
}

test("trust: most, least and how many above one half are those of the run", () => {
  const facts = trusted(run({ trust: [[[0, 0.6, 0.2, 0.4], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]] }), SIZE, 0, 0);
  assert.deepEqual([facts.most, facts.least, facts.half, facts.others], [1, 2, 1, 3]);
  assert.ok(Math.abs(facts.mean - 0.4) < 1e-12);
  assert.equal(trustCaption(nl, 0, facts), "Aarle vertrouwt Beek het meest (60%) en Cadier het minst (20%). In 1 van de 3 andere gemeenten heeft zij meer dan 50% vertrouwen.");
});

test("promise: a broken one that costs more is said to cost more, by as much as it does", () => {
  const words = costCaption(en, state([0, 0.42, 0.42, 0.4], [0, 0.34, 0.34, 0.4]), SIZE);
  assert.match(words, /\+2\.0 points of trust if you keep it, −6\.0 if you break it/);
  assert.match(words, /costs 3\.0 times/);
  assert.match(words, /trust in you is 8\.0 points higher where you kept it than where you broke it/);
});

test("promise: where the run goes against expectation the sentence says so", () => {
  const t = en.t.story.promise;
  assert.ok(costCaption(en, state([0, 0.46, 0.46, 0.4], [0, 0.38, 0.38, 0.4]), SIZE).endsWith(t.cheaper));
  assert.ok(costCaption(en, state([0, 0.39, 0.39, 0.4], [0, 0.34, 0.34, 0.4]), SIZE).endsWith(t.onlyLoss));
  assert.ok(costCaption(en, state([0, 0.42, 0.42, 0.4], [0, 0.41, 0.41, 0.4]), SIZE).endsWith(t.noLoss));
});

test("promise: partners are counted by what their trust did, and nobody else is", () => {
  const words = promiseCaption(en, state([0, 0.4, 0.4, 0.4], [0, 0.3, 0.45, 0.1]), SIZE);
  assert.match(words, /^You break your promise\./);
  assert.match(words, /rises with 1 and falls with 1 of your 2 partners: on average from 40\.0% to 37\.5%/);
});

test("promise: trust that rises in spite of a broken promise is not put down to it", () => {
  const { despite } = en.t.story.promise;
  assert.ok(promiseCaption(en, state([0, 0.5, 0.5, 0.4], [0, 0.43, 0.43, 0.4]), SIZE).endsWith(despite));
  assert.ok(!promiseCaption(en, state([0, 0.5, 0.5, 0.4], [0, 0.39, 0.39, 0.4]), SIZE).includes(despite), "it falls");
  assert.ok(!promiseCaption(en, state([0, 0.42, 0.42, 0.4], [0, 0.43, 0.43, 0.4]), SIZE).includes(despite), "kept, it rises less");
});

test("promise: kept in intent but not in fact is called broken", () => {
  const one = state([0, 0.3, 0.3, 0.4], [0, 0.3, 0.3, 0.4], "keep");
  const broken = { ...one, keep: one.broke };
  assert.ok(promiseCaption(en, broken, SIZE).startsWith(en.t.story.promise.brokenAnyway));
});

test("retold: who was not there and holds more against the town is named, others are not", () => {
  const calm = play(run({ grievance: [inFirst([0, 0.1, 0.1, 0.1])] }));
  const sore = play(run({ grievance: [inFirst([0, 0.2, 0.16, 0.13])], changes: [{ quantity: "grievance", cause: "retold", source: 3, target: 0, quarter: 0 }] }));
  const one = { ...state([], []), keep: calm, broke: sore };
  const spread = spreadOf(calm.run, sore.run, SIZE, PROMISE, 0);
  assert.deepEqual(spread.heard, [3]);
  assert.match(retoldCaption(en, spread, 3), /^After 3 more quarters: on average \+8\.0 points .* your partners, \+3\.0 with the others\. Of the others 1 noticeably holds it against you .*: Doenrade\.$/);
  assert.match(retoldNote(en, one, spread, 3), /knows of it now as well\. With 1 of them the retelling itself counts/);
});

test("retold: where nobody heard of it the sentence says that, and no lesson follows", () => {
  const calm = play(run({ grievance: [inFirst([0, 0.1, 0.1, 0.1])] }));
  const one = { ...state([], []), keep: calm, broke: calm };
  const spread = spreadOf(calm.run, calm.run, SIZE, PROMISE, 0);
  assert.match(retoldCaption(en, spread, 3), /None of the others noticeably holds it against you/);
  assert.equal(retoldNote(en, one, spread, 3), "");
});

test("talks: a difference is claimed only if the tries end differently", () => {
  const end = (ending: "agreed" | "deadlocked", quarters: number, members: number[]): Try["ended"] => ({ ending, quarters, members, with: members.includes(0) });
  const t = en.t.story.talks;
  assert.equal(triesCaption(en, [{ other: null, joined: 1, ended: end("agreed", 4, [0, 1]) }]), t.tryOther);
  assert.equal(triesCaption(en, [{ other: null, joined: 1, ended: end("agreed", 4, [0, 1]) }, { other: null, joined: null, ended: end("deadlocked", 9, []) }]), t.changed);
  assert.equal(triesCaption(en, [{ other: null, joined: 1, ended: end("deadlocked", 9, []) }, { other: null, joined: null, ended: end("deadlocked", 9, []) }]), t.unchanged);
  assert.equal(triesCaption(en, [{ other: null, joined: 1, ended: end("agreed", 4, [0, 1]) }, { other: "wait", joined: null, ended: end("agreed", 6, [1]) }]), t.otherwise("−2", "+1"));
});

const STORM = run({ quarters: 3, value: [0.1, 0.1, 0.1], events: [
  { quarter: 1, kind: "deadlocked", arena: 0 }, { quarter: 2, kind: "deadlocked", arena: 0 }, { quarter: 2, kind: "agreed", arena: 1 }] });
const CALM = run({ quarters: 3, value: [0.1, 0.15, 0.2], events: [
  { quarter: 1, kind: "founded" }, { quarter: 1, kind: "agreed", arena: 0 }, { quarter: 2, kind: "imposed", arena: 0 }, { quarter: 2, kind: "completed", arena: 0 }] });

test("worlds: what is counted is in the region, since policy start, and no later than shown", () => {
  assert.deepEqual(tally([CALM], 2, 0), { founded: [true], foundedCount: 1, agreements: 1, deadlocks: 0, completed: 0, value: 0.15 });
  assert.deepEqual(tally([CALM], 3, 2), { founded: [true], foundedCount: 1, agreements: 1, deadlocks: 0, completed: 1, value: 0.2 });
  assert.equal(tally([STORM], 3, 0).agreements, 0);
  assert.equal(tally([CALM], 1, 0).foundedCount, 0);
});

test("worlds: the lesson follows the numbers, whichever way they go", () => {
  const calm = tally([CALM], 3, 0), storm = tally([STORM], 3, 0);
  assert.match(worldsCaption(nl, calm, storm), /minder vaak opgericht \(0 tegen 1\), zijn er minder akkoorden \(0,0 tegen 2,0\), meer patstellingen \(2,0 tegen 0,0\), minder afgeronde plannen \(0,0 tegen 1,0\), en wordt er minder regionale waarde/);
  assert.match(worldsCaption(nl, storm, calm), /vaker opgericht .* meer akkoorden .* minder patstellingen .* meer afgeronde plannen .* meer regionale waarde/);
  assert.match(worldsCaption(nl, calm, calm), /even vaak opgericht .* evenveel akkoorden .* evenveel patstellingen .* evenveel afgeronde plannen .* evenveel regionale waarde/);
});

test("worlds: new deadlocks of a quarter are those of that quarter only", () => {
  const at = (passed: number): { without: ReturnType<typeof tally>; strong: ReturnType<typeof tally> } =>
    ({ without: tally([CALM], passed, 0), strong: tally([STORM], passed, 0) });
  assert.match(filmCaption(en, "2024-Q3", at(3), at(2)), /New deadlocks this quarter, over all futures: 0 without, 1 with a strong undercurrent/);
  assert.doesNotMatch(filmCaption(en, "2024-Q1", at(1), null), /New deadlocks/);
});

test("predictions are judged by what came out", () => {
  assert.deepEqual([judge(5, 5, 1), judge(4, 5, 1), judge(2, 5, 1), judge(9, 5, 1)], ["exact", "close", "low", "high"]);
  const words = guessCaptions(en, { founded: 1, agreements: 3, deadlocks: 2 }, tally([STORM], 3, 0));
  assert.match(words[0] ?? "", /you said 1, it is 0\. Close/);
  assert.match(words[1] ?? "", /you said 3, it is 0\.0\. You were too high/);
  assert.match(words[2] ?? "", /you said 2, it is 2\.0\. Exactly right/);
});

test("design: better, worse and neither follow the interval, and the lesson needs both to hold", () => {
  const gap = (mean: number, half: number): Answer["value"]["founded"] => ({ mean, low: mean - half, high: mean + half });
  const made = (founded: number, value: Answer["value"]): Answer => ({ level: "report", founded, value, agreements: value });
  const t = en.t.story.design;
  const better = designCaptions(en, "X", made(0.3, { founded: gap(0.04, 0.01), decided: gap(0.01, 0.02) }), { founded: 30, more: "more" });
  assert.ok(better.includes(t.came.more("X", "+4.0")) && better.includes(t.right) && better.includes(t.decided.same("+1.0")));
  assert.ok(better.includes(t.comeFirst));
  const unclear = designCaptions(en, "X", made(0.3, { founded: gap(0.04, 0.05), decided: gap(0.01, 0.02) }), { founded: 30, more: "more" });
  assert.ok(unclear.includes(t.came.same("X", "+4.0")) && !unclear.includes(t.right) && !unclear.includes(t.comeFirst));
  const worse = designCaptions(en, "X", made(1, { founded: gap(-0.04, 0.01), decided: gap(-0.04, 0.01) }), { founded: 30, more: "less" });
  assert.ok(worse.includes(t.came.less("X", "−4.0")) && worse.includes(t.decided.less("−4.0")) && worse.includes(t.right));
});
