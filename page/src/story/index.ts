/** The story: seven scenes, in which the model plays what the visitor chooses. */

import type { App, Mounted, Reads } from "../app/app.js";
import type { Catalogue } from "../engine/contract.js";
import { h } from "../app/dom.js";
import { wholeOf } from "../app/link.js";
import { button, type Scene, type Stop } from "./parts.js";
import { assumed } from "./scenes/assumed.js";
import { design } from "./scenes/design.js";
import { promise } from "./scenes/promise.js";
import { retold } from "./scenes/retold.js";
import { talks } from "./scenes/talks.js";
import { trust } from "./scenes/trust.js";
import { worlds } from "./scenes/worlds.js";

const SCENES: readonly Scene[] = [trust, talks, promise, retold, worlds, design, assumed];

/** Whether a value of a link is one that the story writes. */
export function reads({ regions, designs, undercurrents }: Catalogue): Reads {
  const towns = regions[0]?.municipalities.length ?? 0;
  return {
    scene: (text) => wholeOf(text, 1, SCENES.length) !== null,
    town: (text) => wholeOf(text, 0, towns - 1) !== null,
    design: (text) => designs.some((one) => one.name === text),
    level: (text) => undercurrents.some((one) => one.name === text),
  };
}

export function mount(root: HTMLElement, app: App): Mounted {
  const t = app.t.story;
  let stop: Stop = () => undefined;
  const steps = SCENES.map((scene, at) => h("button", { type: "button", "aria-label": t.stepTo(at + 1, t[scene.key].title),
    click: () => show(at, true) }, String(at + 1)));
  const body = h("div", { class: "scene" });
  const foot = h("div", { class: "foot" });
  root.append(h("nav", { class: "steps", "aria-label": t.steps }, ...steps), body, foot);

  function show(at: number, moved: boolean): void {
    const scene = SCENES[at];
    if (scene === undefined) return;
    stop();
    app.set("scene", at + 1);
    steps.forEach((step, one) => (one === at ? step.setAttribute("aria-current", "step") : step.removeAttribute("aria-current")));
    const title = h("h2", { tabindex: -1 }, h("span", { class: "count" }, t.stepOf(at + 1, SCENES.length)), " ", t[scene.key].title);
    const stage = h("div", { class: "stage" });
    body.replaceChildren(title, stage);
    stop = scene.mount(stage, app);
    const before = SCENES[at - 1], after = SCENES[at + 1];
    foot.replaceChildren(
      ...(before ? [button(t.back(t[before.key].title), () => show(at - 1, true))] : []),
      ...(after ? [button(t.next(t[after.key].title), () => show(at + 1, true), { kind: "main" })] : []));
    if (!moved) return;
    title.focus({ preventScroll: true });
    root.scrollIntoView({ block: "start" });
  }

  show((wholeOf(app.get("scene"), 1, SCENES.length) ?? 1) - 1, false);
  return { unmount: () => stop() };
}
