/**
 * The sentences of the story. Each is made of numbers of the runs shown: which sentence it is follows from their signs
 * and sizes, so a run that goes against expectation gets the sentence that says so.
 */

import type { App } from "../app/app.js";
import type { Batch, Interval, Play, SelfCheck } from "../engine/contract.js";
import { effectOf, putDownTo, verdictOf, type Spread } from "./facts/promise.js";
import { towards, type Trusted } from "./facts/trust.js";
import { direction, judge, type Tally } from "./facts/worlds.js";
import type { Answer, More } from "./scenes/design.js";
import { nameOf, namesOf, type Guesses, type PromiseState, type TalksState, type Try } from "./story.js";

const join = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join(" ");

export function trustCaption(app: App, town: number, facts: Trusted): string {
  const t = app.t.story.trust, share = (at: number): string => app.f.share(facts.row[at] ?? NaN);
  return join(t.caption(nameOf(app, town), nameOf(app, facts.most), share(facts.most), nameOf(app, facts.least), share(facts.least)),
    facts.half === 0 ? t.nobody(facts.others) : t.half(facts.half, facts.others));
}

export function talksCaption(app: App, state: TalksState, members: number, date: string): string {
  const t = app.t.story.talks, size = app.engine.catalogue.regions[0]?.municipalities.length ?? 0;
  if (state.ended !== null) return endCaption(app, state.ended);
  const where = state.decided === 0 ? t.begin(members, size) : t.going(app.f.quarter(date), state.play.quarter - state.talks.opened, members, size);
  return join(state.refused ? t.refused : "", where);
}

function endCaption(app: App, ended: Try["ended"]): string {
  const t = app.t.story.talks;
  if (ended.ending === "agreed") return t.agreed(ended.quarters, ended.members.length, ended.with);
  return ended.ending === "deadlocked" ? t.deadlocked(ended.quarters) : t.lapsed(ended.quarters);
}

export function tryCaption(app: App, one: Try): string {
  const t = app.t.story.talks;
  return join(one.other !== null ? t.other(one.other === "join") : one.joined === null ? t.waited : t.joinedIn(one.joined), endCaption(app, one.ended));
}

/** Whether the visitor's choice made a difference, once there are two tries that differ. */
export function triesCaption(app: App, tries: readonly Try[]): string {
  const t = app.t.story.talks, { f } = app;
  const last = tries.filter((one) => one.other === null).at(-1), other = [...tries].reverse().find((one) => last !== undefined && (one.joined === null) !== (last.joined === null));
  if (last === undefined) return "";
  if (other === undefined) return t.tryOther;
  if (other.ended.ending !== last.ended.ending) return t.changed;
  const later = last.ended.quarters - other.ended.quarters, more = last.ended.members.length - other.ended.members.length;
  return later === 0 && more === 0 ? t.unchanged : t.otherwise(f.signed(later, 0), f.signed(more, 0));
}

export function promiseCaption(app: App, state: PromiseState, size: number): string {
  const t = app.t.story.promise, { quarter, promise } = state;
  const choice = state.choice ?? "keep", { run } = choice === "break" ? state.broke : state.keep;
  const effect = effectOf(run, size, promise, state.judged[choice]), verdict = verdictOf(run, promise, quarter)?.verdict ?? null;
  const told = verdict === null ? t.untold : verdict === "broken" && state.choice === "keep" ? t.brokenAnyway : t.verdicts[verdict];
  const cause = verdict === "broken" ? "broken_promise" : "kept_promise";
  const because = putDownTo(run, promise, state.judged[choice], cause);
  return join(told, t.effect(effect.each.length, effect.rose, effect.fell, app.f.share(effect.before, 1), app.f.share(effect.after, 1)),
    because > 0 ? t.because[cause](because) : "", verdict === "broken" && rises(state, effect, size) ? t.despite : "");
}

/** Whether trust rises though the promise was broken, and less than if it had been kept. */
function rises({ promise, judged, keep }: PromiseState, broke: { before: number; after: number }, size: number): boolean {
  return broke.after > broke.before && effectOf(keep.run, size, promise, judged.keep).after > broke.after;
}

/** Which of the two weighs more, as it is shown: to a tenth of a point. */
export function costCaption(app: App, state: PromiseState, size: number): string {
  const t = app.t.story.promise;
  const kept = effectOf(state.keep.run, size, state.promise, state.judged.keep);
  const broke = effectOf(state.broke.run, size, state.promise, state.judged.break);
  const tenth = (share: number): number => Math.round(1000 * share) / 1000;
  const gain = tenth(kept.after - kept.before), loss = tenth(broke.before - broke.after);
  const trust = (play: Play): number => towards(play.run.trust, size, play.quarter, state.promise.town, state.promise.partners);
  // rounded as its two parts are, where it is no more than these
  const together = tenth(gain + loss), after = tenth(trust(state.keep) - trust(state.broke));
  const rest = Math.abs(after - together) < 0.0015 ? together : after, apart = t.apart(Math.sign(rest) as -1 | 0 | 1, app.f.number(100 * Math.abs(rest), 1));
  const both = join(t.both(app.f.points(gain), app.f.points(-loss)), apart);
  if (gain > 0 && loss > gain) return join(both, t.dearer(app.f.number(loss / gain, 1)));
  if (gain > 0 && loss > 0) return join(both, t.cheaper);
  if (loss > 0) return join(both, t.onlyLoss);
  return join(both, t.noLoss);
}

export function retoldCaption(app: App, spread: Spread, quarters: number): string {
  const t = app.t.story.retold;
  const heard = spread.heard.length;
  return join(t.caption(quarters, app.f.points(spread.partners), app.f.points(spread.absent)),
    heard === 0 ? t.nobody : t.heard(heard, namesOf(app, spread.heard)));
}

