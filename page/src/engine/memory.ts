/** Linear memory of one module: arrays one behind the other, and the words that the compiled rules read them by. */

import { known, type Part, type RecordLayout, type StateLayout, type Stored } from "./content.js";

const PAGE = 65536;
const STACK = 1 << 20;
const LINE = 64;

/** An array in memory. */
export interface Placed {
  readonly address: number;
  readonly shape: readonly number[];
  /** Bytes of an item, and of a row if rows lie apart. */
  readonly item: number;
  readonly row?: number;
}

export type Argument = Placed | number;

export class Memory {
  readonly memory = new WebAssembly.Memory({ initial: 2 * (STACK / PAGE) });
  /** The stack lies below `STACK`, and arrays above. */
  readonly stack = STACK - LINE;
  private end = STACK;
  private view = new DataView(this.memory.buffer);
  private bytes = new Uint8Array(this.memory.buffer);

  /** Forget all arrays from here on; `mark` is what `marked` said. */
  release(mark = STACK): void {
    this.end = mark;
  }

  marked(): number {
    return this.end;
  }

  room(bytes: number): number {
    const start = Math.ceil(this.end / LINE) * LINE;
    this.end = start + bytes;
    const missing = this.end + LINE - this.memory.buffer.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE));
      this.view = new DataView(this.memory.buffer);
      this.bytes = new Uint8Array(this.memory.buffer);
    }
    return start;
  }

  /** An array of zeros. */
  zeros(shape: readonly number[], item: number): Placed {
    const bytes = item * shape.reduce((product, extent) => product * extent, 1);
    const address = this.room(bytes);
    this.bytes.fill(0, address, address + bytes);
    return { address, shape, item };
  }

  put(data: ArrayBufferView, shape: readonly number[], item: number): Placed {
    const address = this.room(data.byteLength);
    this.bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), address);
    return { address, shape, item };
  }

  stored(arrays: Uint8Array, [place, kind, shape]: Stored): Placed {
    const item = Number(kind.slice(1));
    const bytes = item * shape.reduce((product, extent) => product * extent, 1);
    return this.put(arrays.subarray(place, place + bytes), shape, item);
  }

  word(address: number, value: number): void {
    this.view.setInt32(address, value, true);
    this.view.setInt32(address + 4, Math.floor(value / 4294967296), true);
  }

  /** Words of 64 bits in a row; their address. */
  words(values: readonly number[]): number {
    const address = this.room(8 * values.length);
    values.forEach((value, at) => this.word(address + 8 * at, value));
    return address;
  }

  write(record: RecordLayout, address: number, field: string, value: number): void {
    const [kind, offset] = known(record.fields[field], `the field ${field}`);
    if (kind === "f8") this.view.setFloat64(address + offset, value, true);
    else if (kind === "i8") this.word(address + offset, value);
    else if (kind === "b1") this.view.setUint8(address + offset, value);
    else throw new Error(`no page writes a ${kind}`);
  }

  read(record: RecordLayout, address: number, field: string): number {
    const [kind, offset] = known(record.fields[field], `the field ${field}`);
    return this.number(kind, address + offset);
  }

  number(kind: string, at: number): number {
    switch (kind) {
      case "f8":
        return this.view.getFloat64(at, true);
      case "i8":
        return Number(this.view.getBigInt64(at, true));
      case "u8":
        return Number(this.view.getBigUint64(at, true));
      case "i4":
        return this.view.getInt32(at, true);
      case "i2":
        return this.view.getInt16(at, true);
      case "i1":
        return this.view.getInt8(at);
      case "b1":
        return this.view.getUint8(at);
      default:
        throw new Error(`no page reads a ${kind}`);
    }
  }

  /** Numbers of the bits that are set in a word of 64. */
  bits(at: number): number[] {
    const mask = this.view.getBigUint64(at, true);
    return Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => ((mask >> BigInt(bit)) & 1n) === 1n);
  }

  /** A copy of floats. */
  floats(address: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, count).slice();
  }

  /** Write bytes where there is room for them. */
  paste(data: Uint8Array, address: number): void {
    this.bytes.set(data, address);
  }

  /** A copy of bytes. */
  copy(address: number, count: number): Uint8Array {
    return this.bytes.slice(address, address + count);
  }

  /** The words by which an entry is called: its arguments by path, in the order of its parts. */
  call(parts: readonly Part[], given: Readonly<Record<string, Argument>>): number {
    const words: number[] = [];
    for (const [path, kind, axes] of parts) {
      const argument = known(given[path], `the argument ${path}`);
      if (typeof argument === "number") words.push(argument);
      else if (kind === "address") words.push(argument.address);
      else words.push(...arrayWords(argument, axes, path));
    }
    return this.words(words);
  }

  /** The box of a state laid out from `start`; `shared` are the addresses of arrays that another state has. */
  state(layout: StateLayout, shared?: ReadonlyMap<string, number>): { box: number; places: Map<string, number> } {
    const own = shared ? layout.fields.filter(([, , , , common]) => !common) : layout.fields;
    const bytes = Math.max(...own.map(([, place, item, shape]) => place + item * shape.reduce((a, b) => a * b, 1)));
    const start = this.zeros([bytes], 1).address;
    const places = new Map<string, number>();
    const words: number[] = [];
    for (const [name, place, , shape, common] of layout.fields) {
      const address = common && shared ? known(shared.get(name), name) : start + place;
      places.set(name, address);
      words.push(address, ...shape);
    }
    return { box: this.words(words), places };
  }
}

function arrayWords(placed: Placed, axes: number, path: string): number[] {
  const { address, shape, item, row } = placed;
  if (shape.length !== axes) throw new Error(`${path} has ${axes} axes, not ${shape.length}`);
  const strides: number[] = new Array<number>(axes);
  let stride = item;
  for (let axis = axes - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  if (row !== undefined) strides[0] = row;
  return [0, 0, shape.reduce((a, b) => a * b, 1), item, address, ...shape, ...strides];
}
