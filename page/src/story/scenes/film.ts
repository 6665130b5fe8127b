/** The two worlds side by side, quarter by quarter, beside what the visitor predicted. */

import type { App } from "../../app/app.js";
import { bringIntoView, h, onPhone, tell } from "../../app/dom.js";
import type { Batch, Run } from "../../engine/contract.js";
import { drawMap, type DrawnMap } from "../../map/map.js";
import { filmCaption, guessCaptions, sureCaption, worldsCaption } from "../captions.js";
import { tally, type Tally } from "../facts/worlds.js";
import { towards } from "../facts/trust.js";
import { chart } from "../chart.js";
import { button, caption, table, type Stop } from "../parts.js";
import { player } from "../player.js";
import { BUREAU, regionOf, worldOf, type Guesses, type WorldsState } from "../story.js";

/** Futures that say how sure the difference between the two worlds is. */
const MANY = 200;
const OUTCOMES = ["adopted", "agreements", "deadlocks", "completed", "public_value_regional"] as const;

interface Panel {
  readonly element: HTMLElement;
  update(now: Tally, run: Run, passed: number): void;
}

function panel(app: App, title: string): Panel {
  const t = app.t.story.worlds, region = regionOf(app), size = region.municipalities.length;
  const yes = h("div", { class: "dots" }), no = h("div", { class: "dots" });
  const yesTitle = h("h4"), noTitle = h("h4"), counts = h("dl", { class: "counts" });
  const map: DrawnMap = drawMap(region, { list: app.t.story.asList });
  const dot = (future: number, founded: boolean): HTMLElement => h("span", { class: founded ? "dot on" : "dot" }, String(future + 1));
  const element = h("section", { class: "world" }, h("h3", {}, title), yesTitle, yes, noTitle, no, counts,
    h("details", { class: "look" }, h("summary", {}, t.lookInside), map.element));
  return {
    element,
    update(now, run, passed) {
      const all = now.founded.map((founded, future) => dot(future, founded));
      yes.replaceChildren(...all.filter((_, future) => now.founded[future]));
      no.replaceChildren(...all.filter((_, future) => !now.founded[future]));
      tell(yesTitle, t.founded(now.foundedCount));
      tell(noTitle, t.notFounded(now.founded.length - now.foundedCount));
      const futures = now.founded.length, count = (sum: number): string => app.f.number(sum / futures, 1);
      counts.replaceChildren(...[[t.agreements, count(now.agreements)], [t.deadlocks, count(now.deadlocks)], [t.completed, count(now.completed)],
        [t.value, app.f.share(now.value, 1)]].flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
      map.update({
        title: t.map(title),
        places: region.municipalities.map((one, at) => {
          const others = region.municipalities.map((_, other) => other).filter((other) => other !== at);
          const trust = towards(run.trust, size, passed, at, others);
          return { fill: trust, text: app.f.share(trust), words: t.place(one.name, app.f.share(trust)) };
        }),
      });
    },
  };
}

/** How sure: the same worlds in many more futures, paired. */
async function sure(app: App): Promise<{ without: Batch; strong: Batch }> {
  const ask = { designs: [BUREAU], foundings: ["vote"] as const, first: 0, last: MANY };
  const [without, strong] = await Promise.all([
    app.engine.batch({ ...worldOf(app, "absent"), ...ask }), app.engine.batch({ ...worldOf(app, "strong"), ...ask })]);
  return { without, strong };
}

/** Folded on a phone, where each number has a line of its own: what follows from it stands below. */
function sureTable(app: App, without: Batch, strong: Batch): HTMLElement {
  const t = app.t.story.worlds, { statistics } = app;
  const rows = OUTCOMES.map((outcome) => {
    const share = outcome === "adopted" || outcome === "public_value_regional";
    const write = (value: number): string => (share ? app.f.share(value, 1) : app.f.number(value, 1));
    const move = (value: number): string => (share ? app.f.points(value) : app.f.signed(value));
    const gap = statistics.between(strong, 0, without, 0, outcome);
    return [t.rows[outcome], write(statistics.mean(statistics.column(without, outcome, 0))), write(statistics.mean(statistics.column(strong, outcome, 0))),
      app.t.story.interval(move(gap.mean), move(gap.low), move(gap.high))];
  });
  return h("details", { open: !onPhone() }, h("summary", {}, t.sureTitle(MANY)),
    table(t.sureMeans, [t.outcome, t.without, t.strong, t.difference], rows));
}

export function showWorlds(
  app: App, state: WorldsState, without: readonly Run[], strong: readonly Run[], guess: Guesses, again: () => void,
): { element: HTMLElement; stop: Stop } {
  const t = app.t.story.worlds, { dates, policyStart: start } = app.engine.catalogue;
  const quarters = dates.length - start;
  const tallies = Array.from({ length: quarters }, (_, at) => ({
    without: tally(without, start + at + 1, start), strong: tally(strong, start + at + 1, start) }));
  const panels = [panel(app, t.without), panel(app, t.strong)] as const;
  const said = caption(), verdict = h("div", { class: "lesson", role: "status" }), certain = h("div", { class: "sure" });
  const year = (at: number): string => (dates[at] ?? "").slice(0, 4);
  const lines = chart(t.value, [
    { name: t.without, values: tallies.map((one) => one.without.value), dashed: false },
    { name: t.strong, values: tallies.map((one) => one.strong.value), dashed: true }], year(start), year(dates.length - 1), (share) => app.f.share(share));
  const future = h("select", { "aria-label": t.future, change: () => { state.future = Number(future.value); draw(false); } },
    ...without.map((_, at) => h("option", { value: at, selected: at === state.future }, t.futureOf(at + 1))));
  let gone = false;

  function draw(quiet: boolean): void {
    const now = tallies[state.passed], before = tallies[state.passed - 1] ?? null;
    const left = without[state.future], right = strong[state.future];
    if (now === undefined || left === undefined || right === undefined) return;
    panels[0].update(now.without, left, start + state.passed + 1);
    panels[1].update(now.strong, right, start + state.passed + 1);
    lines.update(state.passed + 1);
    said.setAttribute("aria-live", quiet ? "off" : "polite");
    tell(said, filmCaption(app, dates[start + state.passed] ?? "", now, before));
    if (state.passed === quarters - 1) conclude(now.without, now.strong);
    else verdict.replaceChildren();
  }

  function conclude(one: Tally, other: Tally): void {
    if (verdict.childElementCount > 0) return;
    verdict.replaceChildren(h("h3", {}, t.beside), h("ul", {}, ...guessCaptions(app, guess, other).map((words) => h("li", {}, words))),
      h("p", {}, worldsCaption(app, one, other)), button(t.again, again));
    if (certain.childElementCount > 0) return;
    certain.replaceChildren(h("p", { role: "status" }, t.counting(MANY)));
    void app.guard(() => sure(app)).then((found) => {
      if (gone) return;
      if (found === undefined) return certain.replaceChildren();
      certain.replaceChildren(sureTable(app, found.without, found.strong), h("p", { class: "note" }, sureCaption(app, found.without, found.strong, MANY)));
    });
  }

  const film = player(app, {
    first: 0, last: quarters - 1, at: () => state.passed,
    show: (at, quiet) => { state.passed = at; draw(quiet); },
    ended: () => bringIntoView(verdict),
    dateOf: (at) => app.f.quarter(dates[start + at] ?? ""),
    speed: { get: () => state.speed, set: (speed) => { state.speed = speed; } },
  });
  draw(true);
  const element = h("div", { class: "film" }, film.element, said, h("div", { class: "two" }, panels[0].element, panels[1].element),
    h("p", { class: "field" }, h("span", {}, t.inside), future), lines.element, verdict, certain, h("p", { class: "note" }, t.how));
  return { element, stop: () => { gone = true; film.stop(); } };
}
