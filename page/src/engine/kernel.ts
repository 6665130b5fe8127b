/** The compiled rules with a memory of their own. */

import { known, type Content } from "./content.js";
import { Memory, type Argument } from "./memory.js";

type Entry = (words: number, result: number) => number;

export class Kernel {
  readonly memory = new Memory();
  private readonly entries: WebAssembly.Exports;

  constructor(private readonly content: Content, module: WebAssembly.Module) {
    const stack = new WebAssembly.Global({ value: "i32", mutable: true }, this.memory.stack);
    const env = { __linear_memory: this.memory.memory, __stack_pointer: stack };
    this.entries = new WebAssembly.Instance(module, { env }).exports;
  }

  /** Call an entry with its arguments by path. */
  call(name: string, given: Readonly<Record<string, Argument>>): void {
    const words = this.memory.call(known(this.content.entries[name], `the entry ${name}`), given);
    const status = (this.entries[name] as Entry)(words, this.memory.room(64));
    if (status !== 0) throw new Error(`the model stopped in ${name} with status ${status}`);
  }
}
