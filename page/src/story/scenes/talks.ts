/** Scene 2: join a regional initiative or wait, quarter by quarter, until there is an agreement or a deadlock. */

import type { App } from "../../app/app.js";
import { h, tell } from "../../app/dom.js";
import type { Choice } from "../../engine/contract.js";
import { drawMap } from "../../map/map.js";
import { talksCaption, tryCaption, triesCaption } from "../captions.js";
import { endOf, openTalks, seatsAt } from "../facts/talks.js";
import { button, caption, lookedFor, nameOf, townChoice, type Scene, type Stop } from "../parts.js";
import { labelOf, lookFor, newStory, playTo, regionOf, townOf, type Story, type TalksState } from "../story.js";

const QUARTERS = 12;

/** Talks at which the visitor's town can still join; null if no replicate has any. */
async function find(app: App, town: number): Promise<TalksState | null> {
  const size = regionOf(app).municipalities.length;
  const found = await lookFor(app, QUARTERS, (play) => openTalks(play, size, town));
  return found === null ? null : {
    town, replicate: found.replicate, tried: found.tried, start: found.play.quarter, talks: found.found, play: found.play,
    decided: 0, joined: null, refused: false, ended: null,
  };
}

function seated(state: TalksState): number[] {
  return seatsAt(state.play.seats, state.talks.arena, state.talks.theme).filter((one) => one.committed).map((one) => one.municipality);
}

/** Let the model play one quarter with the visitor's choice. */
async function decide(state: TalksState, decision: Choice["decision"]): Promise<void> {
  const { arena, theme } = state.talks;
  const [taken] = await state.play.step([{ municipality: state.town, arena, theme, decision }]);
  state.decided += 1;
  state.refused = taken !== undefined && !taken.taken;
  if (seated(state).includes(state.town)) state.joined ??= state.decided;
  else state.joined = null;
  state.ended = endOf(state.play.run, state.talks, state.town);
}

/** Note how the talks ended, and with the same luck how they end if the town does the other thing from the first quarter on. */
async function conclude(app: App, story: Story, state: TalksState): Promise<void> {
  const { ended } = state;
  if (ended === null) return;
  const mine = { other: null, joined: state.joined ?? (ended.with ? state.decided : null), ended };
  story.tries.push(mine);
  const does = mine.joined === null ? "join" : "wait";
  if (story.tries.some((one) => one.other === does)) return;
  const play = await playTo(app, state.replicate, state.start, false), other = { ...state, play, decided: 0, joined: null, refused: false, ended: null };
  while (other.ended === null && !play.finished) await decide(other, does === "wait" ? "wait" : seated(other).includes(other.town) ? "stay" : "join");
  play.end();
  const end: TalksState = other;
  if (end.ended !== null) story.tries.push({ other: does, joined: end.joined ?? (end.ended.with ? end.decided : null), ended: end.ended });
}

function mount(root: HTMLElement, app: App): Stop {
  const t = app.t.story.talks, story = app.keep("story", newStory), region = regionOf(app);
  const said = caption(), compared = h("p", { class: "lesson" }), tries = h("ol", { class: "tries" });
  const choices = h("div", { class: "choices" }), about = h("p", { class: "lead" }, t.looking), found = h("div");
  const map = drawMap(region, { list: app.t.story.asList });
  let gone = false;

  function draw(): void {
    const state = story.talks;
    if (state === null || gone) return;
    const label = labelOf(app, state.play.run, state.talks.arena, state.talks.theme);
    const members = state.ended?.ending === "agreed" ? state.ended.members : seated(state);
    tell(about, t.about(nameOf(app, state.town), label.theme, label.arena));
    found.replaceChildren(lookedFor(app, state.replicate, { tried: state.tried }));
    map.update({
      title: t.map(members.length, region.municipalities.length),
      places: region.municipalities.map((one, at) => {
        const inside = members.includes(at), self = at === state.town;
        return { fill: inside ? 1 : 0, text: inside ? "✓" : "…", ...(self ? { edge: "self" as const } : {}),
          words: (inside ? t.inside : t.outside)(self ? `${one.name} (${app.t.story.you})` : one.name) };
      }),
    });
    tell(said, talksCaption(app, state, members.length, app.engine.catalogue.dates[state.play.quarter - 1] ?? ""));
    tries.replaceChildren(...story.tries.map((one) => h("li", {}, tryCaption(app, one))));
    tell(compared, triesCaption(app, story.tries));
    offer(state);
  }

  function offer(state: TalksState): void {
    const act = (text: string, decision: Choice["decision"]): HTMLButtonElement => button(text, () => run(async () => {
      await decide(state, decision);
      await conclude(app, story, state);
    }));
    const inside = seated(state).includes(state.town);
    if (state.ended !== null) choices.replaceChildren(button(t.again, () => run(() => again(state)), { kind: "main" }));
    else if (inside) choices.replaceChildren(act(t.stay, "stay"), act(t.withdraw, "withdraw"));
    else choices.replaceChildren(act(t.join, "join"), act(t.wait, "wait"));
  }

  async function again(state: TalksState): Promise<void> {
    state.play.end();
    story.talks = { ...state, play: await playTo(app, state.replicate, state.start, false), decided: 0, joined: null, refused: false, ended: null };
  }

  function run(work: () => Promise<void>): void {
    const at = [...choices.children].findIndex((one) => one === document.activeElement);
    for (const one of choices.querySelectorAll("button")) one.disabled = true;
    void app.guard(work).then(() => {
      draw();
      if (at >= 0) (choices.children[Math.min(at, choices.children.length - 1)] as HTMLElement | undefined)?.focus();
    });
  }

  async function start(town: number): Promise<void> {
    if (story.talks?.town === town) return;
    story.talks?.play.end();
    Object.assign(story, { talks: null, tries: [] });
    story.talks = await find(app, town);
    if (story.talks === null) tell(about, t.nothing);
  }

  const field = townChoice(app, (town) => { app.set("town", town); run(() => start(town)); });
  root.append(h("div", { class: "words" }, about, field, choices, said, tries, compared, found, h("p", { class: "note" }, t.how)), map.element);
  run(() => start(townOf(app)));
  return () => { gone = true; };
}

export const talks: Scene = { key: "talks", mount };
