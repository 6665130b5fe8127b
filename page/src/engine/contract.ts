/**
 * What the pages of bresim may ask of the model: the only file of the engine that a page needs to read, with `choices.ts`.
 *
 * The engine runs the compiled rules of the Python package, in workers, and gives the same bits as Python. It knows no
 * page: it gives numbers, names and sentences in both languages, and a page decides what to show. Shares are in [0, 1],
 * staff is in fte, time in quarters counted from 0. NaN stands where there is no value, as in the tables of Python.
 * Every number is an outcome of the model; nothing in here is smoothed, rounded or filled in.
 */

import type { Catalogue, Named, Outcome, Rules, Undercurrent } from "./choices.js";
import type { Inspected } from "../design/inspect.js";
import type { Mapping } from "../design/said.js";

export type Language = "nl" | "en";
/** A text in both languages. */
export type Text = Readonly<Record<Language, string>>;

/** Start the engine from what the page carries. Resolves when the first worker can run and the self-check is done. */
export type Load = (options?: LoadOptions) => Promise<Engine>;

export interface LoadOptions {
  /** Number of workers; without it, one less than the machine has cores, from 2 to 8. */
  readonly workers?: number;
  /** Take the build without SIMD even if the browser has it (for tests). */
  readonly plain?: boolean;
}

export interface Engine {
  readonly catalogue: Catalogue;
  /** Made after what the page asks first, so that a visitor does not wait for it; rejected where it cannot be made. */
  readonly check: Promise<SelfCheck>;
  /** Many runs, spread over the workers. The same request gives the same bits, whatever the number of workers. */
  batch(request: BatchRequest, options?: JobOptions): Promise<Batch>;
  /** The same with what was kept of each run beside its outcomes. */
  detailed(request: BatchRequest, kept: Kept, options?: JobOptions): Promise<DetailedBatch>;
  /** One run with all that happens in it. */
  single(request: RunRequest, options?: RunOptions): Promise<Run>;
  /** One run, to be played quarter by quarter. Two plays with the same seed and replicate have the same luck. */
  begin(request: RunRequest, options?: Pick<RunOptions, "changes">): Promise<Play>;
  /** What is wrong with a design of the visitor's own in this region; nothing wrong: an empty list. */
  problems(design: OwnDesign, region: string): readonly Problem[];
  /** A design file as Python reads it: its rules, and all that is wrong with it and with how it fits the region. */
  inspect(file: Mapping, name: string, region: string): Inspected;
  /** Stop all workers. The engine cannot be used afterwards. */
  close(): void;
}

/** Whether this browser makes of the runs that the page carries what Python made of them, bit for bit. */
export interface SelfCheck {
  readonly same: boolean;
  /** Numbers compared, and how many of these differ. */
  readonly compared: number;
  readonly different: number;
  /** Which build of the model runs here. */
  readonly build: "simd" | "plain";
  /** Milliseconds from the start of the engine to the end of the check. */
  readonly took: number;
}

export interface JobOptions {
  /** Cancels the job: its promise is rejected with the signal's reason, and the workers go on with the next job. */
  readonly signal?: AbortSignal;
  /** Called after every part of a batch; not for a single run. */
  readonly progress?: (done: number, all: number) => void;
}

export interface RunOptions extends JobOptions {
  /** Quarters to play from the start; without it all of them. */
  readonly quarters?: number;
  readonly changes?: Changes;
}

/**
 * Which of `Run.changes` are told: all, none, or those from a quarter on. A run has thousands of these, in a large region
 * more than a hundred thousand, and to tell them takes longer than the run.
 */
export type Changes = boolean | number;

/* ---- What there is to choose from: choices.ts -------------------------------------------------------------------- */

export type * from "./choices.js";

/* ---- What is asked ------------------------------------------------------------------------------------------------ */

/** A design of the visitor's own. Fields that equal those of `from` keep its codings; changed ones are certain. */
export interface OwnDesign extends Named {
  readonly rules: Rules;
  /** Name of the shipped design that it was changed from, if any. */
  readonly from?: string;
}

export type DesignChoice = string | OwnDesign;
/** `vote`: as decided, the design holds if municipalities found it; `at_once`: it holds from policy start. */
export type Founding = "vote" | "at_once";

