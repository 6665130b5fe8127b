/** Plays a film of quarters: play, pause, step, speed and a slider over time. A hidden page does not play. */

import type { App } from "../app/app.js";
import { h } from "../app/dom.js";
import { button, slider, slideTo } from "./parts.js";

/** Milliseconds per quarter at speed 1. */
const BEAT = 700;
const SPEEDS = [0.5, 1, 2, 4] as const;

export interface Film {
  readonly first: number;
  readonly last: number;
  readonly at: () => number;
  /** Show a frame; `quiet` while it plays, so that a screen reader is not talked over. */
  readonly show: (at: number, quiet: boolean) => void;
  /** It was played to its end, or taken there by the button. */
  readonly ended?: () => void;
  readonly dateOf: (at: number) => string;
  readonly speed: { get(): number; set(speed: number): void };
}

export interface Player {
  readonly element: HTMLElement;
  stop(): void;
}

export function player(app: App, film: Film): Player {
  const t = app.t.story.player;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const time = slider(t.time, film.first, film.last, film.at(), film.dateOf, (at) => { pause(); go(at, false); });
  const play = button(t.play, () => (timer === null ? start() : pause()), { kind: "main" });
  const speed = h("select", { "aria-label": t.speed, change: () => film.speed.set(Number(speed.value)) },
    ...SPEEDS.map((one) => h("option", { value: one, selected: one === film.speed.get() }, t.times(app.f.number(one, one < 1 ? 1 : 0)))));

  function go(at: number, quiet: boolean): void {
    const inside = Math.min(film.last, Math.max(film.first, at));
    slideTo(time.input, inside, film.dateOf(inside));
    mark(inside);
    film.show(inside, quiet);
  }

  /** Say which way there is nothing left; not `disabled`, which would take the focus from a reader that steps by keyboard. */
  function mark(at: number): void {
    back.setAttribute("aria-disabled", String(at <= film.first));
    on.setAttribute("aria-disabled", String(at >= film.last));
  }

  function beat(): void {
    go(film.at() + 1, film.at() + 1 < film.last);
    timer = null;
    if (film.at() < film.last) timer = setTimeout(beat, BEAT / film.speed.get());
    else {
      pause();
      film.ended?.();
    }
  }

  function start(): void {
    if (film.at() >= film.last) go(film.first, true);
    play.textContent = t.pause;
    timer = setTimeout(beat, BEAT / film.speed.get());
  }

  function pause(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    play.textContent = t.play;
    film.show(film.at(), false);
  }

  const step = (by: number) => (): void => { pause(); go(film.at() + by, false); };
  const hidden = (): void => { if (document.hidden && timer !== null) pause(); };
  document.addEventListener("visibilitychange", hidden);
  const unless = (spent: () => boolean, act: () => void) => (): void => { if (!spent()) act(); };
  const back = button(t.stepBack, unless(() => film.at() <= film.first, step(-1)));
  const on = button(t.step, unless(() => film.at() >= film.last, step(1)));
  const end = button(t.end, () => { pause(); go(film.last, false); film.ended?.(); });
  mark(film.at());
  const element = h("div", { class: "player" }, h("div", { class: "choices" },
    play, back, on, end, speed), time.element);
  return {
    element,
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      document.removeEventListener("visibilitychange", hidden);
    },
  };
}
