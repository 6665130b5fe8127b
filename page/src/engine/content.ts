/** What a page carries of the model, as `bresim.page.content` writes it; the arrays lie in one block of bytes. */

import type { Check } from "./check.js";
import type { DesignFile } from "../design/codings.js";
import type { Coding, Field, FileLimits, Measure, Named, Outcome, Region, Rules, Text, Undercurrent } from "./contract.js";

/** Place in the block of arrays, kind of number (`f8`, `i8`, `b1`, …), shape. */
export type Stored = readonly [number, string, readonly number[]];

/** Kind of number and place of each field of a record, and its bytes. */
export interface RecordLayout {
  readonly bytes: number;
  readonly fields: Readonly<Record<string, readonly [string, number]>>;
}

export interface StateLayout {
  /** Name, place in the block of a state, bytes of an item, shape, whether states of one family share it. */
  readonly fields: readonly (readonly [string, number, number, readonly number[], boolean])[];
  readonly bytes: number;
}

/** Path of an argument, what it is, axes, bytes of an item. */
export type Part = readonly [string, "array" | "rows" | "number" | "address", number, number];

export type StoredCoding = Coding & { readonly stream: string };

export interface StoredDesign {
  readonly name: string;
  readonly label: Text;
  readonly description: Text;
  readonly source: string;
  readonly rules: Required<Rules>;
  readonly codings: Readonly<Record<string, StoredCoding>>;
}

export type StoredMeasure = Measure & { readonly codings: Readonly<Record<string, StoredCoding>> };

export interface StoredArena extends Named {
  readonly institution: string;
  readonly programmeMoney: number | null;
  readonly members: readonly number[];
}

export interface StoredWorld {
  readonly arrays: Readonly<Record<string, Stored>>;
  readonly numbers: Readonly<Record<string, number>>;
  readonly kernel: string;
  readonly arenas: readonly StoredArena[];
  readonly arenaNames: readonly string[];
  /** Arenas (that of designs beside the region included), themes, municipalities, quarters. */
  readonly sizes: readonly [number, number, number, number];
  /** Whether no measure can change what happens before policy start. */
  readonly historyIsFree: boolean;
  readonly state: StateLayout;
  readonly diary: StateLayout;
}

export interface StoredRegion extends Region {
  readonly worlds: Readonly<Record<string, StoredWorld>>;
  readonly subregionOf: Stored;
  readonly solutions: number;
  readonly before: string;
}

export interface Compiling {
  readonly numbers: readonly string[];
  readonly columns: number;
  readonly whole: readonly string[];
  readonly ramps: readonly boolean[];
  readonly partnerSeats: Readonly<Record<string, readonly [number, number]>>;
  readonly slotsBeforeArenas: number;
}

export interface Content {
  readonly version: string;
  readonly digest: string;
  readonly seed: number;
  readonly regions: readonly StoredRegion[];
  readonly scenarios: readonly (Named & { readonly description: Text })[];
  readonly undercurrent: Undercurrent;
  readonly undercurrents: readonly (Named & { readonly knobs: Undercurrent })[];
  readonly designs: readonly string[];
  readonly allDesigns: readonly StoredDesign[];
  readonly measures: readonly StoredMeasure[];
  readonly fields: readonly Field[];
  readonly designFile: DesignFile;
  /** Sentences about wrong designs: English → Dutch. */
  readonly messages: Readonly<Record<string, string>>;
  readonly fileLimits: FileLimits;
  readonly compiling: Compiling;
  readonly dates: readonly string[];
  readonly policyStart: number;
  readonly replicatesPerSet: number;
  readonly replicatesPerReading: number;
  readonly foundings: readonly string[];
  readonly series: readonly Outcome[];
  readonly capacity: readonly Outcome[];
  readonly voteTerms: readonly Outcome[];
  readonly questions: readonly ("founding" | "successor" | "dissolution")[];
  readonly sets: {
    readonly seed: number;
    readonly draws: readonly number[];
    /** Name, low, high, whether it is log-uniform. */
    readonly priors: readonly (readonly [string, number, number, boolean])[];
  };
  readonly events: readonly { readonly name: string; readonly sentence: Text }[];
  readonly causes: readonly { readonly name: string; readonly quantity: "trust" | "grievance"; readonly sentence: Text }[];
  readonly institutional: readonly string[];
  /** Runs that Python made, for the self-check. */
  readonly checks: readonly Check[];
  readonly records: Readonly<Record<string, RecordLayout>>;
  readonly entries: Readonly<Record<string, readonly Part[]>>;
  /** Fields of a world's box with their axes; -1 for a number. */
  readonly worldFields: readonly (readonly [string, number])[];
}

/** An array that must be there. */
export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the page lacks ${what}`);
  return value;
}