/** What follows once those who were not there have heard of it, and of how many the run says that it was retold. */
export function retoldNote(app: App, state: PromiseState, spread: Spread, quarters: number): string {
  const t = app.t.story.retold;
  const retold = new Set(state.broke.run.changes.filter((one) => one.quarter >= state.quarter && one.quantity === "grievance" && one.cause === "retold"
    && one.target === state.town && state.promise.absent.includes(one.source)).map((one) => one.source)).size;
  if (quarters === 0 || spread.heard.length === 0) return "";
  return join(t.known, retold > 0 ? t.cause(retold) : "");
}

export function anchorCaption(app: App, now: Tally, futures: number): string {
  const each = (sum: number): string => app.f.number(sum / futures, 1);
  return app.t.story.worlds.anchor(now.foundedCount, futures, each(now.agreements), each(now.deadlocks));
}

export function filmCaption(
  app: App, date: string, now: { without: Tally; strong: Tally }, before: { without: Tally; strong: Tally } | null,
): string {
  const t = app.t.story.worlds;
  const row = (one: Tally): string => t.sofar(one.foundedCount, one.founded.length,
    app.f.number(one.agreements / one.founded.length, 1), app.f.number(one.deadlocks / one.founded.length, 1));
  const fresh = (one: Tally, then: Tally | undefined): number => one.deadlocks - (then?.deadlocks ?? 0);
  return join(t.frame(app.f.quarter(date), row(now.without), row(now.strong)),
    t.fresh(fresh(now.without, before?.without), fresh(now.strong, before?.strong)));
}

export function guessCaptions(app: App, guess: Guesses, strong: Tally): string[] {
  const t = app.t.story.worlds, futures = strong.founded.length;
  const one = (name: string, guessed: number, outcome: number, near: number, digits: number): string =>
    t.guessed(name, app.f.number(guessed), app.f.number(outcome, digits), t.judged[judge(guessed, outcome, near)]);
  return [
    one(t.names.founded(futures), guess.founded, strong.foundedCount, 2, 0),
    one(t.names.agreements, guess.agreements, Math.round((10 * strong.agreements) / futures) / 10, 1, 1),
    one(t.names.deadlocks, guess.deadlocks, Math.round((10 * strong.deadlocks) / futures) / 10, 1, 1),
  ];
}

export function worldsCaption(app: App, without: Tally, strong: Tally): string {
  const t = app.t.story.worlds, futures = without.founded.length;
  const number = (value: number): string => app.f.number(value, 1), share = (value: number): string => app.f.share(value, 1);
  const compare = (less: number, more: number, digits: number, write: (value: number) => string): [-1 | 0 | 1, string, string] =>
    [direction(less, more, digits), write(more), write(less)];
  const each = (sum: (one: Tally) => number): [-1 | 0 | 1, string, string] => compare(sum(without) / futures, sum(strong) / futures, 1, number);
  return join(t.lesson([
    t.moves.founded(...compare(without.foundedCount, strong.foundedCount, 0, (value) => app.f.number(value))),
    t.moves.agreements(...each((one) => one.agreements)),
    t.moves.deadlocks(...each((one) => one.deadlocks)),
    t.moves.completed(...each((one) => one.completed)),
    t.moves.value(...compare(without.value, strong.value, 3, share)),
  ]), t.only);
}

/** Whether an interval lies above 0, below 0, or has it in. */
export function side(gap: Interval): -1 | 0 | 1 {
  if (gap.low > 0) return 1;
  return gap.high < 0 ? -1 : 0;
}

export function sureCaption(app: App, without: Batch, strong: Batch, futures: number): string {
  const t = app.t.story.worlds;
  const names = Object.keys(t.rows) as (keyof typeof t.rows)[];
  const clear = names.filter((name) => side(app.statistics.between(strong, 0, without, 0, name)) !== 0);
  const unclear = names.filter((name) => !clear.includes(name));
  const words = (some: typeof names): string => app.f.list(some.map((name) => t.rows[name].toLowerCase()));
  return join(t.paired(futures), clear.length > 0 ? t.clear(words(clear)) : "", unclear.length > 0 ? t.unclear(words(unclear)) : "");
}

const AS: Readonly<Record<-1 | 0 | 1, More>> = { "-1": "less", 0: "same", 1: "more" };

export function designCaptions(app: App, label: string, found: Answer, guess: { founded: number; more: More }): string[] {
  const t = app.t.story.design, percent = Math.round(100 * found.founded);
  const came = AS[side(found.value.founded)], decided = AS[side(found.value.decided)];
  const points = (gap: Interval): string => app.f.points(gap.mean);
  const lesson = came === "more" && found.founded < 1 && found.value.decided.mean < found.value.founded.mean ? t.comeFirst : "";
  return [
    t.guessed(app.f.number(guess.founded), app.f.number(percent), app.t.story.worlds.judged[judge(guess.founded, percent, 5)]),
    t.came[came](label, points(found.value.founded)),
    came === guess.more ? t.right : t.wrong(t.mores[guess.more].toLowerCase()),
    t.decided[decided](points(found.value.decided)),
    lesson,
  ].filter((words) => words !== "");
}

/** What the catalogue and the check say of how sure the page is. */
export function assumedNumbers(app: App, check: SelfCheck): string[] {
  const t = app.t.story.assumed, { catalogue } = app.engine;
  return [
    t.sets(catalogue.replicatesPerSet),
    check.same ? t.same(app.f.number(check.compared)) : t.differs(app.f.number(check.different), app.f.number(check.compared)),
    t.version(catalogue.version, catalogue.digest.slice(0, 8)),
  ];
}
