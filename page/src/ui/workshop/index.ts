/** The workshop: a table of aldermen, one projector, and phones without network. */

import type { App, Mounted, Section } from "../../app/app.js";
import { h } from "../../app/dom.js";
import { hold } from "./hold.js";
import { play } from "./play.js";
import { closing, roles } from "./sheets.js";
import { wordsOf } from "./state.js";
import { WORDS } from "./texts.js";
import { votes } from "./votes.js";

function mount(root: HTMLElement, app: App): Mounted {
  const w = wordsOf(app), parts = [roles(app), votes(app), play(app), hold(app), closing(app)];
  root.append(h("h2", { tabindex: -1 }, w.title), h("p", { class: "lead" }, w.lead), ...parts.map((one) => one.element));
  return { unmount: () => { for (const one of parts) one.stop(); } };
}

export const workshop: Section = { name: "workshop", title: () => WORDS.en.title, mount };
