/**
 * A vote as a short code that one phone shows and another machine reads, without any network between them.
 *
 * Municipality, design and answer are one number, masked by a number drawn for each ballot, so that two equal votes
 * give different codes and a glance at a phone tells little. It hides a vote from neighbours; it is no encryption.
 * The last character checks the others: every single wrong character and every swap of two neighbours is found.
 */

/** No I, L, O or U: these are taken for others. 31 of them, a prime, so that the check finds every single mistake. */
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY";
const BASE = ALPHABET.length;
/** Characters of the vote and of the mask; with the check there are six. */
const BODY = 3;
const SALT = 2;
export const LENGTH = BODY + SALT + 1;
const VALUES = BASE ** BODY;
/** How many masks there are. */
export const MASKS = BASE ** SALT;
/** Spreads neighbouring masks over all values. */
const SPREAD = 7919;

export interface Ballot {
  readonly municipality: number;
  /** Number of the design in the catalogue of the page. */
  readonly design: number;
  readonly yes: boolean;
}

export type Wrong = "length" | "character" | "check" | "unknown";
export type Read = { readonly ballot: Ballot } | { readonly wrong: Wrong };

/** How many municipalities and designs the page has. */
export interface Sizes {
  readonly municipalities: number;
  readonly designs: number;
}

function digits(value: number, length: number): number[] {
  const found: number[] = [];
  for (let at = 0, rest = value; at < length; at += 1, rest = Math.floor(rest / BASE)) found.unshift(rest % BASE);
  return found;
}

function valueOf(found: readonly number[]): number {
  return found.reduce((all, digit) => all * BASE + digit, 0);
}

/** Sum with weights 1, 2, …: no weight and no difference of two weights is a multiple of the prime. */
function check(found: readonly number[]): number {
  return found.reduce((sum, digit, at) => sum + (at + 1) * digit, 0) % BASE;
}

/** The code of a ballot; `mask` is a whole number from 0, below `MASKS`. RangeError if the ballot does not fit. */
export function write(ballot: Ballot, mask: number, sizes: Sizes): string {
  const vote = (ballot.municipality * sizes.designs + ballot.design) * 2 + (ballot.yes ? 1 : 0);
  if (!(vote >= 0 && sizes.municipalities * sizes.designs * 2 <= VALUES && mask >= 0 && mask < MASKS)) {
    throw new RangeError("the ballot does not fit in a code");
  }
  const body = [...digits(mask, SALT), ...digits((vote + (mask + 1) * SPREAD) % VALUES, BODY)];
  return [...body, check(body)].map((digit) => ALPHABET.charAt(digit)).join("");
}

/** What a code says, as it was typed: in small letters, with spaces or dashes; O is read as 0, I and L as 1. */
export function read(typed: string, sizes: Sizes): Read {
  const clean = typed.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  const found = [...clean].map((one) => ALPHABET.indexOf(one));
  if (found.includes(-1)) return { wrong: "character" };
  if (found.length !== LENGTH) return { wrong: "length" };
  const body = found.slice(0, -1);
  if (check(body) !== found[LENGTH - 1]) return { wrong: "check" };
  const mask = valueOf(body.slice(0, SALT));
  const vote = (((valueOf(body.slice(SALT)) - (mask + 1) * SPREAD) % VALUES) + VALUES) % VALUES;
  const pair = Math.floor(vote / 2);
  const municipality = Math.floor(pair / sizes.designs);
  if (municipality >= sizes.municipalities) return { wrong: "unknown" };
  return { ballot: { municipality, design: pair % sizes.designs, yes: vote % 2 === 1 } };
}
