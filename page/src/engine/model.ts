/** The model in one thread: what a worker runs, without the messages. */

import { noTables, runPart, type BatchPart } from "./batch.js";
import { known, type Content } from "./content.js";
import type { BatchRequest, Changes, Kept, RunRequest } from "./contract.js";
import { detailedPart, type DetailedPart } from "./detailed.js";
import { Drawn } from "./drawing.js";
import { Histories } from "./histories.js";
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
  readonly histories: Histories;
  private last: { key: string; setting: Setting } | null = null;

  /** `room` is how many bytes it may keep of what was run before, to go on from there. */
  constructor(readonly parts: Parts, room = 0) {
    this.drawn = new Drawn(parts.content);
    this.histories = new Histories(parts.content, room);
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
    const setting = this.setting(request);
    return runPart(this.kernel(kernel ?? setting.world.kernel), this.parts.content, setting, request, first, last, noTables, this.histories);
  }

  /** The same with what is kept of each run. */
  detailed(request: BatchRequest, kept: Kept, first: number, last: number): DetailedPart {
    const setting = this.setting(request);
    return detailedPart(this.kernel(setting.world.kernel), this.parts.content, setting, request, kept, first, last);
  }

  /** The world of a request, kept for its next part. */
  private setting(request: BatchRequest): Setting {
    const { first: _first, last: _last, ...rest } = request;
    const key = JSON.stringify(rest);
    if (this.last?.key !== key) {
      this.last = { key, setting: new Setting(this.parts.content, this.parts.arrays, request, request.designs, this.drawn) };
    }
    return this.last.setting;
  }

  /** A run at its start, in a memory of its own. */
  begin(request: RunRequest, changes: Changes = true): SingleRun {
    const { content, arrays } = this.parts;
    const region = known(content.regions.find((one) => one.name === request.region), `the region ${request.region}`);
    const world = known(region.worlds[request.scenario], `the scenario ${request.scenario}`);
    return new SingleRun(content, arrays, this.module(world.kernel), request, this.drawn, changes);
  }
}
