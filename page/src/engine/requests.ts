/** What is wrong with a request, before the model sees it. */

import { problemsOf } from "../design/inspect.js";
import type { Content } from "./content.js";
import type { DesignChoice, Text, World } from "./contract.js";
import { failure } from "./failure.js";

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
