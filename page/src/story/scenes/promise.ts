/** Scene 3: keep a promise or break it, and see what the partners make of it. */

import type { App } from "../../app/app.js";
import { h, tell } from "../../app/dom.js";
import { drawMap, type Place } from "../../map/map.js";
import { costCaption, promiseCaption } from "../captions.js";
import { promiseOf } from "../example.js";
import { effectOf, type Effect } from "../facts/promise.js";
import { button, caption, lookedFor, nameOf, townChoice, type Scene, type Stop } from "../parts.js";
import { labelOf, regionOf, type PromiseState } from "../story.js";

function places(app: App, state: PromiseState, effect: Effect, shown: boolean): Place[] {
  const t = app.t.story.promise, you = nameOf(app, state.town);
  return regionOf(app).municipalities.map((one, at) => {
    const partner = effect.each.find((row) => row.partner === at);
    if (at === state.town) return { fill: 0.15, text: app.t.story.you, edge: "self", words: t.self(you) };
    if (partner === undefined) return { fill: 0, text: "–", edge: "away", words: t.away(one.name) };
    const trust = shown ? partner.after : partner.before;
    return { fill: trust, text: app.f.share(trust), edge: "part",
      words: shown ? t.change(one.name, you, app.f.share(partner.before), app.f.share(partner.after)) : t.place(one.name, you, app.f.share(trust)) };
  });
}

function mount(root: HTMLElement, app: App): Stop {
  const t = app.t.story.promise, region = regionOf(app), size = region.municipalities.length;
  const about = h("p", { class: "lead" }, t.looking), choices = h("div", { class: "choices" });
  const said = caption(), cost = h("p", { class: "lesson", role: "status" }), found = h("div");
  const map = drawMap(region, { list: app.t.story.asList });
  let state: PromiseState | null = null, gone = false;

  function draw(): void {
    if (state === null || gone) return;
    const one = state, choice = one.choice ?? "keep", play = choice === "break" ? one.broke : one.keep;
    const effect = effectOf(play.run, size, one.promise, one.judged[choice]), label = labelOf(app, play.run, one.promise.seat.arena, one.promise.seat.theme);
    tell(about, t.about(nameOf(app, one.town), label.theme, label.arena, one.promise.partners.length, app.f.number(one.promise.seat.promised, 1)));
    found.replaceChildren(lookedFor(app, one.replicate, one.looked));
    const shown = one.choice !== null;
    map.update({
      title: shown ? t.mapAfter(nameOf(app, one.town)) : t.map(nameOf(app, one.town)),
      places: places(app, one, effect, shown),
      lines: effect.each.map((row) => ({ from: row.partner, to: one.town, width: shown ? row.after : row.before })),
    });
    tell(said, shown ? promiseCaption(app, one, size) : "");
    tell(cost, one.both ? costCaption(app, one, size) : "");
    offer(one);
  }

  function offer(one: PromiseState): void {
    const choose = (choice: "keep" | "break", both: boolean) => (): void => {
      Object.assign(one, { choice, both: one.both || both });
      draw();
      choices.querySelector("button")?.focus();
    };
    if (one.choice === null) choices.replaceChildren(button(t.keep, choose("keep", false)), button(t.break, choose("break", false)));
    else choices.replaceChildren(one.choice === "keep" ? button(t.alsoBreak, choose("break", true), { kind: "main" })
      : button(t.alsoKeep, choose("keep", true), { kind: "main" }));
  }

  async function start(): Promise<void> {
    tell(about, t.looking);
    choices.replaceChildren();
    state = await promiseOf(app);
    if (gone) return;
    if (state === null) tell(about, app.get("town") === null ? t.none : t.nothing);
    if (state !== null && select !== null) select.value = String(state.town);
    most.hidden = state !== null && "towns" in state.looked;
    draw();
  }

  /** The town with which the choice shows most becomes that of the visitor. */
  async function search(): Promise<void> {
    app.set("town", null);
    await start();
    if (state !== null && !gone) app.set("town", state.town);
  }

  const most = button(t.search, () => void app.guard(search));
  const field = townChoice(app, (town) => { app.set("town", town); void app.guard(start); });
  const select = field.querySelector("select");
  most.hidden = true;
  root.append(h("div", { class: "words" }, about, field, most, choices, said, cost, found, h("p", { class: "note" }, t.how)), map.element);
  void app.guard(start);
  return () => { gone = true; };
}

export const promise: Scene = { key: "promise", mount };
