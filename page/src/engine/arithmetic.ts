/** The functions of `bresim.kernel.arithmetic` that parameter sets are made with, operation by operation. */

const LN2_HIGH = 6.93145751953125e-1;
const LN2_LOW = 1.42860682030941723212e-6;
const PER_LN2 = 1.4426950408889634;
const P = [1.26177193074810590878e-4, 3.029944077074419613e-2, 9.9999999999999999991e-1] as const;
const Q = [3.00198505138664455042e-6, 2.52448340349684104192e-3, 2.27265548208155028766e-1, 2.0] as const;
const SQRT_2 = 1.4142135623730951;
const ODD = [1 / 21, 1 / 19, 1 / 17, 1 / 15, 1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3] as const;

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

export function exp(value: number): number {
  const x = Math.min(Math.max(value, -700), 700);
  const n = Math.floor(x * PER_LN2 + 0.5);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  const square = r * r;
  const odd = r * ((P[0] * square + P[1]) * square + P[2]);
  const even = ((Q[0] * square + Q[1]) * square + Q[2]) * square + Q[3];
  bits[0] = BigInt(n + 1023) << 52n;
  return ((even + odd) / (even - odd)) * (float[0] as number);
}

export function log(x: number): number {
  float[0] = x;
  const whole = bits[0] as bigint;
  let n = Number(whole >> 52n) - 1023;
  bits[0] = (whole & 0x000fffffffffffffn) | 0x3ff0000000000000n;
  let m = float[0] as number;
  if (m > SQRT_2) {
    m *= 0.5;
    n += 1;
  }
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let series: number = ODD[0];
  for (const odd of ODD.slice(1)) series = series * square + odd;
  const small = 2 * s * square * series + n * LN2_LOW;
  return 2 * s + small + n * LN2_HIGH;
}

/** To the nearest whole number, halves to the even one, as `numpy.rint`. */
export function rint(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}
