"""Figure: the onderstroom. Direct value per design as the undercurrent goes from absent to strong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from bresim.analysis import comparison
from bresim.analysis.names import level_labels
from bresim.common.text import Language
from bresim.conventions import HEADLINE
from bresim.plots import intervals, ticks
from bresim.plots.panels import label_y, panels
from bresim.plots.style import BLUE, GREY, show_legend, wrap
from bresim.plots.view import Figure, View, publish

NAME = "undercurrent"
#: The presets from weak to strong; a level of one's own has no place between them and is left out.
LEVELS = ("absent", "mild", "report", "strong")


def table(runs: pd.DataFrame, undercurrent_runs: pd.DataFrame | None) -> pd.DataFrame | None:
    """Runs of the job and of the other levels together; None with fewer than two levels to compare.

    The job's own level has all its replicates, the other levels those of them that they were run for.
    """
    if undercurrent_runs is None or undercurrent_runs.empty:
        return None
    others = undercurrent_runs[~undercurrent_runs["undercurrent"].isin(runs["undercurrent"].unique())]
    others = others[others["replicate"].isin(runs["replicate"].unique())]
    columns = ["undercurrent", "design", "replicate", "parameter_draw", HEADLINE]
    together = pd.concat([part[columns] for part in (others, runs)], ignore_index=True)
    together = together[together["undercurrent"].isin(LEVELS)]
    return together if together["undercurrent"].nunique() > 1 else None


@dataclass(frozen=True)
class Level:
    """A design at one level: mean, half its 95 % interval, and the 5–95 % spread."""

    mean: float
    half: float
    low: float
    high: float


def estimates(data: pd.DataFrame) -> dict[str, dict[str, Level]]:
    """Each level (weak to strong) and design. Paired: all levels stand on the level with the most replicates.

    That is the job's own level, whose mean is that of all its replicates, as everywhere else. What another level adds
    to it or takes off is its mean difference in the replicates that both have (a difference estimator: Särndal et al.
    1992, *Model Assisted Survey Sampling*, 6.3).
    """
    counts = data.groupby("undercurrent")["replicate"].nunique()
    present = [level for level in LEVELS if level in counts.index]
    draws = comparison.draws_of(data)
    tables = {level: comparison.wide(data[data["undercurrent"] == level], HEADLINE) for level in present}
    base = tables[max(present, key=lambda level: counts[level])]
    return {
        level: {
            str(design): _estimate(base[design].dropna(), here[design].dropna(), draws)
            for design in here.columns.intersection(base.columns)
            if here[design].notna().any() and base[design].notna().any()
        }
        for level, here in tables.items()
    }


def _estimate(base: pd.Series, here: pd.Series, draws: pd.Series) -> Level:
    """One design at a level, ``here`` (by replicate), from its replicates at the level with the most, ``base``."""
    gaps = (here - base).dropna()
    # what each replicate adds to the error of the mean, times the number of replicates
    parts = (base - base.mean()).add((gaps - gaps.mean()) * len(base) / len(gaps), fill_value=0.0)
    half = comparison.half_width(parts.to_numpy(), draws.reindex(parts.index).to_numpy())
    return Level(float(base.mean() + gaps.mean()), half, *comparison.spread(here.to_numpy()))


def draw(view: View, out: Path) -> Figure | None:
    """Mean with its 95 % interval and the 5–95 % spread at each level; None if the job has one level only."""
    data = table(view.runs, getattr(view.result, "undercurrent_runs", None))
    if data is None:
        return None
    language, _ = view.language, view.language.gettext
    levels = estimates(data)
    figure, slide = (_picture(view, levels, slide) for slide in (False, True))
    return publish(
        view,
        figure,
        out,
        NAME,
        _("The undercurrent"),
        _(
            "The same designs under an undercurrent (parochialism, unequal partnership, a negative collective memory) "
            "that is absent, mild, as BRE 2023 describes it for Zuid-Limburg, or strong, compared in the same {count} "
            "futures. The level of this report has the numbers of all its futures, as in the other figures. Mark: "
            "mean; thick bar: its 95% interval, often no larger than the mark; thin line: 90% of the futures (5–95%)."
        ).format(count=language.number(data.groupby("undercurrent")["replicate"].nunique().min(), 0)),
        sentence(data, view.quoted(), view.reference, language),
        slide=slide,
    )


def _picture(view: View, levels: dict[str, dict[str, Level]], slide: bool) -> Canvas:
    language, _ = view.language, view.language.gettext
    names = [view.name(design) for design in view.panels]
    figure, axes = panels(names, slide=slide, entries=4, below=0.9)
    for axis, design in zip(axes, view.panels, strict=True):
        if view.reference and design != view.reference:
            _points(axis, levels, view.reference, (GREY, "--", "s", -0.08))
        _points(axis, levels, design, (BLUE, "-", "o", 0.08))
        axis.grid(visible=False, axis="x")
    labels = level_labels(language)
    shown = [wrap(labels[level], 6 if slide else 10) for level in levels]
    axes[0].set_xticks(range(len(levels)), shown)
    for axis in axes:
        axis.tick_params(axis="x", labelrotation=0 if slide else 90)
    axes[0].set_xlim(-0.4, len(levels) - 0.6)
    axes[0].set_ylim(0, None)
    axes[0].yaxis.set_major_formatter(ticks.percent(language))
    label_y(figure, axes, _("direct public value, % of what is attainable"), slide=slide)
    figure.supxlabel(_("strength of the undercurrent"), fontsize=9.5 if slide else 8.5)
    show_legend(figure, _legend(view), slide, across=4)
    return figure


def _points(axis: Axes, levels: dict[str, dict[str, Level]], design: str, look: tuple[str, str, str, float]) -> None:
    """Mean, interval and spread of a design at each level."""
    colour, dashes, mark, shift = look
    nothing = Level(*[float("nan")] * 4)
    found = [designs.get(design, nothing) for designs in levels.values()]
    means, halves, low, high = np.array([(one.mean, one.half, one.low, one.high) for one in found]).T
    places = (np.arange(len(levels)) + shift).tolist()
    interval = pd.DataFrame({"mean": means, "low": means - halves, "high": means + halves})
    spread = pd.DataFrame({"mean": means, "low": low, "high": high})
    dot = (colour, mark, True)
    intervals.bars(axis, places, interval, colour, orient="x", width=4.0)
    intervals.dots(axis, places, spread, dot, orient="x", size=3.5, line=1.0, dashes=dashes, linewidth=1.4)


def _legend(view: View) -> list[Line2D]:
    _ = view.language.gettext
    handles = [Line2D([], [], color=BLUE, marker="o", markersize=4.5, linewidth=1.4, label=_("design: mean"))]
    if view.reference and view.alternatives:
        handles.append(
            Line2D(
                [],
                [],
                color=GREY,
                linestyle="--",
                marker="s",
                markersize=4.5,
                linewidth=1.4,
                label=_("status quo: mean"),
            )
        )
    return [
        *handles,
        Line2D([], [], color=GREY, linewidth=4, alpha=0.5, solid_capstyle="butt", label=_("95% interval of the mean")),
        Line2D([], [], color=GREY, linewidth=1.0, label=_("90% of the futures")),
    ]


def sentence(data: pd.DataFrame, names: dict[str, str], reference: str | None, language: Language) -> str:
    """What the undercurrent costs the reference, which designs it costs most and least, and which lead at each end."""
    _ = language.gettext
    found = {level: {name: one.mean for name, one in designs.items()} for level, designs in estimates(data).items()}
    weak, strong = next(iter(found)), list(found)[-1]
    first, last = found[weak], found[strong]
    labels = level_labels(language)
    loss = {design: last[design] - first[design] for design in names if design in first and design in last}
    if not loss:
        return _("The levels of the undercurrent cannot be compared: a value is missing.")
    shown = reference if reference is not None and reference in loss else next(iter(loss))
    parts = [
        _(
            "From an undercurrent that is {weak} to one that is {strong}, direct value under {design} goes from "
            "{first} to {last}."
        ).format(
            weak=labels[weak],
            strong=labels[strong],
            design=names[shown],
            first=language.percent(first[shown], 1),
            last=language.percent(last[shown], 1),
        )
    ]
    if len(loss) > 1:
        least, most = max(loss, key=lambda design: loss[design]), min(loss, key=lambda design: loss[design])
        parts.append(
            _("The change runs from {most_points} percentage points ({most}) to {least_points} ({least}).").format(
                least=names[least],
                least_points=language.points(loss[least]),
                most=names[most],
                most_points=language.points(loss[most]),
            )
        )
        tops = [comparison.leaders(data[data["undercurrent"] == level]) for level in (weak, strong)]
        parts.append(_leaders(tops, (labels[weak], labels[strong]), names, language))
    return " ".join(parts)


def _leaders(tops: list[list[str]], labels: tuple[str, str], names: dict[str, str], language: Language) -> str:
    """Which designs lead at either end; one that leads with all others does not stand out."""
    _ = language.gettext
    shown = []
    for top in tops:
        if len(top) == len(names):
            shown.append(_("no design in particular"))
        elif len(top) > 3:
            shown.append(_("{count} designs that cannot be told apart").format(count=language.numeral(len(top))))
        else:
            shown.append(language.join(names[design] for design in top))
    if all(len(top) == len(names) for top in tops):
        return _("At neither end does a design stand out.")
    if set(tops[0]) == set(tops[1]):
        return _("At both ends the same designs lead: {leaders}.").format(leaders=shown[0])
    return _("When it is {weak}, at the top: {first}; when it is {strong}: {last}.").format(
        weak=labels[0], strong=labels[1], first=shown[0], last=shown[1]
    )
