"""The page of the brief, its workbook and its CSV files, written in a folder."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.dates import format_date

from bresim.analysis.names import about
from bresim.brief.job import Brief
from bresim.common.text import Language, capital, language
from bresim.plots.view import View
from bresim.report import assumptions, page
from bresim.report.brief import answer, tables, why, workbook
from bresim.report.brief.local import local, locals_of, who_takes_part
from bresim.report.brief.pictures import Pictures
from bresim.report.brief.sheets import Sheet, shown
from bresim.report.brief.words import Words
from bresim.report.certainty import cautions, uncertainty
from bresim.report.table import Cell, Line
from bresim.results import Result

_HERE = Path(__file__).parent
#: File name of the page.
PAGE = "brief.html"


@dataclass(frozen=True)
class Table:
    """A sheet as the page shows it."""

    anchor: str
    title: str
    note: str
    first: str
    lines: tuple[Line, ...]


def table(sheet: Sheet, lang: Language) -> Table:
    """The cells of a sheet as texts."""
    lines = []
    unit = lang.gettext("{heading} (points)")
    told = [
        unit.format(heading=one.text) if one.look == "sum" and one.kind == "points" else one.text
        for one in sheet.headings
    ]
    for row in sheet.rows:
        cells = [
            Cell(text, shown(cell, heading.kind, lang), _look(heading.look or heading.kind))
            for text, heading, cell in zip(told[1:], sheet.headings[1:], row[1:], strict=True)
        ]
        lines.append(Line(str(row[0]), "", tuple(cells)))
    return Table(sheet.name.replace(" ", "-"), sheet.title, sheet.note, sheet.headings[0].text, tuple(lines))


def _look(kind: str) -> str:
    """The style of a cell: words stand left, numbers right."""
    return {"text": "word", "span": "range"}.get(kind, kind if kind in {"sum", "range"} else "")


def view_of(brief: Brief, manifest: Mapping[str, Any], lang: Language) -> View:
    """The comparison behind the brief, for what every report tells in the same words."""
    result = Result(
        config=brief.config,
        region=brief.region,
        runs=brief.runs,
        summary=brief.summary,
        manifest=manifest,
        not_judged=tuple(manifest.get("not_judged", ())),
    )
    return View(result, lang)


def write(brief: Brief, manifest: Mapping[str, Any], out: Path, today: datetime.date) -> Path:
    """Write page, workbook, CSV files and figures in ``out``; ``today`` is the date on the page."""
    lang = language(brief.config.lang)
    words, view = Words(brief, lang), view_of(brief, manifest, lang)
    title, day = _title(words), format_date(today, format="long", locale=lang.locale)
    figures = Pictures(words, out / "figures", view.source).all()
    one = brief.config.municipality
    sheets = list(tables.all_sheets(words)) if one is None else [local(words, one).sheet, local(words, one).values]
    explained = [*assumptions.assumed(view), *assumptions.reproduce(view)]
    workbook.write(sheets, title, explained, out, lang)
    replicates = int(brief.runs["replicate"].nunique())
    content = {
        "title": title,
        "region": words.region,
        "print_style": (_HERE / "brief.css").read_text("utf-8"),
        "footer": page.footer(title, day),
        "date": day,
        "setting": f"{about(brief.config, lang)}.",
        "municipality": one,
        "locals": [(place, table(place.sheet, lang), table(place.values, lang)) for place in locals_of(words)],
        "assumed": assumptions.assumed(view),
        "limits": assumptions.limits(view),
        "reproduce": assumptions.reproduce(view),
        "cautions": cautions(brief.config.parameters.source, view.parameter_sets, replicates, lang),
        "figures": {name: (figure, page.embedded(figure)) for name, figure in figures.items()},
        "explained": "" if brief.explained is None else words.quoted(brief.explained),
    }
    if one is None:
        content |= _whole(words, view, sheets, lang, today)
    return page.write(out / PAGE, "brief/brief.html.j2", lang, **content)


def _whole(words: Words, view: View, sheets: Sequence[Sheet], lang: Language, today: datetime.date) -> dict[str, Any]:
    """What stands in the brief beside the pages of municipalities."""
    shown_tables = {sheet.name: table(sheet, lang) for sheet in sheets}
    if len(words.brief.packages):
        shown_tables["packages"] = table(tables.best_packages(words), lang)
    if words.brief.explained is not None:
        shown_tables["overview"] = table(tables.overview(words), lang)
    if len(words.brief.worlds):
        shown_tables["world_matrix"] = table(tables.world_matrix(words), lang)
    if len(words.brief.measures):
        shown_tables["measure_matrix"] = table(tables.measure_matrix(words), lang)
    return {
        "question": answer.question(words),
        "answer": answer.answer(words),
        "risks": answer.risks(words),
        "decisions": answer.decisions(words),
        "signs": why.signs(words),
        "tables": shown_tables,
        "members": who_takes_part(words),
        "subregions": tables.subregions(words),
        "descriptions": words.descriptions(),
        "measure_texts": words.measure_texts(),
        "world_texts": words.world_texts(),
        "rule": why.voting_rule(words),
        "stronger": why.stronger_undercurrent(words),
        "late": why.late(words, today),
        "uncertainty": uncertainty(view),
        "terms": [(capital(term), text) for term, text in terms(words)],
    }


def _title(words: Words) -> str:
    one = words.brief.config.municipality
    if one is not None:
        return words._("Working together in {region}: what it means for {municipality}").format(
            region=words.region, municipality=one
        )
    return words._("Working together in {region}: brief for the conference").format(region=words.region)


def terms(words: Words) -> list[tuple[str, str]]:
    """Words that the brief uses, explained."""
    _ = words._
    return [
        (_("public value"), _("Which part of what the region can attain is realised. It is not money.")),
        (_("gain"), _("How much more public value than with today's way of working, in the same futures.")),
        (_("percentage point"), _("From 15% to 20% is 5 percentage points.")),
        (_("95% interval"), _("How well an average is known: with other futures it would almost always lie in here.")),
        (_("future"), _("One simulated course of events, with its own shocks, elections and money; the same for all.")),
        (_("world"), _("A scenario together with a level of the undercurrent.")),
        (
            _("undercurrent"),
            _("What pulls municipalities apart: parochialism, unequal partnership, bad memories retold."),
        ),
        (
            _("found"),
            _(
                "A way of working together begins to hold: by a vote of the municipalities, by the province, or "
                "without a vote in “if founded”."
            ),
        ),
        (_("measure"), _("Something that can be done under any way of working together, such as monitoring.")),
    ]
