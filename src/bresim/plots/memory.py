"""Figures of a result as objects of Matplotlib, without a file: for a notebook."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from bresim.common.text import Language, language
from bresim.plots import (
    differences,
    municipalities,
    regional,
    robustness,
    themes,
    trajectories,
    trust,
    trust_network,
    undercurrent,
)
from bresim.plots.style import Picture, styled
from bresim.plots.view import View
from bresim.results.result import Result

#: Modules that draw one figure each, in the order of a report.
OF_ONE = (differences, trajectories, regional, themes, municipalities, trust, undercurrent, robustness)


def drawn(result: Result, lang: str, names: Collection[str] | None = None) -> dict[str, Picture]:
    """The figures of a comparison that the result has data for, by name; only of the modules in ``names``, if given."""

    def draw(view: View, nowhere: Path) -> None:
        for module in (*OF_ONE, trust_network):
            if names is None or module.__name__.rpartition(".")[2] in names:
                module.draw(view, nowhere)

    return kept(result, language(lang), draw)


def kept(result: Result, words: Language, draw: Callable[[View, Path], Any]) -> dict[str, Picture]:
    """What ``draw`` would write, in its form for a slide where it has one, by name."""
    figures: dict[str, Picture] = {}
    with styled():
        draw(View(result, words, kept=figures), Path())
    return figures
