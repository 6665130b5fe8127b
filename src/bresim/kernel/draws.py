"""Keyed randomness: a draw of a run is a function of seed, replicate, stream, quarter, indices and number of deciders.

A counter-based generator (Philox4x32-10; Salmon, Moraes, Dror & Shaw 2011) turns the key of a decision
into a number in [0, 1). No state is carried along, so two designs get the same random numbers in the same
replicate, a run can be reproduced alone, and results do not depend on order, threads or machines.
"""

from __future__ import annotations

import numpy as np

from bresim.kernel.jit import njit

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
ELECTION_URGENCY = 17
ANNOUNCE = 18
INHERIT = 19
INHERIT_MEMBER = 20
ENFORCE = 21
DISSOLVE = 22
LOSE_VOTE = 23
PARTNER_SEAT = 24
PROVINCE_SEAT = 25
TURNS = 26
RECALL = 27
N_STREAMS = 28

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_2, _3, _4 = np.uint64(2), np.uint64(3), np.uint64(4)
_32 = np.uint64(32)
_5 = np.uint64(5)
_6 = np.uint64(6)
_UNIT = 1.0 / 4294967296.0


@njit
def _round(c0, c1, c2, c3, k0, k1):
    """One round of Philox4x32."""
    p0 = _M0 * c0
    p1 = _M1 * c2
    return (p1 >> _32) ^ c1 ^ k0, p1 & _LOW, (p0 >> _32) ^ c3 ^ k1, p0 & _LOW


@njit
def _five_rounds(c0, c1, c2, c3, k0, k1):
    """Five rounds, the key raised after each; without a loop, as only then the compiler does several blocks at once."""
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, (k0 + _W0) & _LOW, (k1 + _W1) & _LOW)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, (k0 + _2 * _W0) & _LOW, (k1 + _2 * _W1) & _LOW)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, (k0 + _3 * _W0) & _LOW, (k1 + _3 * _W1) & _LOW)
    return _round(c0, c1, c2, c3, (k0 + _4 * _W0) & _LOW, (k1 + _4 * _W1) & _LOW)


@njit
def philox4x32(c0, c1, c2, c3, k0, k1):
    """Ten rounds of Philox4x32: four 32-bit counter and two key words in, four 32-bit words out (as uint64)."""
    c0, c1, c2, c3 = _five_rounds(c0, c1, c2, c3, k0, k1)
    return _five_rounds(c0, c1, c2, c3, (k0 + _5 * _W0) & _LOW, (k1 + _5 * _W1) & _LOW)


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


def room_for(count: int) -> int:
    """Length of an array in which ``fill`` can put ``count`` numbers: a multiple of 4."""
    return -(-count // 4) * 4


@njit
def fill(key, stream, quarter, a, out):
    """Fill ``out`` with the uniform numbers in [0, 1) of many deciders about one thing, with 32 random bits each.

    A block of the generator has four words, and each serves another decider: of ``out``'s n numbers
    (n a multiple of 4, see ``room_for``) number b is word b // (n / 4) of block b % (n / 4). A stream is
    drawn from either with this or with ``uniform``.
    """
    blocks = out.shape[0] // 4
    theme = np.uint64(a) << np.uint64(16)
    for block in range(blocks):
        x0, x1, x2, x3 = philox4x32(
            np.uint64(quarter), key[2] & _LOW, theme | np.uint64(block), np.uint64(stream), key[0], key[1]
        )
        out[block] = x0 * _UNIT
        out[blocks + block] = x1 * _UNIT
        out[2 * blocks + block] = x2 * _UNIT
        out[3 * blocks + block] = x3 * _UNIT


@njit
def fill_once(key, stream, quarter, a, out, filled):
    """As ``fill``, unless that was done: ``filled[stream, a]`` is the quarter whose numbers are in ``out``.

    Runs with the same key have ``out`` and ``filled`` in common, so that each number is made once for all.
    """
    if filled[stream, a] != quarter:
        fill(key, stream, quarter, a, out)
        filled[stream, a] = quarter


def make_key(seed: int, replicate: int) -> np.ndarray:
    """Key of one replicate, (3,) uint64: the two halves of a 64-bit seed, and the replicate (32 bits)."""
    if not 0 <= seed < 2**64 or not 0 <= replicate < 2**32:
        raise ValueError("seed must fit in 64 bits and replicate in 32 bits, both non-negative")
    return np.array([seed & 0xFFFFFFFF, seed >> 32, replicate], dtype=np.uint64)
