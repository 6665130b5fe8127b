/** One request's world: designs with their measures, and the tables of institutions that the rules read. */

import { known, type Content, type StoredRegion, type StoredWorld } from "./content.js";
import type { DesignChoice, World } from "./contract.js";
import { Compiler, designOf, successorOf, taken, type FullDesign, type Institution } from "./designs.js";
import { Drawing, ParameterSets, type Drawn } from "./drawing.js";
import type { Memory, Placed } from "./memory.js";

/** An institution in a slot; `members` are those of its arena, if it is not the region's. */
interface Slot {
  readonly institution: Institution;
  readonly members: Uint8Array | null;
  /** Its masks as text. */
  readonly masks: string;
}

export class Setting {
  readonly region: StoredRegion;
  readonly world: StoredWorld;
  readonly drawing: Drawing;
  readonly designs: readonly FullDesign[];
  readonly seed: number;
  private readonly slots: readonly (readonly Slot[])[];
  private readonly compiler: Compiler;
  private readonly sets: ParameterSets;

  constructor(
    private readonly content: Content,
    private readonly arrays: Uint8Array,
    asked: World,
    designs: readonly DesignChoice[],
    drawn?: Drawn,
  ) {
    this.region = known(
      content.regions.find((region) => region.name === asked.region),
      `the region ${asked.region}`,
    );
    this.world = known(this.region.worlds[asked.scenario], `the scenario ${asked.scenario} in ${asked.region}`);
    this.seed = asked.seed ?? content.seed;
    this.drawing = drawn?.drawing(this.seed) ?? new Drawing(content, this.seed);
    this.compiler = new Compiler(content);
    this.sets = drawn?.sets ?? new ParameterSets(content);
    this.designs = designs.map((choice) => designOf(choice, content));
    this.slots = this.slotsOf(asked);
  }

  private slotsOf(asked: World): Slot[][] {
    const { region, compiler, content } = this;
    const measures = taken(asked.measures ?? {}, content);
    const of = (design: FullDesign, on: typeof measures, members: Uint8Array | null = null): Slot => {
      const institution = compiler.institution(design, on, region);
      return { institution, members, masks: masksOf(institution, members) };
    };
    const today = designOf(region.before, content);
    const before = of(today, []);
    const fallback = of(today, measures);
    const local = this.world.arenas.slice(1).map((arena): Slot => {
      const members = new Uint8Array(region.municipalities.length);
      for (const i of arena.members) members[i] = 1;
      return of(withMoney(designOf(arena.institution, content), arena.programmeMoney), [], members);
    });
    return this.designs.map((design) => {
      const after = successorOf(design, content);
      return [before, fallback, of(design, measures), after ? of(after, measures) : fallback, ...local, fallback];
    });
  }

  /** Lay the world out for these readings and parameter sets; rows of designs are design by design, then reading. */
  layOut(memory: Memory, readings: readonly number[], sets: readonly number[]): { box: number; subregion: Placed } {
    const made = this.institutions(memory, readings);
    const values = Float64Array.from(sets.flatMap((number) => [...this.sets.values(number)]));
    made.set("parameters", memory.put(values, [sets.length], 8 * this.content.sets.priors.length));
    const words: number[] = [];
    for (const [name, axes] of this.content.worldFields) {
      if (axes < 0) {
        words.push(known(this.world.numbers[name], name));
        continue;
      }
      const placed = made.get(name) ?? memory.stored(this.arrays, known(this.world.arrays[name], name));
      words.push(placed.address, ...placed.shape);
    }
    return { box: memory.words(words), subregion: memory.stored(this.arrays, this.region.subregionOf) };
  }

  private institutions(memory: Memory, readings: readonly number[]): Map<string, Placed> {
    const rows = this.designs.length * readings.length;
    const inRow = (this.slots[0] as readonly Slot[]).length;
    const size = this.region.municipalities.length;
    const themes = this.region.themes.length;
    const columns = this.content.compiling.columns;
    const cells = rows * inRow;
    const values = new Float64Array(cells * columns);
    const masks = { eligible: new Uint8Array(cells * size), board: new Uint8Array(cells * size), rotation: new Uint8Array(cells * size) };
    const scope = new Uint8Array(cells * themes);
    const beside = new Uint8Array(cells);
    const content = new Float64Array(cells);
    const follows = new Uint8Array(rows);
    const numbers = new Map<string, number>();
    const known_ = new Map<Slot, { values: Float64Array; number: number }[]>();
    this.slots.forEach((slots, design) => {
      readings.forEach((reading, r) => {
        const row = design * readings.length + r;
        follows[row] = Number(successorOf(this.designs[design] as FullDesign, this.content) !== null);
        slots.forEach((slot, at) => {
          const cell = row * inRow + at;
          let found = known_.get(slot)?.[r];
          if (found === undefined) {
            const read = this.compiler.read(slot.institution, this.drawing, reading);
            const key = fingerprint(slot, read);
            if (!numbers.has(key)) numbers.set(key, numbers.size);
            found = { values: read, number: numbers.get(key) as number };
            const list = known_.get(slot) ?? [];
            list[r] = found;
            known_.set(slot, list);
          }
          values.set(found.values, cell * columns);
          masks.eligible.set(slot.institution.eligible, cell * size);
          masks.board.set(within(slot.institution.board, slot.members), cell * size);
          masks.rotation.set(within(slot.institution.rotation, slot.members), cell * size);
          scope.set(slot.institution.themes, cell * themes);
          beside[cell] = Number(slot.institution.beside);
          content[cell] = found.number;
        });
      });
    });
    const placed = memory.put(values, [rows, inRow, columns], 8);
    return new Map<string, Placed>([
      ["institution_values", placed],
      ["institution", { address: placed.address, shape: [rows, inRow], item: 8 * columns }],
      ...Object.entries(masks).map(([name, mask]): [string, Placed] => [name, memory.put(mask, [rows, inRow, size], 1)]),
      ["in_scope", memory.put(scope, [rows, inRow, themes], 1)],
      ["beside", memory.put(beside, [rows, inRow], 1)],
      ["has_successor", memory.put(follows, [rows], 1)],
      ["content", memory.put(BigInt64Array.from(content, (number) => BigInt(number)), [rows, inRow], 8)],
    ]);
  }
}

/** The rules of an arena of the region, with its own programme money if it has any. */
function withMoney(design: FullDesign, money: number | null): FullDesign {
  if (money === null) return design;
  return { ...design, rules: { ...design.rules, payoff: { ...design.rules.payoff, programme_money: money } } };
}

function within(mask: Uint8Array, members: Uint8Array | null): Uint8Array {
  return members === null ? mask : mask.map((one, i) => one & (members[i] as number));
}

function masksOf(institution: Institution, members: Uint8Array | null): string {
  const masks = [institution.eligible, institution.themes, within(institution.board, members), within(institution.rotation, members)];
  return `${masks.map((mask) => mask.join("")).join(" ")} ${institution.beside}`;
}

/** The same for institutions that are the same in rules and masks. */
function fingerprint(slot: Slot, values: Float64Array): string {
  const numbers = String.fromCharCode(...new Uint16Array(values.buffer, values.byteOffset, 4 * values.length));
  return `${numbers}${slot.masks}`;
}
