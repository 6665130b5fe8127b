/** What can befall the region: a scenario, or its largest subregion that stays out of a design. */

import type { App } from "../../app/app.js";
import { picked } from "../../builder/names.js";
import type { Design, DesignChoice, Named, OwnDesign, Region, Text } from "../../engine/contract.js";
import { regionOf } from "../../story/story.js";
import { WORDS } from "./texts.js";

/** Scenarios that are in the draw. */
const DRAWN = ["austerity", "political_turmoil", "province_withdraws"];
const ALL_BUT = "all but";

export interface Shock extends Named {
  readonly about: Text;
  readonly scenario: string;
  /** Who stays out; null in a scenario. */
  readonly absent: readonly number[] | null;
  readonly inDraw: boolean;
}

/** The subregion with most inhabitants that has several municipalities and is not the whole region; null without one. */
export function largest(region: Region): { readonly label: Text; readonly members: readonly number[] } | null {
  const all = region.subregions.map(({ label }, at) => ({ label, members: region.municipalities.flatMap((one, i) => (one.subregion === at ? [i] : [])) }))
    .filter((one) => one.members.length > 1 && one.members.length < region.municipalities.length);
  const people = (members: readonly number[]): number => members.reduce((sum, i) => sum + (region.municipalities[i]?.population ?? 0), 0);
  return [...all].sort((a, b) => people(b.members) - people(a.members))[0] ?? null;
}

export function shocksOf(app: App): Shock[] {
  const { scenarios } = app.engine.catalogue, region = regionOf(app), first = scenarios[0], out = largest(region);
  const shocks = scenarios.map(({ name, label, description }) => ({ name, label, about: description, scenario: name, absent: null, inDraw: DRAWN.includes(name) }));
  if (first === undefined || out === null) return shocks;
  const who = out.members.map((at) => region.municipalities[at]?.name ?? "");
  const text = (write: (lang: "nl" | "en") => string): Text => ({ nl: write("nl"), en: write("en") });
  const list = { nl: new Intl.ListFormat("nl-NL"), en: new Intl.ListFormat("en-GB") };
  return [...shocks, {
    name: "stays_out", scenario: first.name, absent: out.members, inDraw: true,
    label: text((lang) => WORDS[lang].staysOut(out.label[lang])), about: text((lang) => WORDS[lang].staysOutAbout(list[lang].format(who))),
  }];
}

/** The design in which these do not take part: `bresim.brief.absence.without`; what it says instead where that cannot be. */
export function without(design: Design | OwnDesign, absent: readonly number[], region: Region): OwnDesign | "not_in" | "needed" {
  const { municipalities } = region, items = municipalities.map(({ name }) => ({ name, label: { nl: name, en: name } }));
  const inside = picked(design.rules.boundary?.["eligible"] ?? "all", items, region), left = inside.filter((at) => !absent.includes(at));
  if (left.length === inside.length) return "not_in";
  if (left.length < 2) return "needed";
  const out = municipalities.filter((_, at) => !left.includes(at)).map((one) => one.name);
  const from = "description" in design ? design.name : design.from;
  const rules = { ...design.rules, boundary: { ...design.rules.boundary, eligible: [ALL_BUT, ...out] } };
  return { name: design.name, label: design.label, rules, ...(from === undefined ? {} : { from }) };
}

/** A design as it is under a shock: with a sentence if the shock changes nothing, or null if it cannot be. */
export function under(app: App, design: Design | OwnDesign, shock: Shock): { readonly design: DesignChoice | null; readonly note: string } {
  const w = WORDS[app.lang], region = regionOf(app), asIs: DesignChoice = "description" in design ? design.name : design;
  if (shock.absent === null) return { design: asIs, note: "" };
  const label = app.say(largest(region)?.label ?? { nl: "", en: "" }), changed = without(design, shock.absent, region);
  if (changed === "not_in") return { design: asIs, note: w.notIn(label) };
  if (changed === "needed" || app.engine.problems(changed, region.name).length > 0) return { design: null, note: w.needed(label) };
  return { design: changed, note: "" };
}
