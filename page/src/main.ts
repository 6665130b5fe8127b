/** The one script of a page, which is also that of its workers. */

import { start } from "./engine/engine.js";
import type { Engine, LoadOptions } from "./engine/contract.js";
import type { Payload } from "./engine/payload.js";
import { serve } from "./engine/worker.js";
import { start as open } from "./app/shell.js";
import { statistics } from "./engine/statistics.js";
import { builder } from "./builder/section.js";
import { sandbox } from "./sandbox/section.js";
import { story } from "./story/section.js";
import { workshop } from "./ui/workshop/index.js";

export { Model } from "./engine/model.js";
export { statistics } from "./engine/statistics.js";
export { studentQuantile } from "./engine/student.js";
export { decode } from "./engine/payload.js";
export { rounded } from "./engine/story.js";
export { without } from "./ui/workshop/shocks.js";
export { inspect, problemsOf } from "./design/inspect.js";
export { inOneLine } from "./design/said.js";
export { read } from "./builder/file.js";

/** Start the engine from what the page carries. */
export async function load(options: LoadOptions = {}): Promise<Engine> {
  const text = (id: string): string => document.getElementById(id)?.textContent ?? "";
  const code = URL.createObjectURL(new Blob([text("bresim-code")], { type: "text/javascript" }));
  return start(JSON.parse(text("bresim-model")) as Payload, () => new Worker(code), options);
}

if (typeof document !== "undefined") void open({ load, statistics, sections: [story, sandbox, builder, workshop] });
else if (typeof self !== "undefined" && typeof (self as { importScripts?: unknown }).importScripts === "function") {
  serve(self as unknown as Parameters<typeof serve>[0]);
}
