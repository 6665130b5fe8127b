"""``bresim sensitivity``: run the analysis, keep its tables, figures and sentences, and print what decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from rich.table import Table

from bresim.cli import terminal
from bresim.cli.kept import resumable
from bresim.common.progress import progress_bar
from bresim.common.text import NOT_KNOWN, capital, language
from bresim.config.schema import SensitivityConfig
from bresim.results import Result, make_manifest, write_tables

if TYPE_CHECKING:
    from bresim.analysis.decisive import Reader

#: Most keys in the closing table.
MAX_SHOWN = 10
#: File with the sentences.
FINDINGS = "findings.txt"


def run(config: SensitivityConfig) -> Result:
    """The analysis of a configuration, whole in ``out``."""
    from bresim.sensitivity.run import Analysis

    started = datetime.now(UTC)
    analysis = Analysis(config)
    if config.dry_run:
        return Result(config=config, region=analysis.region, manifest=analysis.planned())
    with resumable(config) as folder, progress_bar(config.progress) as progress:
        result = analysis.run(progress, folder.kept)
        write_tables(folder.stage, result.tables())
        text = "\n\n".join(_findings(result))
        (folder.stage / FINDINGS).write_text(f"{text}\n", encoding="utf-8")
        if config.figures:
            from bresim.analysis.decisive import Reader
            from bresim.plots.decisive import draw_analysis
            from bresim.plots.style import styled
            from bresim.plots.view import View

            words = language(config.lang)
            progress.stage(words.gettext("Figures"))
            (folder.stage / "figures").mkdir()
            with styled():
                view = View(result, words)
                draw_analysis(view, Reader(config, analysis.region, words), folder.stage / "figures")
        made = make_manifest(result, started, datetime.now(UTC))
        result = replace(result, manifest={**made, **result.manifest})  # a result knows how many runs it took
        folder.publish(result.manifest)
    return result


def _findings(result: Result) -> list[str]:
    from bresim.analysis.decisive import Reader, findings

    config = cast(SensitivityConfig, result.config)
    assert result.region is not None
    reader = Reader(config, result.region, language(config.lang))
    return findings(reader, result.sensitivity, result.summary, result.convergence, result.boxes)


def _show_plan(result: Result, reader: Reader) -> None:
    """What a dry run found: how many runs, how long, and what varies."""
    words, plan, out = reader.words, result.manifest, terminal.console()
    _ = words.gettext
    text = _(
        "{runs} runs ({points} points × {designs} designs × {replicates} replicates): about {time} on this machine"
    )
    config = cast(SensitivityConfig, result.config)
    counts = {"runs": plan["runs"], "points": plan["points"], "replicates": config.replicates}
    shown = {name: words.number(count, 0) for name, count in {**counts, "designs": len(config.designs)}.items()}
    out.print(text.format(**shown, time=terminal.duration(plan["seconds"], words)))
    out.print(_("What varies ({count}):").format(count=words.number(len(plan["keys"]), 0)))
    for key in plan["keys"]:
        out.print(f"  {key}", soft_wrap=True)


def show(result: Result) -> None:
    """Print the most important keys of the first quantity, then the sentences."""
    from bresim.analysis.decisive import Reader, missing
    from bresim.columns import QUANTITY

    config = cast(SensitivityConfig, result.config)
    assert result.region is not None
    words = language(config.lang)
    _ = words.gettext
    reader = Reader(config, result.region, words)
    out = terminal.console()
    if config.dry_run:
        _show_plan(result, reader)
        return
    for _names, rows in list(result.summary.groupby(QUANTITY, sort=False, dropna=False))[:1]:
        first = {str(name): value for name, value in rows.iloc[0].items()}
        table = Table(title=capital(reader.subject(first)), title_justify="left")
        in_points = reader.share(first["outcome"])
        headings = {
            "morris": _("percentage points over the whole range") if in_points else _("change over the whole range"),
            "sobol": _("share of the variance"),
            "discovery": _("feature score"),
        }
        table.add_column(_("key"))
        table.add_column(headings[config.method], justify="right")
        table.add_column(_("95% interval"), justify="right")

        def shown(value: float, outcome: str = first["outcome"]) -> str:
            return reader.plain(value, outcome) if config.method == "morris" else words.percent(max(value, 0.0), 1)

        for row in rows.head(MAX_SHOWN).to_dict("records"):
            known = not missing(row["low"])
            interval = (
                _("{low} to {high}").format(low=shown(row["low"]), high=shown(row["high"])) if known else NOT_KNOWN
            )
            table.add_row(reader.key(row["key"]), shown(row["value"]), interval)
        out.print(table)
    for text in _findings(result):
        out.print(text)
        out.print()
    if result.manifest.get("resumed_runs"):
        runs, there = (words.number(result.manifest[name], 0) for name in ("runs", "resumed_runs"))
        out.print(_("{there} of {runs} runs were there already.").format(runs=runs, there=there))
    terminal.show_folder(config)
