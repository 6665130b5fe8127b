"""Figure: direct value by municipality × design: which municipalities gain, and which are left behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from bresim.analysis import comparison
from bresim.common.text import Language
from bresim.conventions import CONFIDENCE, HEADLINE
from bresim.plots import heatmap
from bresim.plots.style import INK, SMALL, form, wrap
from bresim.plots.view import Figure, View, publish

NAME = "municipalities"
#: Municipality → designs.
Losses = dict[str, list[str]]
#: On a page most designs beside each other, the status quo not counted; more stand below, with the status quo again.
ACROSS = 6
#: Letters in a line of a municipality's name on a page.
NAMES = 17
#: More municipalities than this are counted, not named.
NAMED = 5


def draw(view: View, out: Path) -> Figure | None:
    """Differences to the status quo; a frame marks the worst-off under each design. None without the table."""
    if view.result.municipalities.empty:
        return None
    language, _ = view.language, view.language.gettext
    region = view.region
    designs = ([view.reference] if view.reference else []) + view.alternatives
    means = comparison.municipality_table(view.result.municipalities, region, designs)
    by_subregion = [int(i) for i in np.argsort(region.subregion, kind="stable")]
    means = means.iloc[by_subregion]
    difference, certain = means * np.nan, means.astype(bool)
    verdicts: dict[tuple[str, str], int] = {}
    hurt: Losses = {}
    if view.reference and view.alternatives:
        table, draws = view.result.municipalities, comparison.draws_of(view.runs)
        verdicts = gains(table, draws, view.reference)
        hurt = losses(gains(table, draws, view.reference, comparison.corrected(len(verdicts))))
        for design in view.alternatives:
            difference[design] = means[design] - means[view.reference]
            certain[design] = [verdicts.get((municipality, design), 0) != 0 for municipality in means.index]
    cells = Cells(means, difference, certain, region.subregion[by_subregion])
    figure, slide = (_picture(view, cells, slide) for slide in (False, True))
    return publish(
        view,
        figure,
        out,
        NAME,
        _("Value by municipality"),
        " ".join(
            [
                heatmap.caption(view, _("% of what is attainable in the municipality")),
                _("Framed: the municipality with the lowest mean level under that design."),
                *([_("Lines separate the subregions.")] if len(region.subregion_labels) > 1 else []),
            ]
        ),
        sentence(means, verdicts, hurt, view.quoted(), view.reference, language),
        slide=slide,
    )


@dataclass(frozen=True)
class Cells:
    """What is drawn, municipality × design: levels, differences, which of these are certain; the rows' subregions."""

    means: pd.DataFrame
    difference: pd.DataFrame
    certain: pd.DataFrame
    subregions: np.ndarray


def _picture(view: View, table: Cells, slide: bool) -> Canvas:
    """All designs beside each other on a slide; on a page in parts of a few, one below the other."""
    count, first = len(table.means), [view.reference] if view.reference else []
    others = [design for design in table.means.columns if design not in first]
    parts = [others] if slide else heatmap.parts(others, ACROSS)
    size, height = (8.5, 0.24) if count <= 24 else (6.5, 0.16)
    figure = form(slide, page=len(parts) * (1.45 + 0.21 * count), wide=max(4.84, 1.4 + height * count))
    largest = heatmap.largest(table.difference.where(table.certain))
    for axis, part in zip(figure.subplots(len(parts), 1, squeeze=False)[:, 0], parts, strict=True):
        _part(view, axis, table, [*first, *part], largest, size if slide else SMALL, slide)
    return figure


def _part(view: View, axis: Axes, table: Cells, designs: list[str], largest: float, size: float, slide: bool) -> None:
    """Cells of some designs, with subregions told apart and the lowest level of each design framed."""
    names = view.names()
    levels, difference, certain = (
        frame[designs].rename(columns=names) for frame in (table.means, table.difference, table.certain)
    )
    heatmap.draw(axis, levels, difference, certain, view.language, size, largest)
    axis.tick_params(axis="y", labelsize=size)
    if not slide:
        axis.set_yticks(axis.get_yticks(), [wrap(str(name), NAMES) for name in levels.index], linespacing=0.85)
    if view.reference:
        axis.axvline(1, color="white", linewidth=5)
    for edge in np.flatnonzero(np.diff(table.subregions)) + 1:
        axis.axhline(float(edge), color=INK, linewidth=1.2)
    for index, label in enumerate(view.region.subregion_labels):
        places = np.flatnonzero(table.subregions == index)
        axis.annotate(
            wrap(label, (6 if slide else 3) * len(places)),
            (1.005, float(places.mean()) + 0.5),
            linespacing=0.9,
            xycoords=("axes fraction", "data"),
            rotation=270,
            va="center",
            fontsize=8,
        )
    for place, design in enumerate(designs):
        column = table.means[design].to_numpy(dtype=np.float64)
        if np.isfinite(column).any():
            corner = (place + 0.04, int(np.nanargmin(column)) + 0.06)
            axis.add_patch(Rectangle(corner, 0.92, 0.88, fill=False, edgecolor=INK, linewidth=1.6, zorder=3))


