/** What a page shows of the content. */

import { known, type Content } from "./content.js";
import type { Catalogue } from "./contract.js";

export function catalogueOf(content: Content): Catalogue {
  const { version, digest, seed, regions, scenarios, undercurrent, undercurrents, measures, fields, messages, fileLimits } = content;
  return {
    version, digest, seed, regions, scenarios, undercurrent, undercurrents, measures, fields, messages, fileLimits,
    designs: content.designs.map((name) => known(content.allDesigns.find((design) => design.name === name), name)),
    dates: content.dates,
    policyStart: content.policyStart,
    replicatesPerSet: content.replicatesPerSet,
    series: content.series,
    capacity: content.capacity,
    voteTerms: content.voteTerms,
  };
}
