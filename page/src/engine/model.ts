/** The model in one thread: what a worker runs, without the messages. */

import { runPart, type BatchPart } from "./batch.js";
import { known, type Content } from "./content.js";
import type { BatchRequest, RunRequest } from "./contract.js";
import { Drawn } from "./drawing.js";
import { Kernel } from "./kernel.js";
import { SingleRun } from "./run.js";
import { Setting } from "./setting.js";

/** What every thread works with; modules by kind of kernel. */
export interface Parts {
  readonly content: Content;
  readonly arrays: Uint8Array;
  readonly modules: Readonly<Record<string, WebAssembly.Module>>;
}

export class Model {
  private readonly drawn: Drawn;
  private readonly kernels = new Map<string, Kernel>();
  private last: { key: string; setting: Setting } | null = null;

  constructor(readonly parts: Parts) {
    this.drawn = new Drawn(parts.content);
  }

  private module(kind: string): WebAssembly.Module {
    return this.parts.modules[kind] ?? known(this.parts.modules["any"], `the kernel ${kind}`);
  }

  private kernel(kind: string): Kernel {
    let kernel = this.kernels.get(kind);
    if (kernel === undefined) {
      kernel = new Kernel(this.parts.content, this.module(kind));
      this.kernels.set(kind, kernel);
    }
    return kernel;
  }

  /** Some replicates of a batch, with the kernel of its world or another one. */
  batch(request: BatchRequest, first: number, last: number, kernel?: string): BatchPart {
    const { first: _first, last: _last, ...rest } = request;
    const key = JSON.stringify(rest);
    if (this.last?.key !== key) {
      this.last = { key, setting: new Setting(this.parts.content, this.parts.arrays, request, request.designs, this.drawn) };
    }
    const { setting } = this.last;
    return runPart(this.kernel(kernel ?? setting.world.kernel), this.parts.content, setting, request, first, last);
  }

  /** A run at its start, in a memory of its own. */
  begin(request: RunRequest): SingleRun {
    const { content, arrays } = this.parts;
    const region = known(content.regions.find((one) => one.name === request.region), `the region ${request.region}`);
    const world = known(region.worlds[request.scenario], `the scenario ${request.scenario}`);
    return new SingleRun(content, arrays, this.module(world.kernel), request, this.drawn);
  }
}
