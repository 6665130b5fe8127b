"""Labels of number axes: as many decimals as the ticks need, in the reader's notation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.ticker import Formatter

from bresim.common.text import Language

#: No axis of a share needs more decimals.
MAX_DECIMALS = 4


def decimals(values: Sequence[float]) -> int:
    """The least number of decimals that writes every value exactly, at most ``MAX_DECIMALS``: 0, 2.5, 5 need one."""
    for digits in range(MAX_DECIMALS):
        if all(abs(round(value, digits) - value) < 10.0 ** -(digits + 3) for value in values):
            return digits
    return MAX_DECIMALS


class Ticks(Formatter):
    """Writes ticks with the same number of decimals, the least that loses nothing."""

    def __init__(self, write: Callable[[float, int], str], scale: float = 1.0):
        self.write = write
        self.scale = scale

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The label of a value by itself."""
        return self.format_ticks([x])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """The labels of all ticks of an axis."""
        digits = decimals([self.scale * float(value) for value in values])
        return [self.write(float(value), digits) for value in values]


def percent(language: Language) -> Ticks:
    """Ticks of shares: ``0.025`` → ``2,5%``."""
    return Ticks(language.percent, 100.0)


def number(language: Language) -> Ticks:
    """Ticks of numbers: ``0.25`` → ``0,25``."""
    return Ticks(language.number)


def signed(language: Language) -> Ticks:
    """Ticks of differences, with a plus above zero."""
    return Ticks(language.signed)
