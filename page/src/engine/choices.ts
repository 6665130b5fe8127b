/** What there is to choose from: the part of `contract.ts` that a page shows, and carries in both languages. */

import type { Text } from "./contract.js";

/** Anything with a name that the engine takes and labels that a page shows. */
export interface Named {
  readonly name: string;
  readonly label: Text;
}

export interface Described extends Named {
  readonly description: Text;
}

export interface Catalogue {
  /** Version of bresim, and the digest of rules, designs, measures and parameter sets: with another one numbers differ. */
  readonly version: string;
  readonly digest: string;
  readonly seed: number;
  /** The first is the default. */
  readonly regions: readonly Region[];
  readonly scenarios: readonly Described[];
  readonly undercurrents: readonly Level[];
  /** The knobs to begin with. */
  readonly undercurrent: Undercurrent;
  readonly designs: readonly Design[];
  readonly measures: readonly Measure[];
  /** The fields of the seven rule types, in the order of the design files. */
  readonly fields: readonly Field[];
  /** Sentences of Python about wrong designs, for `Words` (design/said.ts). */
  readonly messages: Readonly<Record<string, string>>;
  readonly fileLimits: FileLimits;
  /** Each quarter of a run as `2024-Q1`, and the number of that in which policy starts. */
  readonly dates: readonly string[];
  readonly policyStart: number;
  /** Replicates that share one parameter set and membership table; two of these share a reading of the codings. */
  readonly replicatesPerSet: number;
  /** Columns of `Run.series` and `Run.capacity`. */
  readonly series: readonly Outcome[];
  readonly capacity: readonly Outcome[];
  /** What a municipality weighs in a vote, in logits (`Vote.terms`). */
  readonly voteTerms: readonly Outcome[];
}

/** What a file of a user holds at most. */
export interface FileLimits {
  readonly values: number;
  readonly depth: number;
  /** Characters of a name, and of a key. */
  readonly name: number;
  readonly key: number;
  /** Largest whole number, in digits. */
  readonly number: string;
  /** Pattern of signs that no reader sees. */
  readonly unseen: string;
}

export interface Region extends Named {
  readonly municipalities: readonly Municipality[];
  readonly subregions: readonly Named[];
  readonly themes: readonly Named[];
  /** Groups that `boundary.eligible` can name → numbers of their municipalities. */
  readonly groups: Readonly<Record<string, readonly number[]>>;
  readonly groupLabels: Readonly<Record<string, Text>>;
  /** Columns of a batch, and of `Run.municipalities`, in this region. */
  readonly outcomes: readonly Outcome[];
  readonly ofMunicipality: readonly Outcome[];
}

export interface Municipality {
  readonly name: string;
  readonly population: number;
  readonly subregion: number;
  readonly centre: boolean;
  readonly rural: boolean;
  /** Degrees; for a schematic map. A page that draws circles moves them apart itself. */
  readonly longitude: number;
  readonly latitude: number;
  /** Numbers of the municipalities that it borders on. */
  readonly neighbours: readonly number[];
  /** Of each theme how bad it is here at the start, as a share of the worst that can be. */
  readonly severity: readonly number[];
  /** Of each theme the least and the most that it can have at stake in regional action; a future draws between. */
  readonly stake: readonly (readonly [number, number])[];
}

export interface Outcome extends Named {
  readonly unit: string;
  /** 1: more is better, -1: less is better, 0: neither. */
  readonly direction: -1 | 0 | 1;
}

export interface Undercurrent {
  readonly parochialism: number;
  readonly cleavage: number;
  readonly negativity: number;
}

export interface Level extends Named {
  readonly knobs: Undercurrent;
}

export type RuleType = "position" | "boundary" | "choice" | "aggregation" | "information" | "payoff" | "scope";
export type FieldValue = number | string | boolean | null | readonly string[];
/** Fields by rule type, as the sections of a design file; a field that is left out has its default: no rule at all. */
export type Rules = { readonly [T in RuleType]?: Readonly<Record<string, FieldValue>> };

export interface Design extends Described {
  /** All fields, those with their default included. */
  readonly rules: Rules;
  /** Passage that it is taken from. */
  readonly source: string;
  /** Field path (`payoff.binding`) → what its value rests on, and between which values a reader could put it. */
  readonly codings: Readonly<Record<string, Coding>>;
}

export interface Coding {
  readonly evidence: "quoted" | "inferred" | "judgement";
  readonly source: string;
  readonly range: readonly [number, number] | null;
}

export interface Field extends Named {
  readonly rules: RuleType;
  /** Meaning, from the design schema. */
  readonly meaning: Text;
  /** `names`: municipalities, a group of the region, `[all but, …]`, or themes; `design`: the name of a shipped design. */
  readonly kind: "share" | "whole" | "flag" | "word" | "names" | "design";
  readonly low: number;
  readonly high: number;
  readonly words: readonly string[];
  /** Fixed words that it can be → what they say; groups of municipalities are those of the region. */
  readonly wordLabels: Readonly<Record<string, Text>>;
  readonly default: FieldValue;
}

export interface Measure extends Described {
  /** Field path → its value at strength 1; `lowers` are those that it lowers, the others it raises. */
  readonly targets: Readonly<Record<string, number>>;
  readonly lowers: readonly string[];
}
