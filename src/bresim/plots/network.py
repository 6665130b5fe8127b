"""A network on the map, as the report's Figuur 6: the darker and thicker a line, the more two municipalities share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch, PathPatch
from matplotlib.path import Path as Outline

from bresim.plots.cartogram import cartogram, places, project
from bresim.plots.style import ENTRY, INK, NARROW, PALE, SMALL, form, save, styled, wrap
from bresim.region.boundaries import read_boundaries
from bresim.region.types import Floats, Region

#: Fill of a subregion: different hues, and from light to dark for a grey printer.
TINTS = ("#dcebf7", "#f6cf8d", "#9fd3be", "#f3f3f3", "#c9b6dc", "#e7b5a0", "#bcbcbc", "#fff2b3")
DASHES: tuple[Literal["solid", "dashed", "dotted", "dashdot"], ...] = ("solid", "dashed", "dotted", "dashdot")
#: Of a line, from the least to the most.
SHADES = LinearSegmentedColormap.from_list("shades", ["#d2d2d2", "#8f9aa6", "#2b4a6b", "#08131f"])
WORDS = {
    "nl": {
        "people": "inwoners",
        "centre": "centrumgemeente (dikke rand)",
        "size": "oppervlak van een cirkel: inwoners",
    },
    "en": {
        "people": "inhabitants",
        "centre": "centre municipality (thick edge)",
        "size": "area of a circle: inhabitants",
    },
}
#: A name this many radii long still stands well in its circle.
FITS = 2.35
_HALO = [effects.withStroke(linewidth=2.4, foreground="white")]


def draw_network(
    region: Region,
    weights: Floats,
    *,
    title: str,
    legend: str,
    path_stem: Path,
    boundaries: Path | str | None = None,
    limits: tuple[float, float] | None = None,
    digits: int | None = None,
    lang: str = "nl",
    description: str = "",
    source: str = "",
) -> tuple[Path, Path]:
    """Draw ``weights`` (N, N) between municipalities; returns the SVG and the PNG.

    A pair's line has the mean of both directions; the diagonal is not used; NaN draws no line.
    ``legend`` says what a darker line means, ``limits`` fixes the lightest and darkest value (to
    compare two pictures), ``digits`` how the legend writes values (default: as they need),
    ``boundaries`` is a GeoJSON file (default: the region's own, else a Dorling cartogram), ``description``
    what the files say of themselves in their metadata, ``source`` what the slide says that the numbers come from.
    The title stands on the slide; the SVG has its place under a title of the page.
    """
    if weights.shape != (region.size, region.size):
        raise ValueError(f"weights must be ({region.size}, {region.size}), not {weights.shape}")
    with styled():
        figure, slide = network(region, weights, legend, boundaries, limits, digits, lang)
        told, out = description or legend, path_stem.parent
        return save(figure, out, path_stem.name, title=title, description=told, source=source, slide=slide)


def network(
    region: Region,
    weights: Floats,
    legend: str,
    boundaries: Path | str | None,
    limits: tuple[float, float] | None,
    digits: int | None,
    lang: str,
) -> tuple[Figure, Figure]:
    """The picture of :func:`draw_network` for a page and for a slide."""
    given = boundaries if boundaries is not None else region.boundaries
    where = Path(given) if given is not None else None
    circles = cartogram(region) if where is None else None
    page, slide = (
        _picture(region, weights, where, circles, limits, slide, words=legend, digits=digits, lang=lang)
        for slide in (False, True)
    )
    return page, slide


def _picture(
    region: Region,
    weights: Floats,
    boundaries: Path | None,
    circles: tuple[Floats, Floats] | None,
    limits: tuple[float, float] | None,
    slide: bool,
    *,
    words: str,
    digits: int | None,
    lang: str,
) -> Figure:
    """The map, or the ``circles`` of a cartogram, with its legend: beside it on a slide, below it on a page."""
    figure = form(slide, page=NARROW + 1.1 + 0.2 * math.ceil(len(region.subregion_labels) / 2), wide=6.0)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_aspect("equal")
    if boundaries is not None:
        centre, radius = _map(axes, region, boundaries)
    else:
        assert circles is not None
        centre, radius = circles
    span = draw_lines(axes, centre, weights, limits)
    _circles(axes, region, centre, radius)
    _frame(axes, centre, radius)
    _legend(figure, region, span, words, digits, None if circles is None else radius, lang, slide)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    label_places(axes, region.names, centre, radius, inside=circles is not None)
    figure.set_layout_engine(None)  # names stand where this lay-out has room
    return figure


def draw_lines(axes: Axes, centre: Floats, weights: Floats, limits: tuple[float, float] | None) -> tuple[float, float]:
    """Lines between all pairs, the strongest on top; returns the values of the lightest and the darkest."""
    first, second = np.triu_indices(len(centre), k=1)
    value = (0.5 * (weights + weights.T))[first, second]
    known = np.isfinite(value)
    first, second, value = first[known], second[known], value[known]
    if not len(value):
        return limits or (0.0, 0.0)
    low, high = limits or (float(value.min()), float(value.max()))
    strength = np.clip((value - low) / (high - low), 0.0, 1.0) if high > low else np.full(len(value), 0.5)
    order = np.argsort(strength, kind="stable")
    segments = np.stack([centre[first], centre[second]], axis=1)[order]
    strength = strength[order]
    axes.add_collection(
        LineCollection(
            list(segments),
            colors=SHADES(strength),
            linewidths=width_of(strength, len(centre)),
            capstyle="round",
            zorder=2,
        )
    )
    return low, high


def width_of(strength: Floats, size: int) -> Floats:
    """Width in points of a line with this strength, (0–1) → (0.5–4.5); thinner where there are many municipalities."""
    return np.asarray((0.5 + 4.0 * strength**1.5) * min(1.0, 16 / size))


def _circles(axes: Axes, region: Region, centre: Floats, radius: Floats) -> None:
    for i in range(region.size):
        subregion = int(region.subregion[i])
        axes.add_patch(
            Circle(
                (float(centre[i, 0]), float(centre[i, 1])),
                float(radius[i]),
                facecolor=TINTS[subregion % len(TINTS)],
                edgecolor=INK,
                linewidth=2.2 if region.centre[i] else 1.0,
                linestyle=DASHES[subregion % len(DASHES)],
                zorder=3,
            )
        )


def _map(axes: Axes, region: Region, path: Path) -> tuple[Floats, Floats]:
    """Fill the municipalities' own shapes; returns where their dots come and how large these are."""
    shapes = read_boundaries(path, region.names, region.codes)
    for i, name in enumerate(region.names):
        rings = [project(ring[:, 0], ring[:, 1], region) for ring in shapes[name]]
        outline = Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings))
        tint = TINTS[int(region.subregion[i]) % len(TINTS)]
        # paler than the dots, so that the light lines of weak ties stand out
        axes.add_patch(PathPatch(outline, facecolor=(tint, 0.45), edgecolor=PALE, linewidth=0.9, zorder=1))
    centre = places(region)
    size = 0.018 * float(np.ptp(centre, axis=0).max())
    return centre, np.where(region.centre, 1.5 * size, size)