/** The world in which runs are made, whatever the design. */
export interface World {
  readonly region: string;
  readonly scenario: string;
  readonly undercurrent: Undercurrent;
  /** Measure → strength in [0, 1]; those left out are 0. */
  readonly measures?: Readonly<Record<string, number>>;
  /** From 0 to 2^53 - 1; without it that of the catalogue. */
  readonly seed?: number;
}

export interface BatchRequest extends World {
  readonly designs: readonly DesignChoice[];
  readonly foundings: readonly Founding[];
  /** Replicates `first` up to, without, `last`. More of the same: ask for the next ones, and `join` them (statistics). */
  readonly first: number;
  readonly last: number;
}

export interface RunRequest extends World {
  readonly design: DesignChoice;
  readonly founding: Founding;
  readonly replicate: number;
}

/* ---- What comes of it --------------------------------------------------------------------------------------------- */

/** One design under one founding. */
export interface Case {
  readonly design: string;
  readonly founding: Founding;
}

export interface Batch {
  readonly request: BatchRequest;
  /** Designs in the order of the request, and within these its foundings. */
  readonly cases: readonly Case[];
  readonly replicates: number;
  /** Parameter set and draw of the codings of each replicate: replicates that share one are not independent. */
  readonly sets: Int32Array;
  readonly codings: Int32Array;
  readonly outcomes: readonly Outcome[];
  /** Values of outcome o in case c: `values[(c * outcomes.length + o) * replicates + r]`; see `column` (statistics). */
  readonly values: Float64Array;
  /** Milliseconds that it took. */
  readonly took: number;
}

/** Columns that a batch keeps of each run: of `Catalogue.series` over time, of `Region.ofMunicipality` (not its themes) at the end. */
export interface Kept {
  readonly series?: readonly string[];
  readonly municipal?: readonly string[];
}

export interface DetailedBatch extends Batch {
  /** Column → its value at the end of each quarter, `[(case * replicates + r) * quarters + quarter]`. */
  readonly series: Readonly<Record<string, Float64Array>>;
  /** Column → its value at the end, `[(case * replicates + r) * N + municipality]`. */
  readonly municipal: Readonly<Record<string, Float64Array>>;
}

/** A run so far: `quarters` have passed. Arrays over quarters are as long as that. */
export interface Run {
  readonly request: RunRequest;
  readonly quarters: number;
  readonly arenas: readonly Named[];
  /** Outcome → its value at the end of each quarter. */
  readonly series: Readonly<Record<string, Float64Array>>;
  /** Column of a municipality → [quarter * N + municipality], at the end of each quarter. */
  readonly municipalities: Readonly<Record<string, Float64Array>>;
  /** What capacity went to, in fte: [quarter * N + municipality]. */
  readonly capacity: Readonly<Record<string, Float64Array>>;
  /** Of i in j, [(quarters passed * N + i) * N + j]: first before the first quarter, so one more than there are quarters. */
  readonly trust: Float64Array;
  readonly grievance: Float64Array;
  readonly initiatives: readonly Initiative[];
  readonly events: readonly Event[];
  readonly changes: readonly Change[];
  readonly votes: readonly Vote[];
  /** All outcomes as they are now, by the names of `Region.outcomes`. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface Initiative {
  readonly theme: number;
  readonly arena: number;
  readonly members: readonly number[];
  readonly opened: number;
  /** Quarters, or null where there is none (yet). */
  readonly agreed: number | null;
  readonly ended: number | null;
  readonly state: "negotiating" | "executing" | "completed" | "failed" | "deadlocked" | "lapsed";
  readonly eligible: number;
  readonly coerced: number;
  readonly imposed: boolean;
  readonly funded: boolean;
  /** Under way when the run began. */
  readonly inherited: boolean;
}

export interface Event {
  readonly quarter: number;
  /** As in the table `events`: `shock`, `joined`, `agreed`, `deadlocked`, `broken`, `founded`, … */
  readonly kind: string;
  readonly arena: number | null;
  readonly theme: number | null;
  readonly municipality: number | null;
  /** Height of a shock or funding window, or fte of a promise. */
  readonly amount: number | null;
  readonly sentence: Text;
}

