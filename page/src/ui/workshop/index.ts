/** The workshop: a table of aldermen, one projector, and phones without network. */

import type { App, Mounted, Section } from "../../app/app.js";
import { h } from "../../app/dom.js";
import { closing, roles } from "./sheets.js";
import { wordsOf } from "./state.js";
import { WORDS } from "./texts.js";
import { votes } from "./votes.js";
import { hold, play } from "./play.js";

function mount(root: HTMLElement, app: App): Mounted {
  const w = wordsOf(app);
  root.append(h("h2", {}, w.title), h("p", { class: "lead" }, w.lead), roles(app), votes(app), play(app), hold(app), closing(app));
  return { unmount: () => undefined };
}

export const workshop: Section = { name: "workshop", title: () => WORDS.en.title, mount };
