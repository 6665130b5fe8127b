/** Scene 4: what became of the promise is told on, and reaches towns that were not there. */

import type { App } from "../../app/app.js";
import { h, tell } from "../../app/dom.js";
import { drawMap } from "../../map/map.js";
import { retoldCaption, retoldNote } from "../captions.js";
import { promiseOf } from "../example.js";
import { HEARD, spreadOf } from "../facts/promise.js";
import { button, caption, nameOf, type Scene, type Stop } from "../parts.js";
import { regionOf, type PromiseState } from "../story.js";

/** Quarters that it can be told on at most. */
const LONGEST = 12;

function mount(root: HTMLElement, app: App): Stop {
  const t = app.t.story.retold, region = regionOf(app), size = region.municipalities.length;
  const about = h("p", { class: "lead" }, t.looking), said = caption(), note = h("p", { class: "lesson" });
  const on = button(t.tell, () => void app.guard(further), { kind: "main" });
  const map = drawMap(region, { list: app.t.story.asList });
  let state: PromiseState | null = null, gone = false, busy = false;

  /** Quarters since the promise, as far as it has been told on. */
  const told = (one: PromiseState): number => one.keep.quarter - Math.max(one.judged.keep, one.judged.break) - 1;

  async function further(): Promise<void> {
    const one = state;
    if (one === null || busy || told(one) >= LONGEST || one.keep.finished) return;
    busy = true;
    try {
      // one that went on by itself, as the other was lost, waits
      if (one.keep.quarter <= one.broke.quarter) await one.keep.step();
      if (one.broke.quarter < one.keep.quarter) await one.broke.step();
    } finally {
      busy = false;
    }
    draw();
  }

  function draw(): void {
    if (state === null || gone) return;
    const one = state, you = nameOf(app, one.town);
    const spread = spreadOf(one.keep.run, one.broke.run, size, one.promise, one.keep.quarter);
    tell(about, t.about(you, one.promise.partners.length, one.promise.absent.length));
    map.update({
      title: t.map(you),
      places: region.municipalities.map((place, at) => {
        if (at === one.town) return { fill: 0.15, text: app.t.story.you, edge: "self", words: t.self(you) };
        const more = spread.more[at] ?? 0, there = one.promise.partners.includes(at);
        return { fill: Math.max(0, more) * 8, text: app.f.points(more), edge: there ? "part" : "away",
          words: (there ? t.there : t.away)(place.name, app.f.points(more)) };
      }),
      lines: region.municipalities.flatMap((_, at) => {
        const more = at === one.town ? 0 : (spread.more[at] ?? 0);
        return more >= HEARD ? [{ from: at, to: one.town, width: Math.min(1, more * 6) }] : [];
      }),
    });
    tell(said, retoldCaption(app, spread, told(one)));
    tell(note, retoldNote(app, one, spread, told(one)));
    on.disabled = told(one) >= LONGEST || one.keep.finished;
  }

  root.append(h("div", { class: "words" }, about, h("div", { class: "choices" }, on), said, note, h("p", { class: "note" }, t.how)), map.element);
  void app.guard(async () => {
    state = await promiseOf(app);
    if (state === null) tell(about, app.get("town") === null ? app.t.story.promise.none : app.t.story.promise.nothing);
    on.disabled = state === null;
    draw();
  });
  return () => { gone = true; };
}

export const retold: Scene = { key: "retold", mount };
