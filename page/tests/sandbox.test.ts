import assert from "node:assert/strict";
import test from "node:test";

import { fileName, read as readFile, write, type Opened } from "../src/builder/file.js";
import { autonomy } from "../src/builder/price.js";
import { inspect } from "../src/design/inspect.js";
import type { Content } from "../src/engine/content.js";
import type { Batch, BatchRequest, Catalogue, Engine } from "../src/engine/contract.js";
import { statistics } from "../src/engine/statistics.js";
import { Asker, withKept } from "../src/sandbox/ask.js";
import { FIRST, LAST, Pace } from "../src/sandbox/pace.js";
import { choicesOf } from "../src/sandbox/state.js";

const NONE = { nl: "", en: "" };
const field = (rules: string, name: string, kind: string, otherwise: unknown): unknown => ({ rules, name, kind, default: otherwise, low: 0, high: 1, words: [], meaning: NONE });

const CATALOGUE = {
  regions: [{ name: "made" }], scenarios: [{ name: "history" }], undercurrent: { parochialism: 0.6, cleavage: 0.6, negativity: 0.6 },
  designs: [{ name: "status_quo", rules: {}, codings: {} }, { name: "regiobureau", rules: { payoff: { binding: 0.5, steering: 0 }, choice: { pooled_capacity: 0.05 } },
    codings: { "payoff.binding": { evidence: "inferred", source: "s", range: [0.3, 0.7] } } }],
  fileLimits: { values: 100, depth: 9, name: 12, key: 200, number: "9", unseen: "\\u0007" }, measures: [{ name: "monitoring" }], messages: new Proxy({}, { get: (_, sentence) => String(sentence) }),
  fields: [field("payoff", "binding", "share", 0), field("payoff", "steering", "share", 0), field("choice", "pooled_capacity", "share", 0), field("choice", "pooled_by", "word", "all")],
} as unknown as Catalogue;
const CONTENT = {
  ...CATALOGUE, allDesigns: CATALOGUE.designs.map((one) => ({ ...one, rules: { scope: {}, ...one.rules } })),
  regions: [{ name: "made", municipalities: [{ name: "Aarle" }], themes: [], groups: {} }],
  fields: [...CATALOGUE.fields, field("boundary", "eligible", "names", "all"), field("boundary", "min_members", "whole", 1), field("position", "board", "names", "none"),
    field("scope", "max_open", "whole", 0), field("scope", "themes", "names", "all"), field("scope", "successor", "design", null),
    ...["payoff.mandate", "payoff.cofunding", "aggregation.imposition", "position.board_partners", "position.board_province"].map((path) => field(...(path.split(".") as [string, string]), "share", 0)),
    field("boundary", "beside", "flag", false), field("choice", "services_by", "word", "members")],
  designFile: { about: ["label_nl", "label_en"].map((name) => ({ name, kind: "text", least: 1, pattern: null, required: true })).concat([{ name: "name", kind: "text", least: 1, pattern: null, required: false } as never]),
    evidence: ["quoted", "inferred", "judgement"], switches: [], shipped: ["status_quo", "regiobureau"] },
} as unknown as Content;

function open(text: string): Opened {
  return readFile(new TextEncoder().encode(text), "mine.yaml", "made", { catalogue: CATALOGUE, inspect: (file, name, region) => inspect(CONTENT, file, name, region) });
}
const own = (rules: object): Parameters<typeof write>[0] => ({ name: "mine", label: { nl: "a", en: "b" }, rules: rules as never, from: "regiobureau" });

test("a link with nonsense begins as a page does; a good one is taken", () => {
  const bad = new Map([["region", "moon"], ["knobs", "2_x_0.1"], ["designs", "nobody own"], ["own", "{"], ["measures", "monitoring-7 other-1"]]);
  const read = choicesOf((name) => bad.get(name) ?? null, CATALOGUE);
  assert.deepEqual([read.region, read.knobs, read.designs, read.own, read.measures], ["made", { parochialism: 0.6, cleavage: 0.6, negativity: 0.1 }, [], null, {}]);
  const good = new Map([["measures", "monitoring-0.5"], ["designs", "regiobureau"]]);
  assert.deepEqual(choicesOf((name) => good.get(name) ?? null, CATALOGUE).measures, { monitoring: 0.5 });
});

test("autonomy is the mean of binding, the pool and steering, as Python counts it", () => {
  const of = (rules: object): number => autonomy(own(rules), CATALOGUE);
  assert.ok(Math.abs(of({ payoff: { binding: 0.77, steering: 0.2 }, choice: { pooled_capacity: 0.05 } }) - (0.77 + 0.5 + 0.2) / 3) < 1e-15);
  assert.equal(of({ choice: { pooled_capacity: 0.4 } }), 1 / 3);
  assert.equal(of({ choice: { pooled_capacity: 0.4, pooled_by: "board" } }), 0);
});

test("what is saved and opened again is the same design; a judgement that is kept is written as such", () => {
  const text = write(own({ payoff: { binding: 0.5, steering: 0.25 } }), CATALOGUE);
  assert.match(text, /binding:\s+as: regiobureau/);
  const read = open(text);
  assert.ok("design" in read);
  assert.deepEqual(read, { design: own({ payoff: { binding: 0.5, steering: 0.25 } }), otherwise: [] });
});

