"""Keyed randomness: every draw is a function of (seed, replicate, stream, quarter, indices) and nothing else.

A counter-based generator (Philox4x32-10; Salmon, Moraes, Dror & Shaw 2011) turns the key of a decision
into a number in [0, 1). No state is carried along, so two designs meet the same luck in the same
replicate, a run can be reproduced alone, and results do not depend on order, threads or machines.
"""

from __future__ import annotations

import numpy as np

from bresim.jit import njit

# One stream per decision. Never renumber: a number is part of what makes a result reproducible.
INITIAL_TRUST = 1
INITIAL_INTEREST = 2
SHOCK = 3
WINDOW = 4
TURNOVER = 5
ELECTION_JOLT = 6
DROP_COMMITMENT = 7
EXIT = 8
PROVINCIAL_ELECTION = 9
ADOPT = 10
AGENDA = 11
COMMIT = 12
RATIFY = 13
IMPOSE = 14
DELIVER = 15
MANDATORY = 16

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_5 = np.uint64(5)
_6 = np.uint64(6)


@njit
def philox4x32(c0, c1, c2, c3, k0, k1):
    """Ten rounds of Philox4x32: four 32-bit counter and two key words in, four 32-bit words out (as uint64)."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _32) ^ c1 ^ k0, p1 & _LOW, (p0 >> _32) ^ c3 ^ k1, p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@njit
def uniform(key, stream, quarter, a, b):
    """The uniform number in [0, 1) of one decision, with 53 random bits.

    ``key`` is a (3,) uint64 array: seed low word, seed high word, replicate. ``a`` and ``b`` are the
    indices of what decides (theme x arena, municipality; 0 <= index < 65536).
    """
    x0, x1, _, _ = philox4x32(
        np.uint64(quarter),
        key[2] & _LOW,
        np.uint64(a) << np.uint64(16) | np.uint64(b),
        np.uint64(stream),
        key[0],
        key[1],
    )
    return ((x0 >> _5) * 67108864.0 + (x1 >> _6)) * (1.0 / 9007199254740992.0)


@njit
def fill(key, stream, quarter, a, out):
    """Fill ``out`` with ``uniform(key, stream, quarter, a, b)`` for b = 0, 1, ...; the same numbers."""
    for b in range(out.shape[0]):
        out[b] = uniform(key, stream, quarter, a, b)


@njit
def fill_at(key, stream, quarter, a, indices, count, out):
    """Fill ``out[m]`` with ``uniform(key, stream, quarter, a, indices[m])``, m < ``count``."""
    for m in range(count):
        out[m] = uniform(key, stream, quarter, a, indices[m])


def make_key(seed: int, replicate: int) -> np.ndarray:
    """Key of one replicate, (3,) uint64: the two halves of a 64-bit seed, and the replicate (32 bits)."""
    if not 0 <= seed < 2**64 or not 0 <= replicate < 2**32:
        raise ValueError("seed must fit in 64 bits and replicate in 32 bits, both non-negative")
    return np.array([seed & 0xFFFFFFFF, seed >> 32, replicate], dtype=np.uint64)