def _frame(axes: Axes, centre: Floats, radius: Floats) -> None:
    """Room around the circles for their labels."""
    axes.autoscale_view()
    low = (centre - radius[:, None]).min(axis=0)
    high = (centre + radius[:, None]).max(axis=0)
    margin = 0.06 * (high - low).max()
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    axes.set_xlim(min(left, low[0] - margin), max(right, high[0] + margin))
    axes.set_ylim(min(bottom, low[1] - margin), max(top, high[1] + margin))


def _legend(
    figure: Figure,
    region: Region,
    span: tuple[float, float],
    words: str,
    digits: int | None,
    radius: Floats | None,
    lang: str,
    slide: bool,
) -> None:
    """What a line, a colour and a circle mean: right of the picture on a slide, below it on a page."""
    low, high = span
    text = WORDS[lang]
    if digits is None:
        digits = 0 if high >= 10.0 else 1 if high > 2.0 else 2
    strengths = np.array([0.0, 0.5, 1.0]) if high > low else np.array([0.5])
    handles: list[Patch | Line2D] = [
        Line2D([], [], color=SHADES(float(s)), linewidth=float(w), label=_number(low + s * (high - low), digits, lang))
        for s, w in zip(strengths, width_of(strengths, region.size), strict=True)
    ]
    if slide:
        handles.append(Line2D([], [], linestyle="none", label=""))
    handles += [
        Patch(facecolor=TINTS[i % len(TINTS)], edgecolor=INK, linestyle=DASHES[i % len(DASHES)], label=label)
        for i, label in enumerate(region.subregion_labels)
    ]
    handles.append(_ring(10, 2.2, text["centre"]))
    if radius is not None:
        handles.append(_ring(6, 1.0, text["size"]))
    box = figure.legend(
        handles=handles,
        labels=[str(handle.get_label()) if slide else wrap(str(handle.get_label()), ENTRY) for handle in handles],
        title=words,
        loc="outside right center" if slide else "outside lower left",
        ncols=1 if slide else 2,
        alignment="left",
        fontsize=8.5 if slide else SMALL,
        handlelength=3.0 if slide else 2.0,
        labelspacing=0.7 if slide else 0.5,
    )
    box.get_title().set_fontsize(9)


