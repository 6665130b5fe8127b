/** Which known name was meant: `difflib.get_close_matches` of Python with its cutoff of 0.6, the best match only. */

const CUTOFF = 0.6;

/** Length of the longest block that both have between these places, and where it begins; the first of equally long ones. */
function longest(one: readonly string[], other: readonly string[], [low, high, from, to]: readonly number[]): [number, number, number] {
  let best: [number, number, number] = [low as number, from as number, 0];
  let lengths = new Map<number, number>();
  for (let i = low as number; i < (high as number); i++) {
    const next = new Map<number, number>();
    for (let j = from as number; j < (to as number); j++) {
      if (one[i] !== other[j]) continue;
      const length = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, length);
      if (length > best[2]) best = [i - length + 1, j - length + 1, length];
    }
    lengths = next;
  }
  return best;
}

/** How alike two words are: twice the letters in common blocks, as a share of all letters. */
function ratio(one: readonly string[], other: readonly string[]): number {
  const open: (readonly number[])[] = [[0, one.length, 0, other.length]];
  let common = 0;
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const [low, high, from, to] = range as [number, number, number, number];
    const [i, j, length] = longest(one, other, range);
    if (length === 0) continue;
    common += length;
    open.push([low, i, from, j], [i + length, high, j + length, to]);
  }
  return one.length + other.length === 0 ? 1 : (2 * common) / (one.length + other.length);
}

/** The known name that looks most like `name`; undefined if none does. */
export function closest(name: string, known: readonly string[]): string | undefined {
  const word = [...name];
  let best: { name: string; ratio: number } | undefined;
  for (const one of [...new Set(known)].sort()) {
    const alike = ratio([...one], word);
    if (alike >= CUTOFF && alike >= (best?.ratio ?? 0)) best = { name: one, ratio: alike };
  }
  return best?.name;
}
