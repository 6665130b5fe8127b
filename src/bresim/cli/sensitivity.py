"""``bresim sensitivity``: run the analysis, keep its tables, figures and sentences, and print what decides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from shutil import rmtree
from typing import cast

from rich.table import Table

from bresim.cli import terminal
from bresim.cli.interrupt import with_resume_hint
from bresim.common.errors import InputError, Problem
from bresim.common.progress import progress_bar
from bresim.common.text import NOT_KNOWN, capital, language
from bresim.config.schema import SensitivityConfig
from bresim.results import JobFolder, Result, make_manifest, write_tables
from bresim.results.earlier import differing, first_of
from bresim.results.manifest import result_keys

#: Most keys in the closing table.
MAX_SHOWN = 10
#: File with the sentences.
FINDINGS = "findings.txt"
#: File beside the kept runs that says which analysis they belong to.
JOB = "job.json"


def run(config: SensitivityConfig) -> Result:
    """The analysis of a configuration, whole in ``out``."""
    from bresim.sensitivity.run import Analysis

    started = datetime.now(UTC)
    analysis = Analysis(config)
    with _folder(config) as folder, progress_bar(config.progress) as progress:
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


@contextmanager
def _folder(config: SensitivityConfig) -> Iterator[JobFolder]:
    """The folder of an analysis. Its runs stay there until all is done; if it is stopped, a note says so."""

    def resume_hint() -> str:
        said = f"finished runs are kept; the same command with out={config.out} resumes"
        return said if _keeps_runs(folder) else ""

    with JobFolder(config.out, config.overwrite, keeps=True) as folder, with_resume_hint(resume_hint):
        _claim(folder, config)
        try:
            yield folder
        except BaseException as error:  # also Ctrl-C
            if hint := resume_hint():
                error.add_note(hint)
            else:
                rmtree(folder.kept, ignore_errors=True)
            raise


def _keeps_runs(folder: JobFolder) -> bool:
    return any(folder.kept.rglob("part-*.parquet"))


def _claim(folder: JobFolder, config: SensitivityConfig) -> None:
    """Raise InputError if the folder keeps runs of another analysis that was stopped; else note that they are ours."""
    from bresim.sweep.identity import model_hash

    note = folder.kept / JOB
    mine = {**result_keys(config.model_dump(mode="json")), "model": model_hash()}
    if config.overwrite:
        rmtree(folder.kept, ignore_errors=True)
    elif _keeps_runs(folder):
        theirs = mine
        with suppress(OSError, ValueError):  # a power cut can leave it empty
            theirs = json.loads(note.read_text(encoding="utf-8"))
        if differs := ", ".join(first_of(list(differing(theirs, mine)))):
            what = f"'{config.out}' keeps the runs of another analysis, which was stopped: {differs}"
            raise InputError(Problem("out", what, "give another folder, or overwrite=true"))
    folder.kept.mkdir(parents=True, exist_ok=True)
    partial = note.with_suffix(".partial")
    partial.write_text(json.dumps(mine), encoding="utf-8")
    partial.replace(note)


def _findings(result: Result) -> list[str]:
    from bresim.analysis.decisive import Reader, findings

    config = cast(SensitivityConfig, result.config)
    assert result.region is not None
    reader = Reader(config, result.region, language(config.lang))
    return findings(reader, result.sensitivity, result.summary, result.convergence, result.boxes)


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
