/** Whether a YAML file of a user holds plain values only, as `bresim.common.yaml_files` has it, in its words. */

import { isAlias, isCollection, isMap, isPair, isScalar, type Document, type LineCounter, type Node } from "yaml";

import type { FileLimits, Problem, Text } from "../engine/contract.js";
import type { Words } from "../design/said.js";

/** The beginning of a long text, without signs that cannot be seen. */
function shortened(text: string): string {
  const signs = [...text], plain = signs.slice(0, 60).map((sign) => (sign !== " " && /[\p{C}\p{Z}]/u.test(sign) ? "\ufffd" : sign)).join("");
  return signs.length > 60 ? `${plain}…` : plain;
}

/** What is refused, said by throwing: as in Python, the first that is met is told. */
class Refused extends Error {
  constructor(readonly what: Text, readonly where: string) {
    super(what.en);
  }
}

class Check {
  private readonly sizes = new Map<string, number>();

  constructor(private readonly words: Words, private readonly limits: FileLimits, private readonly text: string, private readonly lines: LineCounter) {}

  private refuse(sentence: string, values: Readonly<Record<string, string | number>> = {}, where = ""): never {
    throw new Refused(this.words.said(sentence, values), where);
  }

  /** The line on which a node begins: with its tag if it has one. */
  private line(node: Node, tagged = false): number {
    const at = node.range?.[0] ?? 0, mark = tagged ? this.text.lastIndexOf("!", at) : -1;
    return this.lines.linePos(mark < 0 ? at : mark).line;
  }

  /** Refuse tags, aliases that hold themselves, depth and size; how many values a node holds, itself included. */
  shape(node: unknown, depth: number): number {
    if (isAlias(node)) {
      return this.sizes.get(node.source) ?? this.refuse("has an alias of itself or of nothing at line {line}", { line: this.line(node) });
    }
    if (!isScalar(node) && !isCollection(node)) return 1; // a value that is left out
    if (node.tag !== undefined) this.refuse("has a tag at line {line} ({tag})", { line: this.line(node, true), tag: shortened(node.tag) });
    let values = 1;
    if (isCollection(node)) {
      if (depth > this.limits.depth) this.refuse("is nested too deeply");
      for (const one of node.items.flatMap((item) => (isPair(item) ? [item.key, item.value] : [item]))) {
        values += this.shape(one, depth + 1);
        this.count(values);
      }
    }
    if (node.anchor !== undefined && node.anchor !== "") this.sizes.set(node.anchor, values);
    return values;
  }

  count(values: number): void {
    if (values > this.limits.values) this.refuse("holds more than {most} values", { most: this.limits.values });
  }

  /** Refuse keys and values that nothing can hold, below `path`. */
  values(node: unknown, path: string): void {
    if (isMap(node)) {
      for (const { key, value } of node.items) this.entry(isScalar(key) ? key.value : key, value, path);
    } else if (isCollection(node)) {
      node.items.forEach((item, at) => {
        const below = `${path}[${at}]`;
        this.plain(isScalar(item) ? item.value : item, below);
        this.values(item, below);
      });
    }
  }

  private entry(key: unknown, value: unknown, path: string): void {
    if (key === null) this.refuse("has a key that is no word ({key})", { key: "None" });
    const name = String(key), below = path === "" ? [...name].slice(0, this.limits.key + 1).join("") : `${path}.${name}`;
    if (typeof key === "string" && [...key].length > this.limits.key) this.refuse("has a key of {count} characters", { count: [...key].length });
    this.plain(key, below);
    this.plain(isScalar(value) ? value.value : value, below);
    this.values(value, below);
  }

  private plain(value: unknown, path: string): void {
    const where = shortened(path);
    if (typeof value === "string" && value.includes("${")) this.refuse("refers to something else by '${{…}}', which a file cannot", {}, where);
    if (typeof value === "string" && new RegExp(this.limits.unseen, "u").test(value)) this.refuse("has a sign that cannot be seen", {}, where);
    const most = BigInt(this.limits.number);
    if (typeof value === "bigint" && (value > most || value < -most)) this.refuse("is a number of more than {most} digits", { most: 18 }, where);
  }
}

/** What is wrong with the values of a sound document, or null. */
export function notPlain(words: Words, limits: FileLimits, text: string, document: Document, lines: LineCounter): Problem | null {
  const check = new Check(words, limits, text, lines);
  try {
    check.count(1 + check.shape(document.contents, 1));
    check.values(document.contents, "");
    return null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { where: error.where, what: error.what, remedy: words.said("write plain values") };
  }
}