test("a file is called after its design, by a name that Python takes", () => {
  const of = (label: string): string => fileName(label, CATALOGUE, "my_design");
  assert.deepEqual(["Ons plan!", "Één 2de  Café", "Regiobureau", "3 x", "!?", "a".repeat(99)].map(of), ["ons_plan", "een_2de_cafe", "my_regiobure", "x", "my_design", "a".repeat(12)]);
});

test("a value that the page would draw otherwise than Python is told", () => {
  const head = "label_nl: a\nlabel_en: b\n";
  const range = open(`${head}payoff: {binding: {value: 0.4, range: [0.1, 0.9], evidence: judgement, source: x}}`);
  assert.deepEqual("otherwise" in range && range.otherwise, ["payoff.binding"]);
  const same = open(`${head}payoff: {binding: {value: 0.5, range: [0.3, 0.7], evidence: inferred, source: s}}`);
  assert.deepEqual("otherwise" in same && same.otherwise, []);
});

function batch(request: BatchRequest): Batch {
  const replicates = request.last - request.first, cases = request.designs.flatMap((design) => request.foundings.map((founding) => ({ design: String(design), founding })));
  const outcomes = ["default_rate", "delay_rate"].map((name) => ({ name, label: NONE, unit: "share", direction: -1 as const }));
  return { request, cases, replicates, outcomes, sets: new Int32Array(replicates), codings: new Int32Array(replicates), took: 0,
    values: Float64Array.from({ length: cases.length * 2 * replicates }, (_, at) => (Math.floor(at / replicates) % 2 === 0 ? 0.25 : 0.5)) };
}

test("a promise that was neither broken nor late was kept", () => {
  const kept = withKept(batch({ ...{ region: "made", scenario: "history", undercurrent: CATALOGUE.undercurrent }, designs: ["a", "b"], foundings: ["vote"], first: 0, last: 3 }));
  for (const at of [0, 1]) {
    assert.deepEqual([...statistics.column(kept, "kept", at)], [0.25, 0.25, 0.25]);
    assert.deepEqual([...statistics.column(kept, "delay_rate", at)], [0.5, 0.5, 0.5]);
  }
});

function asker(): { asked: BatchRequest[]; ask: Asker } {
  const asked: BatchRequest[] = [];
  const given = (request: BatchRequest): Promise<Batch> => { asked.push(request); return new Promise((give) => setTimeout(() => give(batch(request)), 5)); };
  return { asked, ask: new Asker({ batch: given, catalogue: { regions: [{ name: "made", municipalities: new Array(16) }] } } as unknown as Engine, statistics) };
}

test("an answer comes in two steps, what is known is not run again, and what is out of date is not shown", async () => {
  const { asked, ask } = asker(), choices = choicesOf(() => null, CATALOGUE), shown: [number, number, number][] = [];
  await ask.ask(choices, (answer) => shown.push([answer.futures, answer.all, answer.here.batch.replicates]));
  assert.deepEqual(shown, [[FIRST, LAST, FIRST], [LAST, LAST, LAST]]);
  assert.deepEqual(asked.map((one) => [one.first, one.last]), [[0, 200], [0, 200], [200, 1000], [200, 1000]]);
  asked.length = 0;
  const late: number[] = [];
  const old = ask.ask({ ...choices, knobs: { ...choices.knobs, cleavage: 0.1 } }, () => late.push(1));
  const young = ask.ask({ ...choices, knobs: { ...choices.knobs, cleavage: 0.2 } }, () => late.push(2));
  await Promise.all([old, young]);
  assert.deepEqual(late, [2, 2]);
  assert.ok(asked.every((one) => one.undercurrent.parochialism !== 0), "the world without an undercurrent was known");
});

test("of another choice of designs or measures only what is new is run", async () => {
  const { asked, ask } = asker(), choices = { ...choicesOf(() => null, CATALOGUE), designs: ["regiobureau"] };
  const cases: (readonly string[])[] = [];
  const answered = (one: typeof choices): Promise<void> => ask.ask(one, (answer) => cases.push(answer.here.batch.cases.map(({ design, founding }) => `${design} ${founding}`)));
  await answered(choices);
  asked.length = 0;
  await answered({ ...choices, designs: ["other", "regiobureau"] });
  assert.deepEqual(asked.map((one) => one.designs), [["other"], ["other"], ["other"], ["other"]]);
  assert.deepEqual(cases.at(-1), ["status_quo", "other", "regiobureau"].flatMap((name) => [`${name} at_once`, `${name} vote`]));
  asked.length = 0;
  await answered({ ...choices, designs: [] });
  assert.equal(asked.length, 0);
  await answered({ ...choices, measures: { monitoring: 0.5 } });
  assert.ok(asked.every((one) => one.measures?.["monitoring"] === 0.5), "today's way without the measure was known");
});

test("where runs take long the first answer has fewer futures, and the last has what can be waited for", () => {
  const pace = new Pace();
  assert.deepEqual(pace.steps(16), [FIRST, LAST]);
  assert.deepEqual([pace.steps(60)[0], pace.steps(200)[0]], [20, 20]);
  pace.took(60, 20, 2000); // 100 ms a future
  assert.deepEqual(pace.steps(60), [20, 600]);
  assert.deepEqual(pace.steps(60, 20), [60, 600]);
  assert.deepEqual(pace.steps(60, 600), []);
  pace.took(60, 80, 2); // from memory
  assert.deepEqual(pace.steps(60), [20, 600]);
  assert.deepEqual(pace.steps(16, 0), [FIRST, LAST]);
});
