/** What is wrong with a request or a design of the visitor's own, before the model sees it. */

import { known, type Content, type StoredRegion } from "./content.js";
import type { DesignChoice, Field, FieldValue, OwnDesign, Problem, Text, World } from "./contract.js";
import { Compiler, designOf, valueOf } from "./designs.js";
import { failure } from "./failure.js";

const RULES = ["position", "boundary", "choice", "aggregation", "information", "payoff", "scope"];
const ALL_BUT = "all but";
/** Fields that are words or names: groups and words that they may be instead of a list. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  "position.board": ["none", "steering_group", "centres"],
  "boundary.eligible": ["all"],
  "scope.themes": ["all"],
};

function problem(where: string, nl: string, en: string, remedyNl = "", remedyEn = ""): Problem {
  return { where, what: { nl, en }, remedy: { nl: remedyNl, en: remedyEn } };
}

function wrongNumber(path: string, field: Field, value: FieldValue): Problem[] {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return [problem(path, "is geen getal", "is not a number")];
  }
  if (field.kind === "whole" && !Number.isInteger(value)) return [problem(path, "is geen geheel getal", "is not a whole number")];
  if (value >= field.low && value <= field.high) return [];
  return [problem(path, `${value} ligt buiten ${field.low} tot ${field.high}`, `${value} is outside ${field.low} to ${field.high}`)];
}

function wrongNames(path: string, value: FieldValue, region: StoredRegion): Problem[] {
  const themes = path === "scope.themes";
  const known_ = themes ? region.themes.map((one) => one.name) : region.municipalities.map((one) => one.name);
  if (typeof value === "string") {
    const groups = path === "boundary.eligible" ? Object.keys(region.groups) : [];
    if (value === "steering_group" && region.groups[value] === undefined) {
      return [problem(path, "deze regio heeft geen groep 'steering_group'", "this region has no group 'steering_group'")];
    }
    const fits = [...(WORDS[path] ?? []), ...groups].includes(value);
    return fits ? [] : [problem(path, `'${value}' is onbekend in deze regio`, `'${value}' is not known in this region`)];
  }
  if (!Array.isArray(value) || value.length === 0) return [problem(path, "is geen lijst van namen", "is not a list of names")];
  const names = !themes && value[0] === ALL_BUT ? value.slice(1) : (value as readonly string[]);
  const problems = names
    .filter((name) => !known_.includes(name as string))
    .map((name) => problem(path, `'${name}' is er niet in deze regio`, `'${name}' is not in this region`));
  const nobody = value[0] === ALL_BUT && new Set(names).size === known_.length;
  if (new Set(names).size < names.length) problems.push(problem(path, "een naam staat er twee keer", "a name stands there twice"));
  if (nobody) problems.push(problem(path, "er blijft niemand over", "nobody is left"));
  return problems;
}

function wrongValue(path: string, field: Field, value: FieldValue, region: StoredRegion, content: Content): Problem[] {
  switch (field.kind) {
    case "share":
    case "whole":
      return wrongNumber(path, field, value);
    case "flag":
      return typeof value === "boolean" ? [] : [problem(path, "is geen ja of nee", "is not yes or no")];
    case "word":
      return field.words.includes(String(value)) ? [] : [problem(path, `kies uit: ${field.words.join(", ")}`, `choose from: ${field.words.join(", ")}`)];
    case "design": {
      const fits = value === null || content.allDesigns.some((design) => design.name === value);
      return fits ? [] : [problem(path, `'${String(value)}' is geen samenwerkingsvorm`, `'${String(value)}' is not a design`)];
    }
    case "names":
      return wrongNames(path, value, region);
  }
}

/** What does not fit together, as `governance.compile.compile_design` finds it. */
function misfits(content: Content, design: OwnDesign, region: StoredRegion): Problem[] {
  const full = designOf(design, content);
  const { eligible, board } = new Compiler(content).institution(full, [], region);
  const value = (path: string): FieldValue => valueOf(full.rules, path);
  const count = (mask: Uint8Array): number => mask.reduce((total, one) => total + one, 0);
  const problems: Problem[] = [];
  if (count(board) === 0) {
    for (const path of ["choice.pooled_by", "choice.services_by"]) {
      if (value(path) === "board") problems.push(problem(path, "er zit geen gemeente in het bestuur", "no municipality has a seat on the board", "vul position.board in", "set position.board"));
    }
    for (const path of ["position.board_partners", "position.board_province"]) {
      if (Number(value(path)) > 0) problems.push(problem(path, "er zit geen gemeente in het bestuur", "no municipality has a seat on the board", "vul position.board in", "set position.board"));
    }
  }
  if (Number(value("boundary.min_members")) > count(eligible)) {
    problems.push(problem("boundary.min_members", `maar ${count(eligible)} gemeenten mogen meedoen`, `only ${count(eligible)} municipalities may take part`));
  }
  if (value("boundary.beside") === true) {
    const provincial = ["payoff.steering", "payoff.mandate", "payoff.cofunding", "aggregation.imposition"].filter((path) => Number(value(path)) > 0);
    if (value("choice.services_by") === "province") provincial.push("choice.services_by");
    for (const path of provincial) {
      problems.push(problem(path, "de provincie heeft alleen een rol in de regio zelf, en deze vorm staat ernaast", "the province has a role in the region's own arena only, and this design stands beside it"));
    }
  }
  return problems;
}

