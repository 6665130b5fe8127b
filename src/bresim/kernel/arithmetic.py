"""Arithmetic that every machine rounds alike, for the compiled rules."""

from __future__ import annotations

import math

import numpy as np

from bresim.kernel.jit import njit

# ln 2 in two parts, of which the first has few bits, and the coefficients of the rational approximation of
# exp on [-ln 2 / 2, ln 2 / 2] (Moshier 1989, Cephes)
_LN2_HIGH = 6.93145751953125e-1
_LN2_LOW = 1.42860682030941723212e-6
_PER_LN2 = 1.4426950408889634
_P = (1.26177193074810590878e-4, 3.02994407707441961300e-2, 9.99999999999999999910e-1)
_Q = (3.00198505138664455042e-6, 2.52448340349684104192e-3, 2.27265548208155028766e-1, 2.0)

# Fraction bits of a float, the bits of 1.0, and the coefficients 1 / (2 n + 1) of the series of artanh, n = 10 to 1
_FRACTION, _ONE = np.int64(0x000FFFFFFFFFFFFF), np.int64(0x3FF0000000000000)
_SQRT_2 = 1.4142135623730951
_ODD = (1 / 21, 1 / 19, 1 / 17, 1 / 15, 1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3)


@njit
def exp_ratio(x):
    """(above, below, power of two) of which above / below * power is the exponential function at ``x``, |x| <= 700."""
    n = math.floor(x * _PER_LN2 + 0.5)
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    square = r * r
    odd = r * ((_P[0] * square + _P[1]) * square + _P[2])
    even = ((_Q[0] * square + _Q[1]) * square + _Q[2]) * square + _Q[3]
    return even + odd, even - odd, power_of_two(n)


@njit
def exp(x):
    """The exponential function to within two units in the last place; that of 700 or -700 for what is beyond.

    Made of additions, multiplications and one division, which every machine rounds alike: the library
    function differs in its last bit from system to system, and one bit can turn a decision.
    """
    above, below, power = exp_ratio(min(max(x, -700.0), 700.0))
    return above / below * power


@njit
def power_of_two(n):
    """2 ** n as a float, for |n| < 1023: the exponent bits are written directly."""
    return np.int64((np.int64(n) + 1023) << 52).view(np.float64)


@njit
def log(x):
    """The natural logarithm of a normal number ``x`` > 0, to within two units in the last place.

    With x = m 2^n and m within a factor sqrt(2) of 1, log x = n ln 2 + 2 artanh(s), s = (m - 1) / (m + 1); the series
    of artanh ends where a term no longer counts (|s| < 0.172). Like ``exp`` it is rounded alike on every machine.
    """
    bits = np.float64(x).view(np.int64)
    n = (bits >> 52) - 1023
    m = np.int64((bits & _FRACTION) | _ONE).view(np.float64)  # in [1, 2)
    if m > _SQRT_2:
        m *= 0.5
        n += 1
    s = (m - 1.0) / (m + 1.0)
    square = s * s
    series = _ODD[0]
    for odd in _ODD[1:]:
        series = series * square + odd
    # 2 s (1 + square series), of which the small part is added last but one, and the low part of n ln 2 with it
    small = 2.0 * s * square * series + n * _LN2_LOW
    return (2.0 * s + small) + n * _LN2_HIGH


@njit
def clip(x):
    """``x`` brought back into [0, 1]."""
    return min(max(x, 0.0), 1.0)


@njit
def around_half(x):
    """A share in [0, 1] centred: 2x - 1, in [-1, 1]."""
    return 2.0 * x - 1.0


@njit
def indices_of(mask, indices):
    """Write where ``mask`` (N,) bool is true to the front of ``indices`` (N,), in order; returns how many there are."""
    count = 0
    for i in range(mask.shape[0]):
        indices[count] = i  # stays if the mask is true there, else the next takes its place
        count += mask[i]
    return count
