/** Scene 7: what is assumed, how sure it is, and what it cannot say. */

import type { App } from "../../app/app.js";
import { h } from "../../app/dom.js";
import { assumedNumbers } from "../captions.js";
import type { Scene, Stop } from "../parts.js";

function list(items: readonly string[]): HTMLElement {
  return h("ul", {}, ...items.map((one) => h("li", {}, one)));
}

function mount(root: HTMLElement, app: App): Stop {
  const t = app.t.story.assumed, sure = list(t.sure);
  void app.guard(async () => sure.append(...list(assumedNumbers(app, await app.engine.check)).children));
  root.append(h("p", { class: "caption" }, t.lead),
    h("div", { class: "three" },
      h("section", {}, h("h3", {}, t.assumedTitle), list(t.assumed)),
      h("section", {}, h("h3", {}, t.sureTitle), sure),
      h("section", {}, h("h3", {}, t.cannotTitle), list(t.cannot))),
    h("p", {}, t.after), h("p", { class: "note" }, t.sources));
  return () => undefined;
}

export const assumed: Scene = { key: "assumed", mount };