export function problemsOf(content: Content, design: OwnDesign, name: string): Problem[] {
  const region = known(content.regions.find((one) => one.name === name), `the region ${name}`);
  const problems: Problem[] = [];
  for (const [section, fields] of Object.entries(design.rules)) {
    for (const [field, value] of Object.entries(fields ?? {})) {
      const path = `${section}.${field}`;
      const rule = content.fields.find((one) => one.rules === section && one.name === field);
      if (!RULES.includes(section) || rule === undefined) problems.push(problem(path, "bestaat niet", "does not exist"));
      else problems.push(...wrongValue(path, rule, value as FieldValue, region, content));
    }
  }
  return problems.length > 0 ? problems : misfits(content, design, region);
}

function refusal(nl: string, en: string): never {
  const text: Text = { nl, en };
  throw failure("request", text);
}

/** Refuse a request that the model cannot run. */
export function refuse(
  content: Content, world: World, designs: readonly DesignChoice[], { first, last }: { readonly first: number; readonly last: number },
): void {
  if (!(Number.isInteger(first) && Number.isInteger(last) && first >= 0 && last <= 2 ** 31)) {
    refusal("Toekomsten zijn gehele getallen vanaf 0.", "Replicates are whole numbers from 0.");
  }
  if (last <= first || designs.length === 0) {
    refusal("Kies minstens één toekomst en één samenwerkingsvorm.", "Choose at least one replicate and one design.");
  }
  const region = content.regions.find((one) => one.name === world.region);
  if (region === undefined) return refusal(`Deze pagina heeft geen regio '${world.region}'.`, `This page has no region '${world.region}'.`);
  if (region.worlds[world.scenario] === undefined) refusal(`Deze pagina heeft geen scenario '${world.scenario}'.`, `This page has no scenario '${world.scenario}'.`);
  for (const [name, value] of [...Object.entries(world.undercurrent), ...Object.entries(world.measures ?? {})]) {
    if (!(value >= 0 && value <= 1)) refusal(`'${name}' moet tussen 0 en 1 liggen.`, `'${name}' must lie between 0 and 1.`);
  }
  for (const name of Object.keys(world.measures ?? {})) {
    if (!content.measures.some((one) => one.name === name)) refusal(`Er is geen maatregel '${name}'.`, `There is no measure '${name}'.`);
  }
  if (!Number.isSafeInteger(world.seed ?? 0) || (world.seed ?? 0) < 0) refusal("Het startgetal moet een geheel getal vanaf 0 zijn.", "The seed must be a whole number from 0.");
  for (const design of designs) {
    if (typeof design === "string") {
      if (!content.allDesigns.some((one) => one.name === design)) refusal(`Er is geen samenwerkingsvorm '${design}'.`, `There is no design '${design}'.`);
      continue;
    }
    const problems = problemsOf(content, design, world.region);
    if (problems.length > 0) {
      throw failure("design", { nl: `'${design.label.nl}' past niet in deze regio.`, en: `'${design.label.en}' does not fit this region.` }, problems);
    }
  }
}
