/** What the municipalities make of a design: the vote, the price in staff, each municipality, and each card. */

import type { App } from "../app/app.js";
import { h, tell } from "../app/dom.js";
import { OWN, type Choices } from "../sandbox/state.js";
import { FEW, MANY, townFacts, townTable, type TownFacts } from "../sandbox/towns.js";
import { wholeWords, worths, worthTable } from "./worth.js";

/** Milliseconds without another change before the model is asked. */
const CALM = 400;

export class Answer {
  private readonly status = h("p", { class: "note", role: "status" });
  private readonly out = h("div");
  readonly element: HTMLElement;
  private control = new AbortController();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly app: App, private readonly choices: Choices) {
    this.element = h("section", { class: "answer" }, h("h3", {}, app.t.builder.answer), this.status, this.out);
  }

  /** Forget the last answer, and stop what goes on for the next. */
  clear(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.control.abort();
    this.out.replaceChildren();
    this.element.removeAttribute("aria-busy");
    tell(this.status, "");
  }

  /** Ask the model once the visitor has come to rest. */
  soon(): void {
    this.clear();
    this.element.setAttribute("aria-busy", "true");
    tell(this.status, this.app.t.builder.counting);
    this.timer = setTimeout(() => void this.begin(), CALM);
  }

  private async begin(): Promise<void> {
    const control = (this.control = new AbortController());
    const answered = await this.app.guard(() => this.ask(control.signal).then(() => true));
    if (answered === undefined && !control.signal.aborted) this.clear(); // the page says why there is no answer
  }

  private async ask(signal: AbortSignal): Promise<void> {
    const { app, choices } = this, design = choices.own;
    if (design === null) return;
    const [facts, found] = await Promise.all([townFacts(app, choices, OWN, signal), worths(app, choices, design, signal)]);
    if (signal.aborted) return;
    this.out.replaceChildren(
      h("div", { class: "caption", role: "status" }, h("p", {}, this.founded(facts)), h("p", {}, wholeWords(app, found))),
      townTable(app, choices, OWN, facts), h("p", { class: "note" }, app.t.sandbox.townsHow(FEW)), ...worthTable(app, design, found));
    this.element.removeAttribute("aria-busy");
    tell(this.status, "");
  }

  private founded({ batch, votes }: TownFacts): string {
    const { app } = this, t = app.t.builder, voted = votes.some((run) => run.votes.some((vote) => vote.question === "founding"));
    const share = app.statistics.mean(app.statistics.column(batch, "adopted", 0));
    if (voted) return t.founded(app.f.share(share), MANY);
    return share < 1 ? `${t.noVote} ${t.takenOn(app.f.share(share), MANY)}` : t.noVote;
  }
}
