// Speed of the model in a page, in Node on one thread: node page_speed.mjs BUNDLE FOLDER REPLICATES.
// For every line of its input it prints the runs per second of all designs, founded by vote.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import vm from "node:vm";

const [, , script, folder, replicates] = process.argv;
vm.runInThisContext(readFileSync(script, "utf8"), { filename: script });
const module = (kind) => new WebAssembly.Module(readFileSync(`${folder}/${kind}-simd.wasm`));
const content = JSON.parse(readFileSync(`${folder}/content.json`, "utf8"));
const model = new globalThis.bresim.Model({
  content,
  arrays: new Uint8Array(readFileSync(`${folder}/arrays.bin`)),
  modules: { default: module("default"), any: module("any") },
});
const request = {
  region: content.regions[0].name,
  scenario: content.scenarios[0].name,
  undercurrent: content.undercurrent,
  designs: content.designs,
  foundings: ["vote"],
  first: 0,
  last: Number(replicates),
};
const EACH = 10; // as many as a worker of a page does at a time

function rate() {
  const start = performance.now();
  for (let first = 0; first < request.last; first += EACH) model.batch(request, first, Math.min(first + EACH, request.last));
  return (1000 * request.last * request.designs.length) / (performance.now() - start);
}

rate(); // compiled by the engine, and caches filled
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) if (line) console.log(rate());
