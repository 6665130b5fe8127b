/** Scene 1: touch a town, and see whom it trusts. */

import type { App } from "../../app/app.js";
import { h, tell } from "../../app/dom.js";
import { NOW } from "../../engine/conventions.js";
import type { Run } from "../../engine/contract.js";
import { drawMap } from "../../map/map.js";
import { trustCaption } from "../captions.js";
import { trusted } from "../facts/trust.js";
import { caption, nameOf, townChoice, type Scene, type Stop } from "../parts.js";
import { regionOf, runOf, townOf } from "../story.js";

function mount(root: HTMLElement, app: App): Stop {
  const t = app.t.story.trust, region = regionOf(app), size = region.municipalities.length;
  const passed = app.engine.catalogue.policyStart;
  let run: Run | undefined;
  const map = drawMap(region, { list: app.t.story.asList, pick: choose });
  const said = caption();
  const field = townChoice(app, choose);
  const select = field.querySelector("select");

  function choose(town: number): void {
    app.set("town", town);
    if (select !== null) select.value = String(town);
    draw();
  }

  function draw(): void {
    if (run === undefined) return;
    const town = townOf(app), facts = trusted(run, size, passed, town);
    map.update({
      title: t.map(nameOf(app, town)),
      chosen: town,
      places: facts.row.map((trust, at) => at === town
        ? { fill: 0.15, text: app.t.story.you, edge: "self", words: t.self(nameOf(app, town)) }
        : { fill: trust, text: app.f.share(trust), words: t.place(nameOf(app, town), nameOf(app, at), app.f.share(trust)) }),
      lines: facts.row.flatMap((trust, at) => (at === town ? [] : [{ from: town, to: at, width: trust }])),
    });
    tell(said, trustCaption(app, town, facts));
  }

  root.append(
    h("div", { class: "words" }, h("p", { class: "lead" }, t.ask), field, said, h("p", { class: "note" }, t.how(app.f.quarter(date(app))))),
    map.element);
  tell(said, app.t.story.running);
  void app.guard(async () => {
    run = await app.engine.single(runOf(app, "report", NOW, 0), { quarters: passed, changes: false });
    draw();
  });
  return () => undefined;
}

function date(app: App): string {
  return app.engine.catalogue.dates[app.engine.catalogue.policyStart] ?? "";
}

export const trust: Scene = { key: "trust", mount };
