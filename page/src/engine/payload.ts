/** From the text that a page carries to content, arrays and compiled modules. */

import type { Content } from "./content.js";
import { failure } from "./failure.js";
import type { Parts } from "./model.js";

/** base64 of gzip each; kernels by kind and build. */
export interface Payload {
  readonly content: string;
  readonly arrays: string;
  readonly kernels: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A module of one function with an instruction on a vector. */
const VECTOR = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

export function hasSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(VECTOR));
}

async function unpacked(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The build that is there for a kernel: the wanted one, else the plain one. */
function chosen(builds: Readonly<Record<string, string>>, build: string): string | undefined {
  return builds[build] ?? (build === "simd" ? builds["plain"] : undefined);
}

/** Refuse a browser that lacks what the model needs. */
export function demand(): void {
  const needed = [typeof DecompressionStream, typeof WebAssembly, typeof Worker, typeof BigInt64Array];
  if (needed.includes("undefined")) {
    throw failure("browser", {
      nl: "Deze browser is te oud voor het model. Werk hem bij, of neem een recente Chrome, Edge, Firefox of Safari.",
      en: "This browser is too old for the model. Update it, or use a recent Chrome, Edge, Firefox or Safari.",
    });
  }
}

export async function decode(payload: Payload, build: "simd" | "plain"): Promise<Parts> {
  const kernels = Object.entries(payload.kernels).flatMap(([kind, builds]) => {
    const text = chosen(builds, build);
    return text === undefined ? [] : [{ kind, text }];
  });
  const [content, arrays, modules] = await Promise.all([
    unpacked(payload.content),
    unpacked(payload.arrays),
    Promise.all(kernels.map(async ({ kind, text }) => [kind, await WebAssembly.compile(await unpacked(text))] as const)),
  ]);
  return { content: JSON.parse(new TextDecoder().decode(content)) as Content, arrays, modules: Object.fromEntries(modules) };
}
