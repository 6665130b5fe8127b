"""Figures of a comparison: one file per figure, each with a sentence that states its result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bresim.plots.backend import drop_unknown

if TYPE_CHECKING:
    from bresim.plots.view import Figure
    from bresim.results import Result

__all__ = ["draw_all"]

drop_unknown()


def draw_all(result: Result, out: Path, lang: str) -> list[Figure]:
    """Draw every figure that the result has data for, as SVG and PNG in ``out``; ``lang`` is ``nl`` or ``en``.

    A figure without data (a table that was not recorded, no status quo to compare with, one design or one
    level of the undercurrent only) is left out.
    """
    # matplotlib is imported here, not when bresim starts
    from bresim.common.text import language
    from bresim.plots import trust_network
    from bresim.plots.memory import OF_ONE
    from bresim.plots.style import styled
    from bresim.plots.view import View

    view = View(result, language(lang))
    figures: list[Figure] = []
    with styled():
        for module in OF_ONE:
            figure = module.draw(view, out)
            if figure is not None:
                figures.append(figure)
        figures += trust_network.draw(view, out)
    return figures