def _ring(size: float, edge: float, label: str) -> Line2D:
    """A circle for the legend; sizes in points."""
    return Line2D(
        [], [], marker="o", linestyle="none", markersize=size, markerfacecolor="white", markeredgecolor=INK,
        markeredgewidth=edge, label=label,
    )  # fmt: skip


def _number(value: float, digits: int, lang: str) -> str:
    shown = f"{value:.{digits}f}"
    return shown.replace(".", ",") if lang == "nl" else shown


def label_places(axes: Axes, names: Sequence[str], centre: Floats, radius: Floats, inside: bool) -> None:
    """Write each name in its circle if it fits, else beside it where it covers least of circles and other names."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    scale = abs(
        float(axes.transData.transform((1.0, 0.0))[0] - axes.transData.transform((0.0, 0.0))[0])
    )  # pixels a kilometre
    size = SMALL if figure.get_figwidth() <= NARROW else 9.0 if len(names) <= 24 else 6.5
    taken: list[tuple[float, float, float, float]] = []  # left, bottom, right, top of names, in kilometres
    for i in sorted(range(len(names)), key=lambda index: -float(radius[index])):
        best = None
        for words in _broken(names[i]):
            probe = axes.text(0.0, 0.0, words, fontsize=size, linespacing=1.05)
            box = probe.get_window_extent(renderer)
            probe.remove()
            wide, high = box.width / scale, box.height / scale
            x, y = float(centre[i, 0]), float(centre[i, 1])
            if inside and math.hypot(wide, high) <= FITS * float(radius[i]):
                best = (-1.0, x, y, words, wide, high)
                break
            for east, north, cost in _around():
                space = float(radius[i]) + 0.25 * high
                at_x = x + east * (space + wide / 2)
                at_y = y + north * (space * (1.0 if east == 0 else 0.7) + high / 2 * (1.0 if east == 0 else 0.4))
                area = (at_x - wide / 2, at_y - high / 2, at_x + wide / 2, at_y + high / 2)
                covered = sum(_common(area, other) for other in taken)
                covered += sum(_on_circle(area, centre[j], float(radius[j])) for j in range(len(names)) if j != i)
                covered += 2.0 * _outside(area, axes)
                cost += 0.05 * max(0.0, wide / (2.0 * float(radius[i])) - 1.0)  # a short line hides fewer others
                found = (covered / (wide * high) + cost, at_x, at_y, words, wide, high)
                best = found if best is None or found[0] < best[0] - 1e-9 else best
        assert best is not None
        _, at_x, at_y, words, wide, high = best
        taken.append((at_x - wide / 2, at_y - high / 2, at_x + wide / 2, at_y + high / 2))
        axes.text(
            at_x, at_y, words, fontsize=size, ha="center", va="center", linespacing=1.05, path_effects=_HALO, zorder=5
        )


def _broken(name: str) -> list[str]:
    """The name on one line and, if it can be broken, on two."""
    cuts = [i for i, letter in enumerate(name) if letter in " -"]
    if not cuts:
        return [name]
    cut = min(cuts, key=lambda i: abs(i - len(name) / 2))
    return [name, name[: cut + 1].rstrip() + "\n" + name[cut + 1 :]]


def _around() -> list[tuple[float, float, float]]:
    """East, north and cost of the eight places beside a circle; below and above read best."""
    return [
        (0, -1, 0.0), (0, 1, 0.02), (1, 0, 0.04), (-1, 0, 0.04),
        (1, -1, 0.06), (-1, -1, 0.06), (1, 1, 0.06), (-1, 1, 0.06),
    ]  # fmt: skip


def _common(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Area that two boxes share."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _on_circle(box: tuple[float, float, float, float], centre: Floats, radius: float) -> float:
    """Area that a box and (the square in) a circle share."""
    x, y = float(centre[0]), float(centre[1])
    half = 0.9 * radius
    return _common(box, (x - half, y - half, x + half, y + half))


def _outside(box: tuple[float, float, float, float], axes: Axes) -> float:
    """Area of a box that lies outside the picture."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    whole = (box[2] - box[0]) * (box[3] - box[1])
    return whole - _common(box, (left, bottom, right, top))
