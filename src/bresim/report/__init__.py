"""The report of a comparison: one self-contained HTML file in Dutch or English."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bresim.plots.view import Figure
    from bresim.results import Result

__all__ = ["write"]

_HERE = Path(__file__).parent


def write(result: Result, figures: Sequence[Figure], out: Path, lang: str) -> Path:
    """Write ``report.html`` in ``out``, whole or not at all; it needs no network and no other file."""
    import jinja2

    from bresim.common.text import language
    from bresim.plots.view import View
    from bresim.report import answer, assumptions, cards, certainty, table

    view = View(result, language(lang))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(view.language.gettext, view.language.ngettext)  # type: ignore[attr-defined]
    page = environment.get_template("report.html.j2").render(
        view=view,
        language=view.language,
        region=view.language.label(view.region),
        style=(_HERE / "style.css").read_text("utf-8"),
        answer=answer.answer(view),
        setting=assumptions.setting(view),
        lines=table.lines(view),
        shared=table.shared(view),
        figures=[(figure, _embedded(figure)) for figure in figures],
        assumed=assumptions.assumed(view),
        uncertainty=certainty.uncertainty(view),
        cards=cards.cards(view),
        limits=assumptions.limits(view),
        reproduce=assumptions.reproduce(view),
    )
    out.mkdir(parents=True, exist_ok=True)
    path = out / "report.html"
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(page, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _embedded(figure: Figure) -> str:
    """The picture as a data address, so that the page needs no other file."""
    return "data:image/svg+xml;base64," + base64.b64encode(figure.svg.read_bytes()).decode("ascii")
