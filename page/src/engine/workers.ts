/** The workers of a page: each has its own memory and does one task at a time. */

import type { EngineError } from "./contract.js";
import { barred, stopped } from "./failure.js";
import type { Parts } from "./model.js";
import type { Answer, Task } from "./worker.js";

interface Waiting {
  readonly task: Task;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

/** Milliseconds of a beat, and beats after which a worker that says nothing is lost: a task takes tenths of a second. */
const BEAT = 1000, PATIENCE = 30;
/** Workers that may be lost one after the other before any of them has started. */
const TRIES = 3;

class Bench {
  readonly own: Waiting[] = [];
  busy: Waiting | null = null;
  worker: Worker | null = null;
  /** Why no worker starts here. */
  private broken: EngineError | null = null;
  private lost = 0;
  private started = false;
  private watch: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly make: () => Worker, private readonly parts: Parts, private readonly free: (bench: Bench) => void) {
    this.start();
  }

  private start(): void {
    this.started = false;
    try {
      const worker = this.make();
      worker.onmessage = ({ data }: MessageEvent<Answer>) => { if (worker === this.worker) this.heard(data); };
      worker.onerror = (event) => this.lose(event.message || "the worker has stopped");
      worker.postMessage({ id: -1, task: { kind: "start", parts: this.parts } satisfies Task });
      this.worker = worker;
    } catch (error) {
      this.broken = barred(String(error));
    }
  }

  private heard({ id, error, result }: Answer): void {
    if (id < 0) {
      this.started = true;
      this.lost = 0;
      if (error !== undefined) this.broken = stopped(error);
      return;
    }
    const done = this.rested();
    if (error !== undefined) done?.reject(stopped(error));
    else done?.resolve(result);
    this.free(this);
  }

  private rested(): Waiting | null {
    clearInterval(this.watch);
    const done = this.busy;
    this.busy = null;
    return done;
  }

  /** A worker is gone, and its plays with its memory; the next task gets a new one. */
  private lose(reason: string): void {
    const task = this.rested(), { started } = this;
    this.worker?.terminate();
    this.lost += 1;
    if (this.lost < TRIES) this.start();
    else this.broken = barred(reason);
    if (started) task?.reject(stopped(reason));
    else if (task !== null) this.own.unshift(task); // nobody has begun with it
    this.free(this);
  }

  give(waiting: Waiting): void {
    if (this.broken !== null || this.worker === null) return waiting.reject(this.broken);
    this.busy = waiting;
    this.worker.postMessage({ id: 0, task: waiting.task });
    // a page that sleeps has no beats, so that its workers are not lost when it wakes
    let beats = 0;
    this.watch = setInterval(() => {
      beats += 1;
      if (beats >= PATIENCE) this.lose("the worker does not answer");
    }, BEAT);
  }

  close(): void {
    clearInterval(this.watch);
    this.worker?.terminate();
  }
}

export class Workers {
  private readonly benches: readonly Bench[];
  private readonly shared: Waiting[] = [];
  /** Done when nothing else waits. */
  private readonly rest: Waiting[] = [];
  private next = 0;

  constructor(count: number, make: () => Worker, parts: Parts) {
    this.benches = Array.from({ length: count }, () => new Bench(make, parts, (bench) => this.feed(bench)));
  }

  get count(): number {
    return this.benches.length;
  }

  private feed(bench: Bench): void {
    if (bench.busy !== null) return;
    const next = (): Waiting | undefined => bench.own.shift() ?? this.shared.shift() ?? this.rest.shift();
    for (let waiting = next(); waiting; waiting = next()) {
      if (!waiting.signal?.aborted) bench.give(waiting);
      if (bench.busy !== null) return;
    }
  }

  /** Do a task on the worker with this number, or on the first that is free. */
  do(task: Task, signal?: AbortSignal, on?: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      const bench = on === undefined ? undefined : this.benches[on % this.benches.length];
      (bench?.own ?? this.shared).push({ task, resolve, reject, signal });
      for (const one of bench ? [bench] : this.benches) this.feed(one);
    });
  }

  /** Do a task when a worker has nothing else to do. */
  later(task: Task): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.rest.push({ task, resolve, reject, signal: undefined });
      for (const one of this.benches) this.feed(one);
    });
  }

  /** Number of the worker for the next play. */
  turn(): number {
    return this.next++ % this.benches.length;
  }

  close(): void {
    for (const bench of this.benches) bench.close();
  }
}
