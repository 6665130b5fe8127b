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
from numpy.typing import NDArray

BLUE, RUST, GREEN, PURPLE, SKY, AMBER = "#0072B2", "#D55E00", "#009E73", "#AA4499", "#56B4E9", "#E69F00"
INK, GREY, PALE, FAINT = "#222222", "#6b6b6b", "#b5b5b5", "#e6e6e6"
#: Diverging: rust below zero, white at zero, blue above.
DIVERGING = (RUST, "#f2b48c", "#ffffff", "#8fc1e0", BLUE)
WIDTH = 10.0  # inches, every figure
DPI = 130
#: Inches that the title of a PNG takes.
HEADING = 0.34

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


def save(
    figure: Canvas, out: Path, name: str, *, title: str, description: str, heading: bool = True
) -> tuple[Path, Path]:
    """Write ``name``.svg and ``name``.png in ``out``; each appears whole or not at all.

    Both carry ``title`` and ``description`` as metadata. The PNG, which is what ends up alone on a slide, also shows
    the title (``heading``); the SVG stands in the report under a title of the page.
    """
    out.mkdir(parents=True, exist_ok=True)
    svg, png = out / f"{name}.svg", out / f"{name}.png"
    metadata: dict[str, Any] = {"Title": title, "Description": description}
    engine = figure.get_layout_engine()
    if engine is not None:  # once; both formats keep this lay-out
        engine.execute(figure)
    figure.set_layout_engine(None)
    nothing: dict[str, Any] = {"Creator": None, "Date": None, "Format": None, "Type": None}
    _replace(partial(figure.savefig, format="svg", metadata={**nothing, **metadata}), svg)
    picture = pixels(figure)
    if heading:
        strip = canvas(height=HEADING, width=figure.get_figwidth())
        strip.text(0.008, 0.25, title, fontsize=11.5, fontweight="bold")
        picture = np.vstack([pixels(strip), picture])
    metadata["Software"] = None  # no version of matplotlib: the same figure gives the same bytes
    _replace(partial(imsave, arr=picture, format="png", dpi=DPI, metadata=metadata), png)
    return svg, png


def pixels(figure: Canvas) -> NDArray[np.uint8]:
    """The drawn figure, (height, width, RGBA)."""
    agg = FigureCanvasAgg(figure)
    agg.draw()  # type: ignore[no-untyped-call]
    return np.asarray(agg.buffer_rgba())  # type: ignore[no-untyped-call]


def _replace(write: Callable[[IO[bytes]], None], path: Path) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            write(file)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
