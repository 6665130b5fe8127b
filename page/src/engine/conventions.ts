/** Names and levels that many modules share: those of `bresim.conventions` (a test compares them), and a usual region. */

/** The design that the others are compared with, which is how the region works today. */
export const NOW = "status_quo";
/** The outcome by which designs are ranked. */
export const VALUE = "public_value_direct";
/** Confidence of every interval of a mean. */
export const CONFIDENCE = 0.95;
/** Quantiles between which 90 % of the futures lie. */
export const SPREAD = [0.05, 0.95] as const;
/** The parts of the undercurrent. */
export const KNOBS = ["parochialism", "cleavage", "negativity"] as const;
/** Municipalities of a region for which amounts of work are set here; a run takes their number squared. */
export const USUAL = 16;

/** Factor, at most 1, on an amount of work for a region of this many municipalities. */
export const smaller = (size: number): number => (USUAL / Math.max(USUAL, size)) ** 2;
