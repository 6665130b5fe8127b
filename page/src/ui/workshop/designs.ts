/** Designs that the workshop plays: those of the page, and that of the visitors if it fits the region. */

import type { App } from "../../app/app.js";
import type { Design, OwnDesign } from "../../engine/contract.js";
import { ownOf } from "../../sandbox/state.js";
import { regionOf } from "../../story/story.js";

export function offered(app: App): readonly (Design | OwnDesign)[] {
  const { designs } = app.engine.catalogue, own = ownOf(app.get("own"));
  return own !== null && app.engine.problems(own, regionOf(app).name).length === 0 ? [own, ...designs] : designs;
}

export function choiceOf(design: Design | OwnDesign): string | OwnDesign {
  return "description" in design ? design.name : design;
}
