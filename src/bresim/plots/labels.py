"""Names beside the points of a cloud, placed so that they cover neither each other nor what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from numpy.typing import NDArray

from bresim.plots.style import GREY

#: Directions from a point, and points (1/72 inch) between it and its name, in which places are tried.
DIRECTIONS = 16
DISTANCES = (5.0, 12.0, 22.0, 34.0, 48.0, 64.0)
#: From here a thin line leads from the name to its point.
FAR = 10.0
#: What a pixel² of another name, of a mark or interval, and outside the axes costs, against a pixel of distance.
NAME, MARK, OUTSIDE = 4.0, 12.0, 8.0
PASSES = 8

Boxes = NDArray[np.float64]


def place(
    axis: Axes,
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    bars: Sequence[tuple[float, float]],
    size: float,
) -> None:
    """Write ``names`` beside ``points`` (data coordinates); ``bars`` are the vertical extents drawn at each point.

    Every name takes in turn the cheapest of its places, given those of the others, until none moves. The figure's
    lay-out must be final in size: places are measured on it.
    """
    figure = axis.get_figure(root=True)
    assert figure is not None
    notes = [
        axis.annotate(
            name,
            point,
            (0.0, 0.0),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=size,
            linespacing=1.0,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4},
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )
        for name, point in zip(names, points, strict=True)
    ]
    for note in notes:
        note.set_in_layout(False)
    figure.draw_without_rendering()
    scale = figure.dpi / 72.0
    extents = [Text.get_window_extent(note) for note in notes]
    halves = np.array([(box.width / 2 + scale, box.height / 2 + scale) for box in extents])
    anchors = axis.transData.transform(np.asarray(points, dtype=np.float64))
    tried = [_tried(anchor, half, scale) for anchor, half in zip(anchors, halves, strict=True)]
    obstacles = _obstacles(axis, points, bars, anchors, scale)
    frame = np.asarray(axis.get_window_extent().extents)
    fixed = [
        np.tile(scale * np.array(DISTANCES), (DIRECTIONS, 1)).ravel()
        + MARK * _overlap(places, obstacles).sum(axis=1)
        + OUTSIDE * _outside(places, frame)
        for places in tried
    ]
    chosen = _settle(tried, fixed)
    for note, places, index, anchor in zip(notes, tried, chosen, anchors, strict=True):
        box = places[index]
        note.set_position(tuple(((box[:2] + box[2:]) / 2 - anchor) / scale))
        assert note.arrow_patch is not None
        note.arrow_patch.set_visible(bool(DISTANCES[index % len(DISTANCES)] > FAR))


def _tried(anchor: NDArray[np.float64], half: NDArray[np.float64], scale: float) -> Boxes:
    """Boxes (directions × distances, 4) in which the name of a point could stand: left, bottom, right, top (pixels)."""
    angles = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    towards = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    away = scale * np.array(DISTANCES)
    centres = anchor + (towards * half)[:, None, :] + towards[:, None, :] * away[None, :, None]
    centres = centres.reshape(-1, 2)
    return np.hstack([centres - half, centres + half])


def _obstacles(
    axis: Axes,
    points: Sequence[tuple[float, float]],
    bars: Sequence[tuple[float, float]],
    anchors: NDArray[np.float64],
    scale: float,
) -> Boxes:
    marks = np.hstack([anchors - 4 * scale, anchors + 4 * scale])
    ends = [[(x, low), (x, high)] for (x, _), (low, high) in zip(points, bars, strict=True)]
    drawn = axis.transData.transform(np.nan_to_num(np.array(ends)).reshape(-1, 2)).reshape(-1, 4)
    return np.vstack([marks, drawn + scale * np.array([-1.5, 0.0, 1.5, 0.0])])


def _overlap(places: Boxes, others: Boxes) -> NDArray[np.float64]:
    """Area that each of ``places`` (n, 4) shares with each of ``others`` (m, 4)."""
    low = np.maximum(places[:, None, :2], others[None, :, :2])
    high = np.minimum(places[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.clip(high - low, 0.0, None).prod(axis=2))


def _outside(places: Boxes, frame: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = (places[:, 2:] - places[:, :2]).prod(axis=1)
    return np.asarray(whole - _overlap(places, frame[None, :])[:, 0])


def _settle(tried: Sequence[Boxes], fixed: Sequence[NDArray[np.float64]]) -> list[int]:
    """The place that each name takes."""
    chosen = [int(cost.argmin()) for cost in fixed]
    for _pass in range(PASSES):
        before = list(chosen)
        for mine, places in enumerate(tried):
            others = np.array([tried[other][chosen[other]] for other in range(len(tried)) if other != mine])
            shared = _overlap(places, others).sum(axis=1) if len(others) else 0.0
            chosen[mine] = int((fixed[mine] + NAME * shared).argmin())
        if chosen == before:
            break
    return chosen
