/** Quantiles of Student's t, by Newton's method on its distribution (regularised incomplete beta, Lentz 1976). */

/** ln Γ(x) for x > 0 (Lanczos 1964, nine terms). */
function logGamma(x: number): number {
  const terms = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const y = x - 1;
  let series = terms[0] as number;
  for (let at = 1; at < terms.length; at++) series += (terms[at] as number) / (y + at);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(series);
}

/** Continued fraction of the incomplete beta function. */
function fraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return result;
}

function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(a, b, x)) / a : 1 - (front * fraction(b, a, 1 - x)) / b;
}

/** Chance that Student's t with `freedom` degrees of freedom exceeds t > 0. */
function above(t: number, freedom: number): number {
  return 0.5 * incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

function density(t: number, freedom: number): number {
  const scale = logGamma((freedom + 1) / 2) - logGamma(freedom / 2) - 0.5 * Math.log(freedom * Math.PI);
  return Math.exp(scale - ((freedom + 1) / 2) * Math.log1p((t * t) / freedom));
}

/** The t below which a share p in (0.5, 1) lies. */
export function studentQuantile(p: number, freedom: number): number {
  const target = 1 - p;
  let low = 0;
  let high = 1;
  while (above(high, freedom) > target) high *= 2;
  let t = 0.5 * (low + high);
  for (let round = 0; round < 200; round++) {
    const miss = above(t, freedom) - target;
    if (miss > 0) low = t;
    else high = t;
    const next = t + miss / density(t, freedom);
    const better = next > low && next < high ? next : 0.5 * (low + high);
    if (Math.abs(better - t) <= 1e-15 * t) return better;
    t = better;
  }
  return t;
}
