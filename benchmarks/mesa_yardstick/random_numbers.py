"""Random numbers of the Mesa model: bresim's keyed ones in plain Python, or those of Python's own generator.

With ``KeyedNumbers`` a run has the random numbers of the same run of bresim (common random numbers), so that outcomes
can be compared run by run.
``FreeNumbers`` is what a Mesa model would use if nothing were to be compared; it is there for the timing.
"""

from __future__ import annotations

import random

LOW = 0xFFFFFFFF


def philox4x32(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Ten rounds of Philox4x32 (Salmon et al. 2011): four counter words and two key words to four words."""
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & LOW, (p0 >> 32) ^ c3 ^ k1, p0 & LOW
        k0 = (k0 + 0x9E3779B9) & LOW
        k1 = (k1 + 0xBB67AE85) & LOW
    return c0, c1, c2, c3


class KeyedNumbers:
    """Numbers that depend on seed, replicate, decision, quarter and who decides, and on nothing else."""

    def __init__(self, seed: int, replicate: int):
        self.seed = (seed & LOW, seed >> 32)
        self.replicate = replicate
        self.quarter = 0
        self.blocks: dict[tuple[int, int, int], tuple[int, int, int, int]] = {}

    def alone(self, stream: int, quarter: int, about: int, who: int) -> float:
        """Uniform number in [0, 1) of one decision."""
        x0, x1, _, _ = philox4x32(quarter, self.replicate, about << 16 | who, stream, *self.seed)
        return ((x0 >> 5) * 67108864 + (x1 >> 6)) / 9007199254740992

    def among(self, stream: int, quarter: int, about: int, who: int, count: int) -> float:
        """Uniform number in [0, 1) of one of ``count`` deciders about one thing; four of them share a block."""
        if quarter != self.quarter:
            self.quarter = quarter
            self.blocks.clear()
        word, block = divmod(who, -(-count // 4))
        key = (stream, about, block)
        if key not in self.blocks:
            self.blocks[key] = philox4x32(quarter, self.replicate, about << 16 | block, stream, *self.seed)
        return self.blocks[key][word] / 4294967296


class FreeNumbers:
    """The next number of Python's generator, whatever it is for."""

    def __init__(self, generator: random.Random):
        self.random = generator.random

    def alone(self, stream: int, quarter: int, about: int, who: int) -> float:
        """Uniform number in [0, 1)."""
        return self.random()

    def among(self, stream: int, quarter: int, about: int, who: int, count: int) -> float:
        """Uniform number in [0, 1)."""
        return self.random()