/** Trust of `source` in `target`, or its grievance with it, has changed. */
export interface Change {
  readonly quarter: number;
  readonly source: number;
  readonly target: number;
  readonly quantity: "trust" | "grievance";
  readonly cause: string;
  readonly change: number;
  readonly sentence: Text;
}

export interface Vote {
  readonly quarter: number;
  readonly municipality: number;
  readonly question: "founding" | "successor" | "dissolution";
  readonly chance: number;
  readonly yes: boolean;
  readonly carried: boolean;
  /** In the order of `Catalogue.voteTerms`; NaN where a term does not count in this question. */
  readonly terms: Float64Array;
}

/* ---- Playing quarter by quarter ----------------------------------------------------------------------------------- */

/**
 * A choice of the visitor for one municipality in the next quarter, in place of the draw that decides it otherwise.
 *
 * `join`, `wait`: comes into the initiative, or stays out. `stay`, `withdraw`: of one that has joined the talks.
 * `keep`, `break`: whether it means to keep its promise until the next milestone; who lacks the capacity cannot keep it
 * in full. All else follows the rules: a join that the rules do not allow yet is not taken, and `Taken` says so.
 */
export interface Choice {
  readonly municipality: number;
  readonly arena: number;
  readonly theme: number;
  readonly decision: "join" | "wait" | "stay" | "withdraw" | "keep" | "break";
}

export interface Taken {
  readonly choice: Choice;
  /** Whether the municipality did what was chosen. */
  readonly taken: boolean;
}

export interface Play {
  /** The quarter to be played next; `finished` after the last. */
  readonly quarter: number;
  readonly finished: boolean;
  /** The run so far. A new object after every step. */
  readonly run: Run;
  /** Where each municipality stands in what is under way, before the next quarter. */
  readonly seats: readonly Seat[];
  /** Play one quarter (or several, with the choices in the first of them). */
  step(choices?: readonly Choice[], quarters?: number): Promise<readonly Taken[]>;
  /** Let go of its memory. */
  end(): void;
}

export interface Seat {
  readonly municipality: number;
  readonly arena: number;
  readonly theme: number;
  readonly phase: "negotiating" | "executing";
  readonly committed: boolean;
  /** Of members in execution: whether it means to keep its promise, and fte a quarter promised and given last quarter. */
  readonly willing: boolean;
  readonly promised: number;
  readonly given: number;
  /** Members in execution: whether the next quarter decides on its promise, so that `keep` and `break` count. */
  readonly due: boolean;
}

/* ---- Statistics (statistics.ts), those of `summary.csv` ----------------------------------------------------------- */

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface Statistics {
  /** One outcome of one case, (replicates,). A view: do not write to it. */
  column(batch: Batch, outcome: string, at: number): Float64Array;
  /** Two batches of the same request with consecutive replicates as one. */
  join(batch: Batch, more: Batch): Batch;
  /** Mean of what is known; NaN of nothing. */
  mean(values: Float64Array): number;
  /** Quantile by linear interpolation, of what is known. */
  quantile(values: Float64Array, q: number): number;
  /** Mean of case `at` less case `than`, future by future, with its 95 % interval (clusters: parameter sets). */
  difference(batch: Batch, outcome: string, at: number, than: number): Interval;
  /** The same between two batches (two undercurrents, with and without a measure) of the same replicates. */
  between(batch: Batch, at: number, other: Batch, than: number, outcome: string): Interval;
  /** Share of futures in which each case does better than all others of its founding. */
  best(batch: Batch, outcome: string): Float64Array;
}

/* ---- Errors ------------------------------------------------------------------------------------------------------- */

export interface Problem {
  /** Where: `payoff.binding`. */
  readonly where: string;
  readonly what: Text;
  readonly remedy: Text;
}

/** The only error that the engine rejects with, beside the reason of an aborted signal. */
export interface EngineError extends Error {
  readonly kind: "browser" | "request" | "design" | "worker" | "memory";
  readonly text: Text;
  readonly problems: readonly Problem[];
}

/*
 * Not built yet (this list shrinks):
 * - choices about votes (found, dissolve) and councils' refusals: the model draws these;
 * - the chance with which a municipality would join or keep its promise, before it does;
 * - priors and fixed parameters: all runs have the plausible sets. Structural variants are those that the page was made
 *   with (`bresim page variant.…`);
 */