def gains(
    frame: pd.DataFrame, draws: pd.Series, reference: str, confidence: float = CONFIDENCE
) -> dict[tuple[str, str], int]:
    """(municipality, design) → 1 gains, -1 loses, 0 no significant difference, each against the reference."""
    table = frame.pivot(index="replicate", columns=["municipality", "design"], values=HEADLINE).astype("float64")
    base = table.xs(reference, axis=1, level="design")
    table = table.drop(columns=reference, level="design")
    change = table.to_numpy() - base[table.columns.get_level_values("municipality")].to_numpy()
    known = np.isfinite(change).any(axis=0)  # not in a municipality where no direct value is attainable
    table, change = table.loc[:, known], change[:, known]
    means = np.nanmean(change, axis=0)
    halves = comparison.half_widths(change, draws.reindex(table.index).to_numpy(), confidence)
    keys = zip(*(map(str, table.columns.get_level_values(level)) for level in ("municipality", "design")), strict=True)
    return {
        key: comparison.verdict(mean, mean - half, mean + half)
        for key, mean, half in zip(keys, means, halves, strict=True)
    }


def losses(verdicts: dict[tuple[str, str], int]) -> Losses:
    """Municipality → the designs under which it loses."""
    found: Losses = {}
    for (municipality, design), verdict in verdicts.items():
        if verdict == -1:
            found.setdefault(municipality, []).append(design)
    return found


def worst_off(frame: pd.DataFrame, design: str) -> tuple[str, float] | None:
    """The municipality with the lowest mean direct value under a design, and that value; None without data."""
    if frame.empty:
        return None
    part = frame[frame["design"] == design]
    means = part.groupby("municipality", observed=True)[HEADLINE].mean().dropna()
    return min(((str(name), float(value)) for name, value in means.items()), key=lambda pair: pair[1], default=None)


def _column(means: pd.DataFrame, design: str) -> dict[str, float]:
    return {str(name): float(value) for name, value in means[design].dropna().items()}


def sentence(
    means: pd.DataFrame,
    verdicts: dict[tuple[str, str], int],
    hurt: Losses,
    names: dict[str, str],
    reference: str | None,
    language: Language,
) -> str:
    """For the design with the highest mean: the largest and smallest gains; then which municipalities lose, and where.

    ``means`` are mean levels, municipality × design; ``verdicts`` as :func:`gains` gives them, each by itself;
    ``hurt`` the losses that also hold when all cells are looked through for one.
    """
    _ = language.gettext
    others = [design for design in names if design != reference]
    if reference is None or not others:
        design = next(iter(names))
        values = _column(means, design)
        if not values:
            return _("There is nothing to read: no municipality has a value.")
        high, low = max(values, key=lambda name: values[name]), min(values, key=lambda name: values[name])
        return _("Under {design} {high} realises most ({high_value}) and {low} least ({low_value}).").format(
            design=names[design],
            high=high,
            high_value=language.percent(values[high], 1),
            low=low,
            low_value=language.percent(values[low], 1),
        )
    design = others[0]
    before, after = _column(means, reference), _column(means, design)
    change = {name: after[name] - before[name] for name in after if name in before}
    if not change:
        return _("There is nothing to read: no municipality has a value.")
    high, low = max(change, key=lambda name: change[name]), min(change, key=lambda name: change[name])
    winners, losers = (sum(verdicts[(name, design)] == verdict for name in change) for verdict in (1, -1))
    parts = [
        _(
            "Under {design} {winners} of {count} municipalities demonstrably gain on average and {losers} lose. The "
            "change runs from {low_value} percentage points ({low}) to {high_value} ({high})."
        ).format(
            design=names[design],
            winners=language.number(winners, 0),
            losers=language.number(losers, 0),
            count=language.number(len(change), 0),
            low=low,
            low_value=language.points(change[low]),
            high=high,
            high_value=language.points(change[high]),
        )
    ]
    parts.append(_hurt(hurt, names, len(others), language))
    lowest = min(after, key=lambda name: after[name])
    parts.append(
        _("Lowest under {design} is {municipality} ({value}).").format(
            design=names[design], municipality=lowest, value=language.percent(after[lowest], 1)
        )
    )
    return " ".join(parts)


def _hurt(hurt: Losses, names: dict[str, str], designs: int, language: Language) -> str:
    """The municipalities worse off than under the status quo, corrected for testing every cell."""
    _ = language.gettext
    if not hurt:
        return _(
            "Looking at all municipalities and designs together, none is demonstrably worse off than under the status "
            "quo."
        )
    if len(hurt) > NAMED:
        return _(
            "Looking at all municipalities and designs together, {count} municipalities are demonstrably worse off "
            "than under the status quo under at least one design, {most} under most designs ({times})."
        ).format(
            count=language.numeral(len(hurt)),
            most=(most := max(hurt, key=lambda name: len(hurt[name]))),
            times=language.numeral(len(hurt[most])),
        )
    listed = [
        name
        if designs == 1
        else _("{municipality} (under {designs})").format(
            municipality=name,
            designs=language.join(names[design] for design in found)
            if len(found) <= 3
            else _("{count} of {all} designs").format(
                count=language.numeral(len(found)), all=language.numeral(designs)
            ),
        )
        for name, found in hurt.items()
    ]
    return _(
        "Demonstrably worse off than under the status quo, also when all cells are looked at together: {listed}."
    ).format(listed=language.join(listed))
