/** The sandbox: a region, a scenario, an undercurrent, measures and designs, and what the model makes of them. */

import type { App, Mounted, Section } from "../app/app.js";
import { h, newId, tell } from "../app/dom.js";
import { inOneLine } from "../design/said.js";
import { NOW } from "../engine/conventions.js";
import { button } from "../story/parts.js";
import { Asker } from "./ask.js";
import { controls } from "./controls.js";
import { LAST } from "./pace.js";
import { overtime, overtimeRuns } from "./overtime.js";
import { results } from "./results.js";
import { choicesOf, designOf, keepChoices, labelOf, OWN, readsOf, worldOf, type Choices } from "./state.js";
import { FEW, film, MANY, townFacts, townTable, type Film } from "./towns.js";

function mount(root: HTMLElement, app: App): Mounted {
  const t = app.t.sandbox, choices = choicesOf(app.get, app.engine.catalogue);
  const asker = new Asker(app.engine, app.statistics);
  const status = h("p", { class: "note", role: "status" }), out = h("div", { class: "answer" }), over = h("div", { class: "overtime" });
  let later = new AbortController();
  const unfit = h("p", { class: "note unfit", role: "status" });
  const closer = closeUp(app, choices);
  let asks = 0;

  async function answer(): Promise<void> {
    keepChoices(app, choices);
    closer.clear();
    later.abort();
    over.replaceChildren();
    const asked = performance.now();
    tell(status, t.counting(asker.first(choices)));
    root.setAttribute("aria-busy", "true");
    const turn = (asks += 1);
    const answered = await app.guard(() => asker.ask({ ...choices }, (found) => {
      out.replaceChildren(...results(app, found));
      const last = found.futures === found.all;
      tell(status, !last ? t.refining(found.futures, found.all) : found.futures < LAST ? t.fewer(found.futures) : t.counted(found.futures));
      out.dataset["futures"] = String(found.futures);
      out.dataset["took"] = (performance.now() - asked).toFixed(0);
      if (last) root.removeAttribute("aria-busy");
      if (last) void fan(found.choices);
    }).then(() => true));
    if (answered === true || turn !== asks) return;
    tell(status, ""); // the page says why there is no answer
    root.removeAttribute("aria-busy");
  }

  /** Over time, once the answer is there: it is stopped by the next choice. */
  async function fan(chosen: Choices): Promise<void> {
    const { signal } = (later = new AbortController());
    over.replaceChildren(h("p", { class: "note", role: "status" }, t.overSoon));
    const runs = await app.guard(() => overtimeRuns(app, chosen, signal));
    if (!signal.aborted) over.replaceChildren(...(runs === undefined ? [] : overtime(app, chosen, runs)));
  }

  const draw = (): void => {
    // a design of the visitor's own may not fit another region: one sentence, and the rest goes on
    const [wrong] = choices.own === null ? [] : app.engine.problems(choices.own, choices.region);
    tell(unfit, wrong !== undefined && choices.designs.includes(OWN) ? t.unfit(inOneLine(wrong, app.lang)) : "");
    if (wrong !== undefined) choices.designs = choices.designs.filter((one) => one !== OWN);
    left.replaceChildren(controls(app, choices, () => void answer(), draw));
    closer.draw();
    void answer();
  };
  const left = h("div"), right = h("div", {}, status, out, over);
  root.append(h("h2", { tabindex: -1 }, t.title), h("p", { class: "lead" }, t.lead), unfit, h("div", { class: "bench" }, left, right), closer.element);
  draw();
  return { unmount: () => { asker.cancel(); later.abort(); closer.clear(); } };
}

interface CloseUp {
  readonly element: HTMLElement;
  clear(): void;
  draw(): void;
}

/** A design seen close: each municipality, and one future on the map. */
function closeUp(app: App, choices: Choices): CloseUp {
  const t = app.t.sandbox, out = h("div"), element = h("section", { class: "close" });
  let control = new AbortController(), shown: Film | null = null, replicate = 0;
  const id = newId("close"), select = h("select", { id });

  function clear(): void {
    control.abort();
    control = new AbortController();
    shown?.stop();
    shown = null;
    out.replaceChildren();
    const before = select.value || choices.designs[0];
    select.replaceChildren(...[NOW, ...choices.designs].map((name) => h("option", { value: name, selected: name === before }, labelOf(app, choices, name))));
  }

  async function towns(): Promise<void> {
    clear();
    const { signal } = control, name = select.value;
    out.replaceChildren(h("p", { role: "status" }, t.counting(MANY)));
    const facts = await app.guard(() => townFacts(app, choices, name, signal));
    if (signal.aborted) return;
    out.replaceChildren(...(facts === undefined ? [] : [townTable(app, choices, name, facts), h("p", { class: "note" }, t.townsHow(FEW))]));
  }

  async function map(): Promise<void> {
    clear();
    const { signal } = control;
    const run = await app.guard(() => app.engine.single({ ...worldOf(choices), design: designOf(choices, select.value), founding: "vote", replicate }, { signal, changes: false }));
    if (run === undefined || signal.aborted) return;
    shown = film(app, choices, run, () => { replicate += 1; void map(); });
    out.replaceChildren(shown.element);
  }

  function draw(): void {
    clear();
    element.replaceChildren(h("h3", {}, t.closer), h("p", { class: "field" }, h("label", { for: id }, t.design), select),
      h("div", { class: "choices" }, button(t.showTowns, () => void towns()), button(t.showMap, () => void map())), out);
  }
  return { element, clear, draw };
}

export const sandbox: Section = { name: "sandbox", title: (t) => t.sandbox.tab, mount, reads: readsOf };
