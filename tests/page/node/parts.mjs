// The script of the pages in Node, and what a test has laid ready for it in a folder.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";

export const [, , script, folder, ...rest] = process.argv;
vm.runInThisContext(readFileSync(script, "utf8"), { filename: script });
export const bresim = globalThis.bresim;

export const read = (name) => readFileSync(join(folder, name));
export const json = (name) => JSON.parse(read(name).toString());
export const floats = (name) => {
  const bytes = read(name);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

export function parts(build = "simd") {
  const modules = {};
  for (const kind of ["default", "any"]) {
    const file = join(folder, `${kind}-${build}.wasm`);
    if (existsSync(file)) modules[kind] = new WebAssembly.Module(readFileSync(file));
  }
  return { content: json("content.json"), arrays: new Uint8Array(read("arrays.bin")), modules };
}

// Places at which two rows of floats differ in a bit; every NaN is the same.
export function differing(one, other) {
  const found = [];
  if (one.length !== other.length) throw new Error(`${one.length} numbers and ${other.length}`);
  for (let at = 0; at < one.length; at++) if (!Object.is(one[at], other[at])) found.push(at);
  return found;
}
