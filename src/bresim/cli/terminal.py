"""What a command prints when it is done: a closing table and the folder of the results."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from bresim.analysis.names import about, design_names, judgement, measured
from bresim.analysis.scales import apart
from bresim.analysis.spread import split_sentence
from bresim.cli.streams import drop
from bresim.columns import Outcome, run_outcomes
from bresim.common.errors import BresimError, said
from bresim.common.text import NOT_KNOWN, Language, capital, language
from bresim.config.schema import JobConfig, ModelConfig
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE
from bresim.region.types import Region
from bresim.results.result import Result

if TYPE_CHECKING:
    from bresim.results.contents import Results

#: Width when the output goes to a file or another program.
PLAIN_WIDTH = 120


class _Console(Console):
    """Rich's console, but a broken pipe is raised instead of ending the process."""

    def on_broken_pipe(self) -> None:
        """Raise BrokenPipeError instead of exiting with code 1."""
        raise BrokenPipeError


def console() -> Console:
    """The terminal, or plain text of a fixed width. A label is shown as it was written, whatever brackets it holds."""
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    return _Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False, markup=False, emoji=False)


@contextmanager
def printing(config: JobConfig) -> Iterator[None]:
    """Print the result; if printing fails, say that the results are complete in ``out``."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop()
        what = said(
            "the results are complete in {out}, but could not be printed ({reason})",
            out=config.out,
            reason=error.strerror or error,
        )
        raise BresimError(what) from None


def show_comparison(result: Result) -> None:
    """One row per design, from the highest to the lowest mean direct value, with its uncertainty."""
    config = result.config
    assert isinstance(config, ModelConfig)
    words = language(config.lang)
    console().print(f"{about(config, words)}.")
    _designs_table(result)
    _scales_table(result)
    if measured(config, words):
        console().print(measured(config, words))
    rows = result.summary[result.summary["outcome"] == HEADLINE]
    of_one = rows[rows["founding"] == rows["founding"].iloc[-1]]  # of both: if founded
    sets = int(result.runs["parameter_draw"].nunique())
    which = words.gettext("If founded") + ". " if rows["founding"].nunique() > 1 else ""
    console().print(which + split_sentence(of_one, words, sets))
    _say_judgement(result)
    show_folder(config)


def show_brief(result: Result) -> None:
    """The designs beside each other, then where the document is."""
    _designs_table(result)
    show_folder(result.config)


def show_page(result: Result) -> None:
    """Where the page is."""
    show_folder(result.config)


def show_sweep(result: Result) -> None:
    """The number of runs (of a dry run: the estimate); the designs over all points."""
    words = language(result.config.lang)
    _ = words.gettext
    manifest = result.manifest
    out = console()
    if "seconds" in manifest:
        text = _("{runs} runs ({points} points) in {chunks} parts: about {time} on this machine, {size} MB on disk")
        size = words.number(manifest["megabytes"], 1)
        counts = {name: words.number(manifest[name], 0) for name in ("runs", "points", "chunks")}
        out.print(text.format(**counts, time=duration(manifest["seconds"], words), size=size))
        return
    _designs_table(result)
    text = _("{runs} runs ({points} points); {failures} failed; {resumed} of {chunks} parts were there already")
    names = {
        "runs": "runs",
        "points": "points",
        "failures": "failures",
        "resumed": "resumed_chunks",
        "chunks": "chunks",
    }
    out.print(text.format(**{name: words.number(manifest.get(key, 0), 0) for name, key in names.items()}))
    for part in manifest["recomputed_parts"]:
        out.print(_("Damaged or gone, and made again: {part}").format(part=part), soft_wrap=True)
    _say_judgement(result)
    show_folder(result.config)


def show_results(results: Results, lang: str) -> None:
    """The job of a folder, how much of it is finished, and its tables."""
    words = language(lang)
    _ = words.gettext
    manifest = results.manifest
    finished = manifest["finished"] or _("not finished")
    table = Table(title=f"bresim {manifest['command']}, {finished}", title_justify="left")
    for heading in (_("table"), _("parts"), _("rows"), _("columns"), "MB"):
        table.add_column(heading, justify="left" if heading == _("table") else "right")
    for listed in results.tables():
        counts = (len(listed.parts), listed.rows, len(listed.columns))
        table.add_row(listed.name, *(words.number(count, 0) for count in counts), words.number(listed.megabytes, 1))
    out = console()
    out.print(table)
    if results.is_sweep:
        done = sum(len(listed.parts) for listed in results.tables() if listed.name == "runs")
        text = _("{done} of {chunks} parts; {runs} runs ({points} points); {failures} failed")
        keys = {"chunks": "chunks", "runs": "runs", "points": "points", "failures": "failures"}
        totals = {name: words.number(manifest.get(key, 0), 0) for name, key in keys.items()}
        out.print(text.format(done=words.number(done, 0), **totals))


def duration(seconds: float, words: Language) -> str:
    """In seconds, minutes or hours."""
    for limit, unit, label in ((90.0, 1.0, "{n} s"), (5400.0, 60.0, "{n} min"), (float("inf"), 3600.0, "{n} h")):
        if seconds < limit:
            return label.format(n=words.number(seconds / unit, 0 if unit < 3600.0 else 1))
    raise AssertionError


def _designs_table(result: Result) -> None:
    """The designs under both foundings beside each other; a founding by itself if there is nothing to differ from."""
    config = result.config
    assert isinstance(config, ModelConfig)
    words = language(config.lang)
    _ = words.gettext
    rows = result.summary[result.summary["outcome"] == HEADLINE]
    found = {str(name): part for name, part in rows.groupby("founding", sort=False)}
    out = console()
    if len(found) > 1 and (rows["design"] == REFERENCE).any():
        decided, founded = (found[founding].set_index("design") for founding in FOUNDINGS)
        out.print(_both_table(decided, founded, _shares_founded(result.summary), design_names(config, words), words))
    else:
        for part in found.values():
            out.print(_one_table(part, design_names(config, words), words))
    out.print(
        _("Best in: share of the futures in which the design does better than every other one; ties do not count.")
    )


def _scales_table(result: Result) -> None:
    """The differences at each scale apart: what governance moves is small in a sum with what it hardly touches."""
    config = result.config
    assert isinstance(config, ModelConfig)
    words = language(config.lang)
    found = apart(result.summary, words)
    if found is None:
        return
    table = _table(found.title, list(found.headings), words)
    labels = design_names(config, words)
    for name in found.designs:
        cells = [_together(*_difference(name, part[name], words))[0] for part in found.parts.values()]
        table.add_row(labels.get(name, name), *cells)
    table.caption = found.caption
    console().print(table)


def _shares_founded(summary: pd.DataFrame) -> dict[str, float]:
    """The share of the futures in which each design is founded by vote; none if the summary does not have it.

    The status quo is there from the start.
    """
    rows = summary[(summary["outcome"] == "adopted") & (summary["founding"] == FOUNDINGS[0])]
    rows = rows[rows["design"] != REFERENCE]
    return dict(zip(rows["design"], rows["mean"], strict=True))


def _table(title: str, headings: Sequence[str], words: Language) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(words.gettext("design"), overflow="fold")  # on a narrow terminal long words are broken, not cut
    for heading in headings:
        table.add_column(heading, justify="right", overflow="fold")
    return table


def _one_table(rows: pd.DataFrame, labels: Mapping[str, str], words: Language) -> Table:
    _ = words.gettext
    titles = {
        FOUNDINGS[0]: _("Direct public value at the end, in % of what is attainable, as decided by vote"),
        FOUNDINGS[1]: _("Direct public value at the end, in % of what is attainable, if founded"),
    }
    headings = (_("mean"), _("90% of the futures"), _("difference to status quo"), _("95% interval"), _("best in"))
    table = _table(titles[rows["founding"].iloc[0]], headings, words)
    for row in rows.sort_values("mean", ascending=False).to_dict("records"):
        name = str(row["design"])
        spread = _("{low} to {high}").format(low=_percent(row["low"], words), high=_percent(row["high"], words))
        table.add_row(labels.get(name, name), _percent(row["mean"], words), spread, *_difference(name, row, words))
    return table


def _both_table(
    decided: pd.DataFrame,
    founded: pd.DataFrame,
    shares: Mapping[str, float],
    labels: Mapping[str, str],
    words: Language,
) -> Table:
    """Differences if founded and as decided; the status quo, which is the same under both, by its mean."""
    _ = words.gettext
    title = _("Direct public value at the end: difference to the status quo, in percentage points")
    headings = [_("if founded (95% interval)"), _("best in"), _("is founded in")]
    headings += [_("as decided (95% interval)"), _("best in")]
    table = _table(title, headings, words)
    every = founded.index.union(decided.index, sort=False)  # the points of a sweep may name designs for one founding
    founded, decided = founded.reindex(every).sort_values("mean", ascending=False), decided.reindex(every)
    for name in founded.index:
        ours, theirs = (_together(*_difference(name, part.loc[name], words)) for part in (founded, decided))
        table.add_row(labels.get(name, name), *ours, words.percent(shares.get(name)), *theirs)
    text = _("The status quo realises {mean}% of what is attainable.")
    table.caption = text.format(mean=_percent(founded["mean"][REFERENCE], words))
    return table


def _together(difference: str, interval: str, best: str) -> tuple[str, str]:
    """A difference with its interval, so that the names of designs have room; and how often the design is best."""
    return difference if difference == NOT_KNOWN else f"{difference} ({interval})", best


def _percent(value: float, words: Language) -> str:
    return words.number(None if pd.isna(value) else 100 * value)


def _difference(name: str, row: Mapping[Any, Any] | pd.Series, words: Language) -> tuple[str, str, str]:
    """Difference to the status quo, its interval, and how often the design is best."""
    known = not pd.isna(row["difference"]) and name != REFERENCE
    return (
        words.points(row["difference"]) if known else NOT_KNOWN,
        words.points_range(row["difference_low"], row["difference_high"]) if known else NOT_KNOWN,
        words.percent(row["probability_best"]),
    )


def show_run(result: Result) -> None:
    """The outcomes of one run."""
    config = result.config
    assert isinstance(config, ModelConfig)
    words = language(config.lang)
    _ = words.gettext
    table = Table(title=", ".join(design_names(config, words).values()), title_justify="left")
    table.add_column(_("outcome"))
    table.add_column(_("value"), justify="right")
    values = result.runs.iloc[0]
    for outcome in _outcomes(result.region):
        if outcome.name in values.index:
            table.add_row(capital(words.label(outcome)), _value(values[outcome.name], outcome, words, config))
    console().print(table)
    _say_judgement(result)
    show_folder(config)


def _say_judgement(result: Result) -> None:
    """Warn, where there is something to warn of, that nobody judged the parameter sets with what ran."""
    said_of_sets = judgement(result.not_judged, language(result.config.lang))
    if said_of_sets:
        console().print(said_of_sets)


def _outcomes(region: Region | None) -> tuple[Outcome, ...]:
    themes = [(theme.name, theme.label_nl, theme.label_en) for theme in region.themes] if region else []
    return run_outcomes(themes, region.subregion_labels if region else [])


def _value(value: Any, outcome: Outcome, words: Language, config: ModelConfig) -> str:
    if pd.isna(value):
        return NOT_KNOWN
    if outcome.name in ("adopted_quarter", "dissolved_quarter"):  # a moment, counted from the start of the run
        return config.time.dates[int(value)]
    if outcome.unit == "flag":
        return words.gettext("yes") if value else words.gettext("no")
    if outcome.unit == "share":
        return words.percent(float(value), 1)
    return words.number(float(value), 0 if float(value).is_integer() else 1)


def _bounds(row: Mapping[Any, Any], words: Language) -> str:
    """From where to where a statistic may lie; on one side there may be no bound."""
    if pd.isna(row["at_most"]):
        return f"≥ {_cell(row['at_least'], words)}"
    if pd.isna(row["at_least"]):
        return f"≤ {_cell(row['at_most'], words)}"
    return f"{_cell(row['at_least'], words)} – {_cell(row['at_most'], words)}"


def show_patterns(result: Result) -> None:
    """One row per pattern, as in ``patterns.parquet``; its words share a cell. Checks of the code stand apart."""
    words = language(result.config.lang)
    _ = words.gettext
    kinds = {"pattern": _("Patterns"), "check": _("Checks of the code: hardly any parameter set can fail them")}
    for kind, title in kinds.items():
        rows = [row for row in result.patterns.to_dict("records") if row["kind"] == kind]
        if rows:
            console().print(_pattern_table(title, rows, words))
    show_folder(result.config)


def _pattern_table(title: str, rows: Sequence[Mapping[Any, Any]], words: Language) -> Table:
    _ = words.gettext
    table = Table(title=title, show_lines=True)
    table.add_column(_("pattern"))
    table.add_column(_("statement: statistic (source)"), min_width=30)
    two = (f"{_('mean')}\n{_('low - high')}", f"{_('fails in prior')}\n{_('fails when off')}")
    for head, width in ((_("bounds"), 13), (two[0], 16), (_("share of sets"), 8), (two[1], 12)):
        table.add_column(head, justify="right", max_width=width)
    table.add_column(_("verdict"))
    verdicts = {"pass": _("pass"), "fail": _("fail")}
    for row in rows:
        interval = f"{_cell(row['mean'], words)}\n{_cell(row['low'], words)} - {_cell(row['high'], words)}"
        statement, statistic = row["statement"], row["statistic"]
        text = f"{_(statement)}: {_(statistic)} ({row['source']})"
        power = f"{_cell(row['fails_in_prior'], words)}\n{_cell(row['fails_when_off'], words)}"
        share, verdict = _cell(row["share_of_sets"], words), verdicts[row["verdict"]]
        table.add_row(row["pattern"], text, _bounds(row, words), interval, share, power, verdict)
    return table


def _cell(value: Any, words: Language) -> str:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return NOT_KNOWN
    if isinstance(value, bool) or str(value) in {"True", "False"}:
        return words.gettext("yes") if value else words.gettext("no")
    return words.number(float(value), 0 if float(value).is_integer() else 3)


def show_region(result: Result) -> None:
    """The region beside what is published of it."""
    from bresim.report.region import show

    assert result.region is not None
    show(console(), result.region, result.config.lang)
    show_folder(result.config)


def show_folder(config: JobConfig) -> None:
    """Where the results lie, the report first."""
    _ = language(config.lang).gettext
    print(f"{_('Results')}: {config.out}")
    for name, what in (
        ("report.html", _("Report")),
        ("brief.html", _("Brief")),
        ("brief.pdf", _("Brief")),
        ("page.html", _("Page")),
    ):
        if (config.out / name).is_file():
            print(f"{what}: {config.out / name}")
