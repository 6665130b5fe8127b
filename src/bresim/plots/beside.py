"""Figure: the paired differences to the status quo in several jobs, a panel for each, on one list of designs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from matplotlib.figure import Figure as Canvas

from bresim.analysis.comparison import Difference
from bresim.common.text import Language
from bresim.conventions import Founding
from bresim.plots import ticks
from bresim.plots.differences import forest, how_to_read, label_x, legend
from bresim.plots.intervals import name_rows
from bresim.plots.style import form, legend_height, row_names, save, show_legend, styled, wrap
from bresim.plots.view import Figure, View, source

#: Most panels next to each other, on a page and on a slide, and letters of their titles on an inch of all together.
ACROSS, TITLES = (2, 4), 9.0


@dataclass(frozen=True)
class Panel:
    """A job: its label, and the difference of each design in the order of the rows; None if it lacks the design."""

    label: str
    rows: Sequence[Difference | None]


def draw(
    view: View, founding: Founding, panels: Sequence[Panel], names: Sequence[str], sentence: str, out: Path
) -> Figure:
    """Mean paired difference with its 95 % interval and the 5–95 % spread, for each job beside each other."""
    language, _ = view.language, view.language.gettext
    view = View(view.whole, language, founding)
    with styled():
        figure, slide = (_picture(panels, names, language, slide) for slide in (False, True))
        titles = {
            "vote": _("Difference from the status quo in each comparison, as decided by vote"),
            "at_once": _("Difference from the status quo in each comparison, if founded"),
        }
        how = _("A panel for each comparison, all on one scale. {how}").format(how=how_to_read(language))
        caption, title, name = f"{how} {view.told}", titles[founding], f"beside_{founding}"
        headed = f"{title} ({language.label(view.region)})"  # not with what one of the jobs was about
        description, about = f"{sentence} {caption}", source(language.label(view.region))
        svg, png = save(figure, out, name, title=headed, description=description, source=about, slide=slide)
        return Figure(name, title, caption, sentence, svg, png)


def _picture(panels: Sequence[Panel], names: Sequence[str], language: Language, slide: bool) -> Canvas:
    across = min(len(panels), ACROSS[slide])
    down = ceil(len(panels) / across)
    shown, tall = row_names(names, slide)
    page = 0.7 + legend_height(5) + down * (0.75 + tall * len(names))
    figure = form(slide, page=page, wide=max(4.84, 0.9 + down * (0.6 + 0.21 * len(names))))
    axes = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    for spare in axes.flat[len(panels) :]:
        spare.remove()
    room = figure.get_figwidth() - (0.0 if slide else 1.0)  # the names of rows take as much of a page
    for at, (axis, panel) in enumerate(zip(axes.flat, panels, strict=False)):
        forest(axis, [row or _missing() for row in panel.rows], language)
        axis.set_title(wrap(panel.label, round(TITLES * room) // across, anywhere=True), fontsize=9.5 if slide else 8.5)
        axis.tick_params(labelbottom=at + across >= len(panels))
    name_rows(axes[0, 0], shown)
    axes[0, 0].xaxis.set_major_formatter(ticks.signed(language))
    label_x(figure, language, slide)
    show_legend(figure, legend(language), slide, across=5)
    return figure


def _missing() -> Difference:
    return Difference("", *[float("nan")] * 7)
