/** A worker: takes tasks one by one and answers each. */

import type { BatchRequest, Changes, Choice, Kept, Run, RunRequest, Seat } from "./contract.js";
import { Model, type Parts } from "./model.js";
import type { SingleRun } from "./run.js";

export type Task =
  | { readonly kind: "start"; readonly parts: Parts; readonly room: number }
  | { readonly kind: "batch"; readonly request: BatchRequest; readonly first: number; readonly last: number; readonly kernel?: string }
  | { readonly kind: "detailed"; readonly request: BatchRequest; readonly kept: Kept; readonly first: number; readonly last: number }
  | { readonly kind: "single"; readonly request: RunRequest; readonly quarters: number | undefined; readonly changes: Changes | undefined }
  | { readonly kind: "begin"; readonly play: number; readonly request: RunRequest; readonly changes: Changes | undefined }
  | { readonly kind: "step"; readonly play: number; readonly choices: readonly Choice[]; readonly quarters: number }
  | { readonly kind: "end"; readonly play: number };

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** What a play shows after a step: of its run what is new (`SingleRun.next`). */
export interface Shown {
  readonly quarter: number;
  readonly finished: boolean;
  readonly run: Run;
  readonly seats: readonly Seat[];
}

function shown(run: SingleRun): Shown {
  return { quarter: run.quarter, finished: run.finished, run: run.next(), seats: run.seats() };
}

class Desk {
  private model: Model | null = null;
  private readonly plays = new Map<number, SingleRun>();

  do(task: Task): unknown {
    if (task.kind === "start") {
      this.model = new Model(task.parts, task.room);
      return null;
    }
    if (this.model === null) throw new Error("the worker has not been started");
    switch (task.kind) {
      case "batch":
        return this.model.batch(task.request, task.first, task.last, task.kernel);
      case "detailed":
        return this.model.detailed(task.request, task.kept, task.first, task.last);
      case "single": {
        const run = this.model.begin(task.request, task.changes);
        run.step([], task.quarters ?? run.quarters);
        return run.run();
      }
      case "begin": {
        const run = this.model.begin(task.request, task.changes);
        this.plays.set(task.play, run);
        return shown(run);
      }
      case "step": {
        const run = this.plays.get(task.play);
        if (run === undefined) throw new Error("the play has ended");
        const taken = run.step(task.choices, task.quarters);
        return { taken, ...shown(run) };
      }
      case "end":
        this.plays.delete(task.play);
        return null;
    }
  }
}

interface Scope {
  onmessage: ((message: MessageEvent<{ id: number; task: Task }>) => void) | null;
  postMessage(answer: Answer): void;
}

export function serve(scope: Scope): void {
  const desk = new Desk();
  scope.onmessage = ({ data: { id, task } }) => {
    try {
      scope.postMessage({ id, result: desk.do(task) });
    } catch (error) {
      scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  };
}
