"""One look for every figure: colours that colour-blind readers and a grey printer can tell apart, and saving.

Colours are Okabe and Ito's (2008). No figure relies on colour alone: lines differ in dashes, marks in
shape, bars in hatching, cells carry their number.
"""

from __future__ import annotations

import base64
import contextlib
import html
import math
import os
import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.image import imsave
from numpy.typing import NDArray

BLUE, RUST, GREEN, PURPLE, SKY, AMBER = "#0072B2", "#D55E00", "#009E73", "#AA4499", "#56B4E9", "#E69F00"
INK, GREY, PALE, FAINT = "#222222", "#6b6b6b", "#b5b5b5", "#e6e6e6"
#: Diverging: rust below zero, white at zero, blue above.
DIVERGING = (RUST, "#f2b48c", "#ffffff", "#8fc1e0", BLUE)
WIDTH = 10.0  # inches, of a figure with one form for page and slide
#: Inches, of a figure that stands in a page; letters of ``SMALL`` points or more are 9 pixels high on a phone of 390
#: pixels, where the page leaves 350 of them.
NARROW, SMALL = 4.2, 8.0
#: Letters in a line of a row's name and of a legend's entry, where two stand beside each other, on a page.
ROW, ENTRY = 20, 23
DPI = 130
#: Pixels of a slide, and how many of them are an inch where it is 13.3 inches wide, as office programs have it.
SLIDE, SLIDE_DPI = (2560, 1440), 192
#: Shares of a slide's height for its title and its source line.
HEADING, SOURCE = 0.1, 0.04
#: Share of its width that stays free on each side.
MARGIN = 0.02
#: Pixels of a slide, wide and high, that its figure fills.
ROOM = (
    round((1 - 2 * MARGIN) * SLIDE[0]),
    SLIDE[1] - round(HEADING * SLIDE[1]) - round(SOURCE * SLIDE[1]),
)
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
    """Draw inside this: the style holds for the block, whatever the reader's own settings, and leaves those alone."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(cast(Any, STYLE))
        yield


class Picture(Canvas):
    """A figure that a notebook shows, whatever its backend is and whether or not pyplot is in use.

    With the words of the report: ``title``, a ``sentence`` that is read from the data, ``caption`` (how to read it).
    """

    title = sentence = caption = ""

    def _repr_png_(self) -> bytes:
        written = BytesIO()
        with styled():
            self.savefig(written, format="png", dpi=DPI)
        return written.getvalue()

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self._repr_png_()).decode("ascii")
        title, sentence, caption = map(html.escape, (self.title, self.sentence, self.caption))
        shown = f'<img style="max-width:100%" alt="{sentence}" src="data:image/png;base64,{picture}">'
        words = f"<figcaption>{sentence} <small>{caption}</small></figcaption>"
        return f"<figure><p><b>{title}</b></p>{shown}{words}</figure>"


def canvas(height: float, width: float = WIDTH) -> Canvas:
    """A figure of its own (no pyplot state), laid out so that nothing overlaps."""
    figure = Picture(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def wrap(text: str, width: int = 20, *, anywhere: bool = False) -> str:
    """Break a label into lines of at most ``width`` characters; a longer word only if it may break ``anywhere``."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=anywhere)) or text


def form(slide: bool, page: float, wide: float) -> Canvas:
    """An empty figure for a page, ``page`` inches high, or for a ``slide``, ``wide`` inches high: the lower, the larger
    its letters.
    """
    return slide_canvas(wide) if slide else canvas(page, NARROW)


def row_names(names: Sequence[str], slide: bool) -> tuple[list[str], float]:
    """Names of rows as they are written, and inches that a row needs on a page, where they are broken."""
    shown = list(names) if slide else [wrap(name, ROW) for name in names]
    return shown, 0.08 + 0.135 * max(2, *(name.count("\n") + 1 for name in shown), 0)


def show_legend(figure: Canvas, handles: Sequence[Artist], slide: bool, across: int) -> None:
    """A legend above the figure: ``across`` entries beside each other on a slide, two on a page."""
    if slide:
        figure.legend(handles=handles, loc="outside upper left", ncols=across, columnspacing=1.2, handletextpad=0.7)
        return
    texts = [wrap(str(handle.get_label()), ENTRY) for handle in handles]
    figure.legend(
        handles=handles,
        labels=texts,
        loc="outside upper left",
        ncols=min(2, len(handles)),
        fontsize=SMALL,
        columnspacing=1.0,
        handletextpad=0.6,
        handlelength=1.6,
        borderpad=0.0,
    )


def legend_height(entries: int) -> float:
    """Inches of a page that a legend of so many entries needs."""
    return 0.1 + 0.24 * math.ceil(entries / 2)


def slide_canvas(height: float) -> Canvas:
    """A figure that fills a slide but for its margins, title and source line, ``height`` inches high."""
    return canvas(height, height * ROOM[0] / ROOM[1])


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
    compress = {"compress_level": 3}  # as small as at 6 within a twentieth, and faster
    _replace(partial(imsave, arr=picture, format="png", dpi=SLIDE_DPI, metadata=metadata, pil_kwargs=compress), png)
    return svg, png


def _slide(figure: Canvas, title: str, source: str) -> NDArray[np.uint8]:
    """The pixels of a slide: ``figure`` laid out anew on the room that title and source leave.

    One whose lay-out is fixed (it has no engine any more) is only made larger.
    """
    width, height = SLIDE
    heading, below = round(HEADING * height), round(SOURCE * height)
    across, body = ROOM
    if figure.get_layout_engine() is None:
        figure.set_dpi(min(body / figure.get_figheight(), across / figure.get_figwidth()))
    else:
        tall = max(figure.get_figheight() * SQUEEZED, figure.get_figwidth() * body / across)
        figure.set_size_inches(tall * across / body, tall)
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
