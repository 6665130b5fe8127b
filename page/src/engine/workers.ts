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
/** Bytes in which all workers together keep what they have run. */
const ROOM = 160 * 2 ** 20;
/** Workers that may be lost one after the other before any of them has started. */
const TRIES = 3;

class Bench {
  readonly own: Waiting[] = [];
  /** What it does sooner than others, as it has done much of it before; one that is free takes it all the same. */
  readonly near: Waiting[] = [];
  busy: Waiting | null = null;
  worker: Worker | null = null;
  /** Why no worker starts here. */
  private broken: EngineError | null = null;
  private lost = 0;
  private started = false;
  private watch: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly make: () => Worker, private readonly parts: Parts, private readonly room: number, private readonly free: (bench: Bench) => void) {
    this.start();
  }

  private start(): void {
    this.started = false;
    try {
      const worker = this.make();
      worker.onmessage = ({ data }: MessageEvent<Answer>) => { if (worker === this.worker) this.heard(data); };
      worker.onerror = (event) => this.lose(event.message || "the worker has stopped");
      worker.postMessage({ id: -1, task: { kind: "start", parts: this.parts, room: this.room } satisfies Task });
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
    this.benches = Array.from({ length: count }, () => new Bench(make, parts, ROOM / count, (bench) => this.feed(bench)));
  }

  get count(): number {
    return this.benches.length;
  }

  private feed(bench: Bench): void {
    if (bench.busy !== null) return;
    const next = (): Waiting | undefined => bench.own.shift() ?? bench.near.shift() ?? this.shared.shift() ?? this.fromAnother() ?? this.rest.shift();
    for (let waiting = next(); waiting; waiting = next()) {
      if (!waiting.signal?.aborted) bench.give(waiting);
      if (bench.busy !== null) return;
    }
  }

  /** The last that the worker with most to do has not begun with. */
  private fromAnother(): Waiting | undefined {
    return [...this.benches].sort((one, other) => other.near.length - one.near.length)[0]?.near.pop();
  }

  /** Do a task sooner on the worker with this number than on another. */
  nearest(task: Task, signal: AbortSignal | undefined, on: number): Promise<unknown> {
    const bench = this.benches[on % this.benches.length] as Bench;
    const done = this.put(task, signal, bench.near, [bench]);
    queueMicrotask(() => this.benches.forEach((one) => this.feed(one))); // once all that is asked now is there
    return done;
  }

  /** Do a task on the worker with this number, or on the first that is free. */
  do(task: Task, signal?: AbortSignal, on?: number): Promise<unknown> {
    const bench = on === undefined ? undefined : this.benches[on % this.benches.length];
    return this.put(task, signal, bench?.own ?? this.shared, bench ? [bench] : this.benches);
  }

  private put(task: Task, signal: AbortSignal | undefined, queue: Waiting[], to: readonly Bench[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      queue.push({ task, resolve, reject, signal });
      for (const one of to) this.feed(one);
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
