/**
 * NumPy's random numbers where Python draws them outside of the compiled rules: order of parameter sets and memberships,
 * draws from the priors, readings of the codings. Philox4x64-10 (Salmon et al. 2011), numbered as NumPy numbers its draws.
 */

const WORD = (1n << 64n) - 1n;
const M0 = 0xd2e7470ee14c6c93n;
const M1 = 0xca5a826395121157n;
const W0 = 0x9e3779b97f4a7c15n;
const W1 = 0xbb67ae8584caa73bn;

/** Four 64-bit words of one block. */
function block(counter: bigint, key: readonly [bigint, bigint]): [bigint, bigint, bigint, bigint] {
  let c0 = counter & WORD;
  let c1 = (counter >> 64n) & WORD;
  let c2 = 0n;
  let c3 = 0n;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const p0 = M0 * c0;
    const p1 = M1 * c2;
    [c0, c1, c2, c3] = [(p1 >> 64n) ^ c1 ^ k0, p1 & WORD, (p0 >> 64n) ^ c3 ^ k1, p0 & WORD];
    k0 = (k0 + W0) & WORD;
    k1 = (k1 + W1) & WORD;
  }
  return [c0, c1, c2, c3];
}

/** `numpy.random.Philox(key=…)`, from its first number or from number `from`. */
export class Philox {
  private counter: bigint;
  private readonly key: readonly [bigint, bigint];
  private left: bigint[] = [];
  private half: number | null = null;

  constructor(key: bigint | readonly [bigint, bigint], from = 0) {
    this.key = typeof key === "bigint" ? [key & WORD, key >> 64n] : key;
    this.counter = BigInt(Math.floor(from / 4));
    for (let skipped = from % 4; skipped > 0; skipped--) this.word();
  }

  private word(): bigint {
    if (this.left.length === 0) {
      this.counter += 1n;
      this.left = block(this.counter, this.key);
    }
    return this.left.shift() as bigint;
  }

  /** A number in [0, 1) with 53 random bits. */
  random(): number {
    return Number(this.word() >> 11n) / 9007199254740992;
  }

  /** 32 random bits: the low half of a word first. */
  private bits(): number {
    if (this.half !== null) {
      const high = this.half;
      this.half = null;
      return high;
    }
    const word = this.word();
    this.half = Number(word >> 32n);
    return Number(word & 0xffffffffn);
  }

  /** A whole number in [0, most], most < 2^31: random bits as wide as it is, until they are in it. */
  private below(most: number): number {
    const mask = 2 ** Math.ceil(Math.log2(most + 1)) - 1;
    let found: number;
    do found = this.bits() & mask;
    while (found > most);
    return found;
  }

  /** `Generator.permutation(count)`. */
  permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, at) => at);
    for (let at = count - 1; at > 0; at--) {
      const other = this.below(at);
      [order[at], order[other]] = [order[other] as number, order[at] as number];
    }
    return order;
  }
}
