"""Figure of a scenario discovery: the bounds of the box, and the points where the design does better."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from bresim.analysis.decisive import Reader, Row, findings, missing
from bresim.columns import QUANTITY
from bresim.plots import ticks
from bresim.plots.style import BLUE, FAINT, GREY, INK, RUST, canvas, wrap
from bresim.plots.view import Figure, View, publish

METHOD = "prim"


def draw(view: View, reader: Reader, out: Path) -> list[Figure]:
    """A figure for each difference whose box is restricted."""
    boxes = view.result.boxes
    if not len(boxes):
        return []
    texts = findings(reader, view.result.sensitivity, view.result.summary, view.result.convergence, boxes)
    figures = []
    for (names, rows), text in zip(boxes.groupby(QUANTITY, sort=False, dropna=False), texts, strict=True):
        box = rows[(rows["found_by"] == METHOD) & rows["key"].notna()]
        if len(box):
            figures.append(_draw(view, reader, out, dict(zip(QUANTITY, names, strict=True)), box, text))
    return figures


def _draw(view: View, reader: Reader, out: Path, names: Row, box: pd.DataFrame, text: str) -> Figure:
    _ = view.language.gettext
    responses = view.result.responses
    column = f"{names['outcome']}_mean"
    mine = responses[responses["design"] == names["design"]].reset_index(drop=True)
    other = responses[responses["design"] == names["reference"]].reset_index(drop=True)
    sign = reader.outcomes[str(names["outcome"])].direction
    gap = sign * (mine[column] - other[column]).to_numpy(dtype=np.float64)
    keys = [str(key) for key in box["key"]]
    bounds = {str(row["key"]): (row["low"], row["high"]) for row in box.to_dict("records")}
    scored = view.result.summary
    scored = scored[(scored["design"] == names["design"]) & (scored["outcome"] == names["outcome"])]
    across = next((str(key) for key in scored["key"] if key != keys[0]), keys[0]) if len(keys) == 1 else keys[1]
    figure = canvas(height=max(4.0, 1.4 + 0.4 * len(keys)))
    ranges, cloud = figure.subplots(1, 2, width_ratios=(1.2, 1))
    _ranges(ranges, mine, bounds, reader)
    _cloud(cloud, mine, gap > 0.0, keys[0], across, bounds, reader)
    better = _("{design} does better").format(design=reader.design(str(names["design"])))
    handles = cloud.get_legend_handles_labels()[0]
    cloud.legend(handles, [better, _("it does not")], loc="lower left", bbox_to_anchor=(-0.02, 1.0))
    caption = _(
        "Left: the bounds of the box that PRIM finds (blue), in the range of each key that it restricts. Right: every "
        "point by two of the keys, and the box."
    )
    name = f"box_{names['outcome']}_{names['design']}"
    return publish(view, figure, out, name, _("Where the design does better"), caption, text)


def _span(bounds: tuple[float, float], values: pd.Series) -> tuple[float, float]:
    low, high = bounds
    return (float(values.min()) if missing(low) else low, float(values.max()) if missing(high) else high)


def _ranges(axis: Axes, points: pd.DataFrame, bounds: dict[str, tuple[float, float]], reader: Reader) -> None:
    for place, (key, given) in enumerate(bounds.items()):
        values = points[key]
        least, most = float(values.min()), float(values.max())
        low, high = _span(given, values)
        axis.barh(place, 100, color=FAINT, height=0.5)
        axis.barh(place, 100 * (high - low) / (most - least), left=100 * (low - least) / (most - least), color=BLUE,
                  height=0.5)  # fmt: skip
        text = f"{reader.number(low)} – {reader.number(high)}"
        axis.text(102, place, text, va="center", fontsize=8.5)
    axis.set_yticks(range(len(bounds)), [wrap(reader.key(key), 34) for key in bounds], fontsize=8)
    axis.set_ylim(len(bounds) - 0.4, -0.6)
    axis.set_xlim(0, 135)
    axis.set_xticks([0, 50, 100])
    axis.grid(visible=False, axis="y")
    axis.set_xlabel(reader.words.gettext("% of the range of the key"))


def _cloud(
    axis: Axes,
    points: pd.DataFrame,
    wins: np.ndarray,
    one: str,
    two: str,
    bounds: dict[str, tuple[float, float]],
    reader: Reader,
) -> None:
    for which, colour, mark in ((wins, BLUE, "o"), (~wins, RUST, "x")):
        shown = points[which]
        width = 1.0 if mark == "x" else 0.0
        sns.scatterplot(
            shown, x=one, y=two, marker=mark, color=colour, s=11, linewidth=width, alpha=0.7, label=mark, ax=axis
        )
    nothing = (np.nan, np.nan)
    (left, right), (bottom, top) = (_span(bounds.get(key, nothing), points[key]) for key in (one, two))
    edge = Rectangle((left, bottom), right - left, top - bottom, fill=False, edgecolor=INK, linewidth=1.8)
    axis.add_patch(edge)
    axis.set_xlabel(wrap(reader.key(one), 50))
    axis.set_ylabel(wrap(reader.key(two), 50))
    for side in (axis.xaxis, axis.yaxis):
        side.set_major_formatter(ticks.number(reader.words))
    axis.tick_params(colors=GREY, labelcolor=INK)
