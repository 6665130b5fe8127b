"""Finished jobs beside each other on one page: what stays, what changes, and the same tables for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bresim.analysis import comparison
from bresim.analysis.comparison import Difference
from bresim.common.text import NOT_KNOWN, Language
from bresim.conventions import HEADLINE, REFERENCE, Founding
from bresim.plots.beside import Panel
from bresim.plots.view import Figure, View
from bresim.report import assumptions, page
from bresim.report.certainty import cautions
from bresim.report.jobs import Job, Jobs, differing, same
from bresim.report.moves import changes, leads, places, what_changes
from bresim.report.table import LOOKS, Cell, Line


@dataclass(frozen=True)
class Section:
    """A table with its heading and the note that explains it, if any."""

    name: str
    title: str
    note: str
    lines: tuple[Line, ...]


def write(jobs: Jobs, figures: Sequence[Figure], out: Path) -> Path:
    """Write ``report.html`` in ``out``, whole or not at all; it needs no network and no other file."""
    view, _ = jobs.first.view, jobs.language.gettext
    region, day = jobs.language.label(view.region), jobs.day
    heading = _("Working together in {region}: {count} comparisons beside each other").format(
        region=region, count=jobs.language.numeral(len(jobs.jobs))
    )
    return page.write(
        out / "report.html",
        "beside.html.j2",
        jobs.language,
        region=region,
        heading=heading,
        day=day,
        footer=page.footer(heading, day),
        title=title(jobs),
        answer=what_changes(jobs),
        cautions=warnings(jobs),
        differing=differing(jobs),
        futures=futures(jobs),
        unit=unit(jobs),
        sections=sections(jobs),
        figures=[(figure, page.embedded(figure)) for figure in figures],
        same=same(jobs),
        limits=assumptions.limits(view),
        again=[(job.label, [*_folder(job), *assumptions.reproduce(job.view)]) for job in jobs.jobs],
    )


def title(jobs: Jobs) -> str:
    """What the jobs were about, in a line."""
    return " · ".join(job.label for job in jobs.jobs)


def _folder(job: Job) -> assumptions.Facts:
    return [(job.language.gettext("Folder"), str(job.folder))]


def warnings(jobs: Jobs) -> list[str]:
    """What a reader must know before using the numbers, once for all jobs that it holds for."""
    _ = jobs.language.gettext
    found: dict[str, list[str]] = {}
    for job in jobs.jobs:
        view = job.view
        few = cautions(job.config.parameters.source, view.parameter_sets, job.config.replicates, jobs.language)
        for text in few:
            found.setdefault(text, []).append(job.quoted)
    texts = [
        text if len(labels) == len(jobs.jobs) else f"{jobs.language.join(labels)}: {text}"
        for text, labels in found.items()
    ]
    if any(jobs.another_state(job) for job in jobs.jobs):
        texts.append(
            _(
                "These comparisons were made by different states of the program. What differs between them can come "
                "from that, too. To be sure, run them again with one version."
            )
        )
    measures = {tuple(sorted((name, s) for name, s in job.config.measures.items() if s)) for job in jobs.jobs}
    if len(measures) > 1 and jobs.reference:
        texts.append(
            _(
                "Measures also hold in the status quo of their comparison. A gain there is what a design adds to the "
                "measures; what the measures do by themselves shows in the line of the status quo."
            )
        )
    return texts


def futures(jobs: Jobs) -> str:
    """Whether the jobs can be compared future by future, and if not, why."""
    _ = jobs.language.gettext
    why = {job.quoted: reason for job in jobs.jobs[1:] if (reason := jobs.why_unpaired(job))}
    if not why:
        return _(
            "All comparisons have the same futures (shocks, elections, money and parameters), so they are compared "
            "future by future."
        )
    listed = jobs.language.join(f"{label} ({reason})" for label, reason in why.items())
    return _(
        "Not the same futures as in {first}: {listed}. There averages are compared, and chance makes the intervals of "
        "the changes wider."
    ).format(first=jobs.first.quoted, listed=listed)


def sections(jobs: Jobs) -> list[Section]:
    """The tables: gain under each founding, chance of founding, place, change, each scale."""
    found = [_gains(jobs, founding) for founding in jobs.foundings]
    if "vote" in jobs.foundings:
        found.insert(len(found) - 1, _chances(jobs))
    if len(jobs.common) > 2:
        found.append(_places(jobs))
    found.append(_changes(jobs))
    return [*found, *_scales(jobs)]


def _row(design: str, cells: Sequence[Cell], jobs: Jobs) -> Line:
    return Line(jobs.names[design], "reference" if design == jobs.reference else "", tuple(cells))


def estimates(view: View, column: str, reference: str | None) -> dict[str, Difference]:
    """Design → its gain over the reference with its interval; of the reference, or without one, the mean itself."""
    means, intervals = comparison.means(view.runs, column), comparison.intervals(view.runs, column)
    levels = {
        design: Difference(design, mean, *intervals[design], *[float("nan")] * 4) for design, mean in means.items()
    }
    if reference is None:
        return levels
    gains = {row.design: row for row in view.against(column)}
    return {**gains, **{design: level for design, level in levels.items() if design == reference}}


def _estimate(label: str, found: Difference | None, is_gain: bool, language: Language) -> Cell:
    """A gain in percentage points, or a share of what is attainable, with its interval."""
    if found is None or not np.isfinite(found.mean):
        return Cell(label, NOT_KNOWN)
    if is_gain:
        text, interval = language.points(found.mean), language.points_range(found.low, found.high)
        return Cell(label, f"{text} ({interval})", f"sum range {LOOKS[found.verdict]}")
    text = language.percent(found.mean, 1)
    if not np.isfinite(found.low):
        return Cell(label, text)
    low, high = language.percent(max(found.low, 0.0), 1), language.percent(found.high, 1)
    interval = language.gettext("{low} to {high}").format(low=low, high=high)
    return Cell(label, f"{text} ({interval})", "range")


def _table(jobs: Jobs, founding: Founding, column: str) -> tuple[Line, ...]:
    """A line for each design, a cell for each job."""
    found = {job.label: estimates(job.under(founding), column, jobs.reference) for job in jobs.jobs}
    gains = [design for design in jobs.designs if design != jobs.reference] if jobs.reference else []
    return tuple(
        _row(
            design,
            [_estimate(label, each.get(design), design in gains, jobs.language) for label, each in found.items()],
            jobs,
        )
        for design in jobs.designs
        if any(design in each for each in found.values())
    )


def unit(jobs: Jobs) -> str:
    """What the numbers of the tables are."""
    _ = jobs.language.gettext
    if jobs.reference is None:
        return _(
            "Direct public value at the end, as a share of what is attainable, with its 95% interval: not every "
            "comparison has the status quo to compare with."
        )
    return _(
        "Difference from the status quo of the same comparison in percentage points, with its 95% interval. Of the "
        "status quo: the share of what is attainable that it realises."
    )


def _gains(jobs: Jobs, founding: Founding) -> Section:
    _ = jobs.language.gettext
    titles = {"vote": _("As decided by vote"), "at_once": _("If founded")}
    return Section(f"gains-{founding}", titles[founding], "", _table(jobs, founding, HEADLINE))


def _chances(jobs: Jobs) -> Section:
    _ = jobs.language.gettext
    shares = {job.label: comparison.means(job.under("vote").runs, "adopted") for job in jobs.jobs}
    lines = [
        _row(design, [Cell(label, jobs.language.percent(each.get(design))) for label, each in shares.items()], jobs)
        for design in jobs.designs
        if design != REFERENCE
    ]
    note = _("In which share of the futures the municipalities found the design by vote.")
    return Section("chances", _("Chance of founding"), note, tuple(lines))


def _places(jobs: Jobs) -> Section:
    _ = jobs.language.gettext
    found = places(jobs, jobs.main)
    leaders = {job.label: job.among(jobs.common, jobs.main).leaders for job in jobs.jobs}
    lines = []
    for design in jobs.common:
        cells = []
        for label, ranks in found.items():
            text = str(ranks[design]) if design in ranks else NOT_KNOWN
            alike = design in leaders[label] and ranks.get(design) != 1
            cells.append(Cell(label, f"{text} (≈ 1)" if alike else text))
        lines.append(_row(design, cells, jobs))
    note = _(
        "Place by the average, among the designs that every comparison has. {told} “≈ 1”: cannot be told apart from "
        "the highest."
    )
    return Section("places", _("Place"), note.format(told=_told(jobs.main, jobs.language)), tuple(lines))


def _told(founding: Founding, language: Language) -> str:
    _ = language.gettext
    return {"vote": _("As decided by vote."), "at_once": _("If founded at the policy start.")}[founding]


def _changes(jobs: Jobs) -> Section:
    """How much higher or lower each later job is than the first."""
    _, language = jobs.language.gettext, jobs.language
    found = {job.label: changes(jobs, job) for job in jobs.jobs[1:]}
    lines = [
        _row(design, [_estimate(label, each.get(design), True, language) for label, each in found.items()], jobs)
        for design in jobs.common
    ]
    note = _(
        "How much higher or lower than in {first}, in percentage points, with the 95% interval of that change. {told} "
        "{of}"
    ).format(
        first=jobs.first.quoted,
        told=_told(jobs.main, language),
        of=_("Of a design: its difference from the status quo. Of the status quo: what it realises itself.")
        if jobs.reference
        else _("Of what each design realises."),
    )
    heading = _("What changes compared with {first}").format(first=jobs.first.quoted)
    return Section("changes", heading, note, tuple(lines))


def _scales(jobs: Jobs) -> list[Section]:
    """The main founding at each scale apart: what governance moves is small in a sum with what it hardly touches."""
    _ = jobs.language.gettext
    titles = {
        "regional": _("At the regional scale"),
        "subregional": _("At the subregional scale"),
        "local": _("At the local scale"),
    }
    note = _told(jobs.main, jobs.language)
    found = []
    for scale, heading in titles.items():
        lines = _table(jobs, jobs.main, f"public_value_{scale}")
        if any(cell.text != NOT_KNOWN for line in lines for cell in line.cells):
            found.append(Section(f"scale-{scale}", heading, note, lines))
    return found


def panels(jobs: Jobs, founding: Founding) -> list[Panel]:
    """What the picture of one founding shows: for each job the differences of the designs from its status quo."""
    found = []
    for job in jobs.jobs:
        rows = {row.design: row for row in job.under(founding).differences}
        found.append(Panel(job.label, [rows.get(design) for design in gaining(jobs)]))
    return found


def gaining(jobs: Jobs) -> list[str]:
    """The designs that have a difference from the status quo."""
    return [design for design in jobs.designs if design != REFERENCE]


def draw(jobs: Jobs, out: Path) -> list[Figure]:
    """A picture for each founding that every job has; none without a status quo to compare with."""
    from bresim.plots.beside import draw as drawn

    if jobs.reference is None or not gaining(jobs):
        return []
    names = [jobs.names[design] for design in gaining(jobs)]
    sentences = {founding: " ".join(leads(jobs, founding)) for founding in jobs.foundings}
    return [
        drawn(jobs.first.view, founding, panels(jobs, founding), names, sentences[founding], out)
        for founding in jobs.foundings
    ]
