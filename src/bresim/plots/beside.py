"""Figure: the paired differences to the status quo in several jobs, a panel for each, on one list of designs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from bresim.analysis.comparison import Difference
from bresim.conventions import Founding
from bresim.plots import ticks
from bresim.plots.differences import forest, how_to_read, legend
from bresim.plots.intervals import name_rows
from bresim.plots.style import canvas, save, styled, wrap
from bresim.plots.view import Figure, View

#: Most panels next to each other, and characters of their titles together.
ACROSS, TITLES = 3, 90


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
    across = min(len(panels), ACROSS)
    down = ceil(len(panels) / across)
    with styled():
        figure = canvas(height=1.2 + down * (0.6 + 0.34 * len(names)))
        axes = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
        for spare in axes.flat[len(panels) :]:
            spare.remove()
        for at, (axis, panel) in enumerate(zip(axes.flat, panels, strict=False)):
            forest(axis, [row or _missing() for row in panel.rows], language)
            axis.set_title(wrap(panel.label, TITLES // across))
            axis.tick_params(labelbottom=at + across >= len(panels))
        name_rows(axes[0, 0], names)
        axes[0, 0].xaxis.set_major_formatter(ticks.signed(language))
        label = _("difference in direct public value from the status quo, in percentage points")
        figure.supxlabel(label, fontsize=9.5)
        figure.legend(handles=legend(language), loc="outside upper left", ncols=5, columnspacing=1.2, handletextpad=0.7)
        titles = {
            "vote": _("Difference from the status quo in each comparison, as decided by vote"),
            "at_once": _("Difference from the status quo in each comparison, if founded"),
        }
        how = _("A panel for each comparison, all on one scale. {how}").format(how=how_to_read(language))
        caption, title, name = f"{how} {view.told}", titles[founding], f"beside_{founding}"
        headed = f"{title} ({language.label(view.region)})"  # not with what one of the jobs was about
        svg, png = save(figure, out, name, title=headed, description=f"{sentence} {caption}")
        return Figure(name, title, caption, sentence, svg, png)


def _missing() -> Difference:
    return Difference("", *[float("nan")] * 7)
