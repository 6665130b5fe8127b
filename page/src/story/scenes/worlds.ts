/** Scene 5: predict, then see two worlds with the same luck: one without the undercurrent, one in which it is strong. */

import type { App } from "../../app/app.js";
import { h, tell } from "../../app/dom.js";
import type { Run } from "../../engine/contract.js";
import { anchorCaption } from "../captions.js";
import { tally, type Tally } from "../facts/worlds.js";
import { allGuessed, button, guess, type Scene, type Stop } from "../parts.js";
import { BUREAU, newStory, runOf, type WorldsState } from "../story.js";
import { showWorlds } from "./film.js";

export const FUTURES = 20;

/** The same futures in a world with this undercurrent; each has another parameter set, which consecutive ones would share. */
function futures(app: App, level: string, signal: AbortSignal): Promise<Run[]> {
  return Promise.all(Array.from({ length: FUTURES }, (_, at) =>
    app.engine.single(runOf(app, level, BUREAU, at * app.engine.catalogue.replicatesPerSet), { signal, changes: false })));
}

/** Per future, as a visitor predicts it. */
function atEnd(app: App, runs: readonly Run[]): Tally {
  const { dates, policyStart } = app.engine.catalogue;
  return tally(runs, dates.length, policyStart);
}

function predict(app: App, state: WorldsState, without: readonly Run[], done: () => void): HTMLElement {
  const t = app.t.story.worlds, now = atEnd(app, without);
  const top = Math.max(15, ...[now.agreements, now.deadlocks].map((sum) => Math.ceil((2 * sum) / FUTURES)));
  const number = (value: number): string => app.f.number(value);
  const founded = guess(app, t.guessFounded, 0, FUTURES, (value) => t.of(number(value), FUTURES));
  const agreements = guess(app, t.guessAgreements, 0, top, number), deadlocks = guess(app, t.guessDeadlocks, 0, top, number);
  const all = [founded, agreements, deadlocks], note = h("p", { class: "note", role: "status" });
  const pull = (): void => {
    if (!allGuessed(app, all, note)) return;
    state.guess = { founded: founded.value() ?? NaN, agreements: agreements.value() ?? NaN, deadlocks: deadlocks.value() ?? NaN };
    done();
  };
  const answered = (): void => { if (all.every((one) => one.value() !== null)) tell(note, ""); };
  for (const { input } of all) for (const what of ["input", "click"]) input.addEventListener(what, answered);
  return h("div", { class: "words predict" }, h("p", { class: "caption" }, anchorCaption(app, now, FUTURES)), h("p", { class: "lead" }, t.predict),
    ...all.map((one) => one.element), h("div", { class: "choices" }, button(t.pull, pull, { kind: "main" })), note);
}

function mount(root: HTMLElement, app: App): Stop {
  const t = app.t.story.worlds, state = app.keep("story", newStory).worlds;
  const waiting = h("p", { class: "lead", role: "status" }, t.running(FUTURES));
  const control = new AbortController(), { signal } = control;
  let stop: Stop = () => undefined;

  async function next(): Promise<void> {
    root.replaceChildren(h("p", { class: "lead" }, t.ask(app.say(bureau(app)))), waiting);
    state.without ??= await futures(app, "absent", signal);
    if (signal.aborted) return;
    const { without } = state;
    if (state.guess === null) {
      waiting.replaceWith(predict(app, state, without, () => void app.guard(next)));
      return;
    }
    tell(waiting, t.running(FUTURES));
    state.strong ??= await futures(app, "strong", signal);
    if (signal.aborted) return;
    const film = showWorlds(app, state, without, state.strong, state.guess, () => {
      stop();
      Object.assign(state, { guess: null, passed: 0 });
      void app.guard(next);
    });
    stop = film.stop;
    waiting.replaceWith(film.element);
  }

  void app.guard(next);
  return () => { control.abort(); stop(); };
}

function bureau(app: App): { nl: string; en: string } {
  return app.engine.catalogue.designs.find((one) => one.name === BUREAU)?.label ?? { nl: BUREAU, en: BUREAU };
}

export const worlds: Scene = { key: "worlds", mount };
