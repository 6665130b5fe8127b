"""The report of a comparison: one self-contained HTML file in Dutch or English."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bresim.plots.view import Figure
    from bresim.results import Result

__all__ = ["write"]


def write(result: Result, figures: Sequence[Figure], out: Path, lang: str) -> Path:
    """Write ``report.html`` in ``out``, whole or not at all; it needs no network and no other file."""
    from bresim.analysis.names import about
    from bresim.common.text import language
    from bresim.plots.view import View
    from bresim.report import answer, assumptions, cards, certainty, page, table

    view = View(result, language(lang))
    region = view.language.label(view.region)
    title = view.language.gettext("Comparison of governance designs: {region}").format(region=region)
    return page.write(
        out / "report.html",
        "report.html.j2",
        view.language,
        view=view,
        region=region,
        title=title,
        footer=page.footer(title, view.day),
        answer=answer.answer(view),
        about=about(view.config, view.language),
        lines=table.lines(view),
        scales=table.scales(view.founded or view),
        shared=table.shared(view),
        figures=[(figure, page.embedded(figure)) for figure in figures],
        assumed=assumptions.assumed(view),
        uncertainty=certainty.uncertainty(view),
        cards=cards.cards(view),
        limits=assumptions.limits(view),
        reproduce=assumptions.reproduce(view),
    )
