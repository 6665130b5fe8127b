/** What a visitor chose in the sandbox and for a design of the own, and how a link says it. */

import type { App, Reads } from "../app/app.js";
import { KNOBS, NOW } from "../engine/conventions.js";
import type { Catalogue, DesignChoice, OwnDesign, Region, Undercurrent, World } from "../engine/contract.js";

/** Name by which the visitor's own design is chosen. */
export const OWN = "own";
/** Designs beside today's way at once: a table of more is not read. */
export const MOST = 4;

export interface Choices {
  region: string;
  scenario: string;
  knobs: Undercurrent;
  /** Measure → strength above 0. */
  measures: Record<string, number>;
  /** Names of designs, `own` among them, without today's way. */
  designs: string[];
  own: OwnDesign | null;
}

type Read = (name: string) => string | null;

function numberOf(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text !== undefined && text !== "" && value >= 0 && value <= 1 ? value : otherwise;
}

function knobsOf(text: string | null, otherwise: Undercurrent): Undercurrent {
  const [parochialism, cleavage, negativity] = (text ?? "").split("_");
  return {
    parochialism: numberOf(parochialism, otherwise.parochialism),
    cleavage: numberOf(cleavage, otherwise.cleavage),
    negativity: numberOf(negativity, otherwise.negativity),
  };
}

function measuresOf(text: string | null, catalogue: Catalogue): Record<string, number> {
  const known = new Set(catalogue.measures.map((one) => one.name));
  const pairs = (text ?? "").split(" ").map((one) => one.split("-")).map(([name, value]) => [name ?? "", numberOf(value, 0)] as const);
  return Object.fromEntries(pairs.filter(([name, value]) => known.has(name) && value > 0));
}

/** A design of a link; null where it is none. Whether its values are allowed is for the engine to say. */
export function ownOf(text: string | null): OwnDesign | null {
  if (text === null) return null;
  try {
    const read = JSON.parse(text) as Partial<OwnDesign> | null;
    const whole = read && typeof read.name === "string" && typeof read.label?.nl === "string" && typeof read.label.en === "string"
      && typeof read.rules === "object" && read.rules !== null && (read.from === undefined || typeof read.from === "string");
    return whole ? (read as OwnDesign) : null;
  } catch {
    return null;
  }
}

/** What the link says, and for what it does not say or says wrongly what a page begins with. */
export function choicesOf(read: Read, catalogue: Catalogue): Choices {
  const named = (all: readonly { readonly name: string }[], name: string | null): string => {
    const found = all.find((one) => one.name === name) ?? all[0];
    if (found === undefined) throw new Error("a page has something to choose from");
    return found.name;
  };
  const own = ownOf(read("own"));
  const offered = catalogue.designs.map((one) => one.name).filter((name) => name !== NOW);
  const asked = read("designs")?.split(" ").filter((name) => offered.includes(name) || (name === OWN && own !== null));
  const begin = offered.includes("regiobureau") ? ["regiobureau"] : offered.slice(0, 1);
  return {
    region: named(catalogue.regions, read("region")),
    scenario: named(catalogue.scenarios, read("scenario")),
    knobs: knobsOf(read("knobs"), catalogue.undercurrent),
    measures: measuresOf(read("measures"), catalogue),
    designs: [...new Set(asked ?? begin)].slice(0, MOST),
    own,
  };
}

/** Whether a value of a link is one that a page writes. */
export function readsOf(catalogue: Catalogue): Reads {
  const has = (all: readonly { readonly name: string }[]) => (text: string): boolean => all.some((one) => one.name === text);
  const strength = (text: string | undefined): boolean => !Number.isNaN(numberOf(text, NaN));
  const measure = (pair: string): boolean => {
    const [name, value, ...more] = pair.split("-");
    return more.length === 0 && has(catalogue.measures)(name ?? "") && strength(value);
  };
  return {
    region: has(catalogue.regions), scenario: has(catalogue.scenarios),
    knobs: (text) => text.split("_").length === KNOBS.length && text.split("_").every(strength),
    measures: (text) => text.split(" ").every(measure),
    designs: (text) => text === "" || text.split(" ").every((name) => name === OWN || has(catalogue.designs)(name)),
    own: (text) => ownOf(text) !== null,
  };
}

/** Write them in the link. */
export function keepChoices(app: App, choices: Choices): void {
  const { knobs } = choices;
  app.set("region", choices.region);
  app.set("scenario", choices.scenario);
  app.set("knobs", KNOBS.map((one) => knobs[one]).join("_"));
  app.set("measures", Object.entries(choices.measures).map(([name, value]) => `${name}-${value}`).join(" ") || null);
  app.set("designs", choices.designs.join(" "));
  app.set("own", choices.own === null ? null : JSON.stringify(choices.own));
}

export function worldOf(choices: Choices): World {
  return { region: choices.region, scenario: choices.scenario, undercurrent: choices.knobs, measures: choices.measures };
}

/** A design as the engine takes it. */
export function designOf(choices: Choices, name: string): DesignChoice {
  return name === OWN && choices.own !== null ? choices.own : name;
}

export function labelOf(app: App, choices: Choices, name: string): string {
  if (name === OWN && choices.own !== null) return app.say(choices.own.label);
  const found = app.engine.catalogue.designs.find((one) => one.name === name);
  return found ? app.say(found.label) : name;
}

export function regionOf(app: App, choices: Choices): Region {
  const found = app.engine.catalogue.regions.find((one) => one.name === choices.region);
  if (found === undefined) throw new Error(`a page has the region '${choices.region}'`);
  return found;
}
