/** The workers of a page: each has its own memory and does one task at a time. */

import { stopped } from "./failure.js";
import type { Parts } from "./model.js";
import type { Answer, Task } from "./worker.js";

interface Waiting {
  readonly task: Task;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

class Bench {
  readonly own: Waiting[] = [];
  busy: Waiting | null = null;
  worker: Worker;

  constructor(private readonly make: () => Worker, private readonly parts: Parts, private readonly free: (bench: Bench) => void) {
    this.worker = this.started();
  }

  private started(): Worker {
    const worker = this.make();
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const done = this.busy;
      if (data.id < 0) return; // it has started
      this.busy = null;
      if (data.error !== undefined) done?.reject(stopped(data.error));
      else done?.resolve(data.result);
      this.free(this);
    };
    worker.onerror = (event) => {
      // its plays are gone with its memory; the next task gets a new worker
      const lost = this.busy;
      worker.terminate();
      this.worker = this.started();
      this.busy = null;
      lost?.reject(stopped(event.message || "worker"));
      this.free(this);
    };
    worker.postMessage({ id: -1, task: { kind: "start", parts: this.parts } satisfies Task });
    return worker;
  }

  give(waiting: Waiting): void {
    this.busy = waiting;
    this.worker.postMessage({ id: 0, task: waiting.task });
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
      if (!waiting.signal?.aborted) {
        bench.give(waiting);
        return;
      }
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
    for (const { worker } of this.benches) worker.terminate();
  }
}
