"""One look for every figure: colours that colour-blind readers and a grey printer can tell apart, and saving.

Colours are Okabe and Ito's (2008). No figure relies on colour alone: lines differ in dashes, marks in
shape, bars in hatching, cells carry their number.
"""

from __future__ import annotations

import contextlib
import os
import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.image import imsave
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import NDArray

BLUE, RUST, GREEN, PURPLE, SKY, AMBER = "#0072B2", "#D55E00", "#009E73", "#AA4499", "#56B4E9", "#E69F00"
INK, GREY, PALE, FAINT = "#222222", "#6b6b6b", "#b5b5b5", "#e6e6e6"
#: Diverging: rust below zero, white at zero, blue above.
DIVERGING = (RUST, "#f2b48c", "#ffffff", "#8fc1e0", BLUE)
WIDTH = 10.0  # inches, every figure
DPI = 130
#: Pixels of a slide, and how many of them are an inch where it is 13.3 inches wide, as office programs have it.
SLIDE, SLIDE_DPI = (2560, 1440), 192
#: Shares of a slide's height for its title and its source line.
HEADING, SOURCE = 0.1, 0.04
#: Share of its width that stays free on each side.
MARGIN = 0.02
#: A figure may become this much lower on a slide, where it then has larger letters.
SQUEEZED = 0.85

STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "Helvetica"],
    "font.size": 9.5,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": PALE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "text.parse_math": False,  # a label with two dollar signs is not a formula
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "lines.linewidth": 1.8,
    "hatch.linewidth": 0.6,
    "figure.dpi": DPI,
    "figure.facecolor": "white",
    "svg.fonttype": "none",  # text stays text: searchable, small
    "svg.hashsalt": "bresim",  # the same figure gives the same bytes
    "path.simplify": True,
}


@contextlib.contextmanager
def styled() -> Iterator[None]:
    """Draw inside this: the style holds for the block and leaves the reader's own settings alone."""
    with mpl.rc_context(cast(Any, STYLE)):
        yield


def canvas(height: float, width: float = WIDTH) -> Canvas:
    """A figure of its own (no pyplot state), laid out so that nothing overlaps."""
    figure = Canvas(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def wrap(text: str, width: int = 20) -> str:
    """Break a label into lines of at most ``width`` characters."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=False)) or text


def slide_canvas(height: float) -> Canvas:
    """A figure that fills a slide but for its title and source line, ``height`` inches high."""
    figure = canvas(height, height * SLIDE[0] / (SLIDE[1] * (1 - HEADING - SOURCE)))
    _inset(figure)
    return figure


def _inset(figure: Canvas) -> None:
    """Leave the margin of a slide free on both sides."""
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(MARGIN, 0.0, 1.0 - 2 * MARGIN, 1.0))


def save(
    figure: Canvas,
    out: Path,
    name: str,
    *,
    title: str,
    description: str,
    source: str = "",
    slide: Canvas | None = None,
) -> tuple[Path, Path]:
    """Write ``name``.svg and ``name``.png in ``out``; each appears whole or not at all.

    The SVG stands in a page under a title of the page. The PNG is a slide of 2560 × 1440 pixels: the title, the
    figure (``slide``, a wide form of it, where there is one) and the ``source`` of its numbers. Both carry ``title``
    and ``description`` as metadata.
    """
    out.mkdir(parents=True, exist_ok=True)
    svg, png = out / f"{name}.svg", out / f"{name}.png"
    metadata: dict[str, Any] = {"Title": title, "Description": description}
    nothing: dict[str, Any] = {"Creator": None, "Date": None, "Format": None, "Type": None}
    engine = figure.get_layout_engine()
    if engine is not None:  # once: saving would do it for each of its two passes
        engine.execute(figure)
        figure.set_layout_engine(None)
    _replace(partial(figure.savefig, format="svg", metadata={**nothing, **metadata}), svg)
    figure.set_layout_engine(engine)
    picture = _slide(slide or figure, title, source)
    metadata["Software"] = None  # no version of matplotlib: the same figure gives the same bytes
    _replace(partial(imsave, arr=picture, format="png", dpi=SLIDE_DPI, metadata=metadata), png)
    return svg, png


def _slide(figure: Canvas, title: str, source: str) -> NDArray[np.uint8]:
    """The pixels of a slide: ``figure`` laid out anew on the room that title and source leave.

    One whose lay-out is fixed (it has no engine any more) is only made larger.
    """
    width, height = SLIDE
    heading, below = round(HEADING * height), round(SOURCE * height)
    body = height - heading - below
    if figure.get_layout_engine() is None:
        figure.set_dpi(min(body / figure.get_figheight(), width / figure.get_figwidth()))
    else:
        _inset(figure)
        tall = max(figure.get_figheight() * SQUEEZED, figure.get_figwidth() * body / width)
        figure.set_size_inches(tall * width / body, tall)
        figure.set_dpi(body / tall)
    return np.vstack(
        [
            _strip(heading, title, 25.0, INK, "bold"),
            _fitted(pixels(figure), (body, width)),
            _strip(below, source, 13.0, GREY, "normal"),
        ]
    )


def _strip(height: int, text: str, size: float, colour: str, weight: str) -> NDArray[np.uint8]:
    """A line of text over the whole width, smaller if it is longer than that; ``size`` in points of a slide."""
    strip = Canvas(figsize=(SLIDE[0] / SLIDE_DPI, height / SLIDE_DPI), dpi=SLIDE_DPI)
    agg = FigureCanvasAgg(strip)
    line = strip.text(MARGIN, 0.5, text, fontsize=size, fontweight=weight, color=colour, va="center")
    wide = line.get_window_extent(agg.get_renderer()).width  # type: ignore[no-untyped-call]
    line.set_fontsize(size * min(1.0, (1 - 2 * MARGIN) * SLIDE[0] / max(wide, 1.0)))
    return _fitted(pixels(strip), (height, SLIDE[0]))


def _fitted(picture: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture in the middle of white, cut by the pixel that rounding may leave."""
    whole = np.full((*shape, 3), 255, dtype=np.uint8)
    rows, columns = (min(have, want) for have, want in zip(picture.shape, shape, strict=False))
    top, left = (shape[0] - rows) // 2, (shape[1] - columns) // 2
    whole[top : top + rows, left : left + columns] = picture[:rows, :columns]
    return whole


def pixels(figure: Canvas) -> NDArray[np.uint8]:
    """The drawn figure, (height, width, RGB)."""
    agg = FigureCanvasAgg(figure)
    agg.draw()  # type: ignore[no-untyped-call]
    return np.asarray(agg.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]


def _replace(write: Callable[[IO[bytes]], None], path: Path) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            write(file)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
