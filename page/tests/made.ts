/** Runs and a page made by hand for tests: small, and with numbers that a test can follow on paper. */

import type { App } from "../src/app/app.js";
import { formatOf } from "../src/app/format.js";
import type { Event, Language, Municipality, Run, Seat } from "../src/engine/contract.js";
import { statistics } from "../src/engine/statistics.js";
import type { Play } from "../src/engine/contract.js";
import { TEXTS } from "../src/texts/index.js";

export const NAMES = ["Aarle", "Beek", "Cadier", "Doenrade"];

export function municipalities(populations: readonly number[] = [80000, 20000, 5000, 40000]): Municipality[] {
  return NAMES.map((name, at) => ({
    name, population: populations[at] ?? 1000, subregion: 0, centre: at === 0, rural: at !== 0,
    longitude: 5.7 + 0.1 * (at % 2), latitude: 50.8 + 0.05 * at, neighbours: [], severity: [], stake: [],
  }));
}

/** Trust and grievance for each quarter that has passed: `pairs[passed][source][target]`. */
export interface MadeRun {
  readonly trust?: readonly (readonly (readonly number[])[])[];
  readonly grievance?: readonly (readonly (readonly number[])[])[];
  readonly events?: readonly Partial<Event>[];
  readonly changes?: readonly Partial<Run["changes"][number]>[];
  readonly value?: readonly number[];
  readonly quarters?: number;
}

const NONE = { nl: "", en: "" };

export function run(made: MadeRun): Run {
  const flat = (pairs: MadeRun["trust"]): Float64Array => Float64Array.from((pairs ?? []).flat(2));
  return {
    request: null as never, quarters: made.quarters ?? 2, arenas: [{ name: "region", label: { nl: "de regio", en: "the region" } }],
    series: { public_value_regional: Float64Array.from(made.value ?? []) }, municipalities: {}, capacity: {},
    trust: flat(made.trust), grievance: flat(made.grievance), initiatives: [], votes: [], outcomes: {},
    events: (made.events ?? []).map((one) => ({ quarter: 0, kind: "", arena: null, theme: null, municipality: null, amount: null, sentence: NONE, ...one })),
    changes: (made.changes ?? []).map((one) => ({ quarter: 0, source: 0, target: 0, quantity: "trust", cause: "", change: 0, sentence: NONE, ...one })),
  };
}

export function play(of: Run, quarter = of.quarters, seats: readonly Seat[] = []): Play {
  return { quarter, finished: false, run: of, seats, step: () => Promise.reject(new Error("a play made by hand cannot go on")), end: () => undefined };
}

export function seat(municipality: number, rest: Partial<Seat> = {}): Seat {
  return { municipality, arena: 0, theme: 0, phase: "executing", committed: true, willing: true, promised: 1, given: 1, due: true, ...rest };
}

/** As much of a page as captions need. */
export function page(lang: Language): App {
  return {
    lang, t: TEXTS[lang], f: formatOf(lang), statistics,
    engine: {
      catalogue: {
        regions: [{ name: "made", label: NONE, municipalities: municipalities(), themes: [{ name: "housing", label: NONE }] }],
        dates: ["2024-Q1", "2024-Q2", "2024-Q3"], policyStart: 0, replicatesPerSet: 5, version: "1.0", digest: "abcdef0123456789",
      },
      check: { same: true, compared: 1234, different: 0, build: "simd", took: 1 },
    },
    say: (text: { nl: string; en: string }) => text[lang],
    get: () => null, set: () => undefined,
  } as unknown as App;
}
