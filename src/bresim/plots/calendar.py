"""Calendar of a run on the axes: years, policy start, elections, dated shocks and central money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from bresim.analysis.comparison import quarter_start
from bresim.common.text import Language
from bresim.plots.style import GREEN, GREY, INK, RUST
from bresim.scenario import Event

#: Elections are held in March: this far into their quarter. Of a shock or funding window the quarter is all we know.
_MARCH, _MIDDLE = 2.5 / 12, 1.5 / 12
#: Kind of election → dashes of its line.
DASHES: dict[str, tuple[int, tuple[int, int]]] = {"municipal": (0, (1, 2)), "provincial": (0, (5, 3))}
#: Kind of event → mark, colour, and its height as a share of the axes.
MARKS = {"shocks": ("v", RUST, 0.965), "windows": ("^", GREEN, 0.035)}


@dataclass(frozen=True)
class Marks:
    """Moments of dated events as decimal years; what comes by chance differs between the futures and has no mark."""

    municipal: tuple[float, ...] = ()
    provincial: tuple[float, ...] = ()
    shocks: tuple[float, ...] = ()
    windows: tuple[float, ...] = ()

    def between(self, kind: str, start: float, end: float) -> list[float]:
        """The moments of a kind from ``start`` to ``end``."""
        return [moment for moment in getattr(self, kind) if start <= moment <= end]


#: Kind of event in a scenario → (kind of mark, how far into its quarter it stands).
_KINDS = {
    "municipal_election": ("municipal", _MARCH),
    "provincial_election": ("provincial", _MARCH),
    "shock": ("shocks", _MIDDLE),
    "window": ("windows", _MIDDLE),
}


def marks(events: Iterable[Event]) -> Marks:
    """The marks of the events of a scenario."""
    found: dict[str, set[float]] = {}
    for event in events:
        if event.kind in _KINDS and event.size > 0.0:
            kind, within = _KINDS[event.kind]
            found.setdefault(kind, set()).add(quarter_start(event.quarter) + within)
    return Marks(**{kind: tuple(sorted(moments)) for kind, moments in found.items()})


def mark(axes: Axes, start: float, end: float, policy_start: float, dates: Marks) -> None:
    """Draw policy start and the events that fall between ``start`` and ``end`` (decimal years)."""
    whole = axes.get_xaxis_transform()  # x in years, y from the bottom to the top
    if start <= policy_start <= end:
        axes.vlines(policy_start, 0, 1, color=INK, linewidth=1.0, transform=whole, zorder=1)
    for kind, dashes in DASHES.items():
        moments = dates.between(kind, start, end)
        axes.vlines(
            moments, 0, 1, color=GREY, linewidth=0.8, linestyles=cast(Any, [dashes]), transform=whole, zorder=0.5
        )
    for kind, (shape, colour, height) in MARKS.items():
        moments = dates.between(kind, start, end)
        axes.scatter(moments, [height] * len(moments), s=15, marker=shape, color=colour, transform=whole, zorder=3)
    axes.set_xlim(start, end)
    axes.set_xticks(ticks(start, end))
    axes.grid(visible=False, axis="x")


def ticks(start: float, end: float) -> list[int]:
    """Calendar years to label: every fifth, or every one if the run is short."""
    step = 5 if end - start > 8 else 2 if end - start > 4 else 1
    return [year for year in range(int(start), int(end) + 1) if year % step == 0 and start <= year <= end]


def legend_handles(language: Language, start: float, end: float, policy_start: float, dates: Marks) -> Iterable[Line2D]:
    """What the lines and marks mean that :func:`mark` draws."""
    _ = language.gettext
    if start <= policy_start <= end:
        yield Line2D([], [], color=INK, linewidth=1.0, label=_("start of the design"))
    for kind, label in (("municipal", _("municipal elections")), ("provincial", _("provincial elections"))):
        if dates.between(kind, start, end):
            yield Line2D([], [], color=GREY, linewidth=0.8, linestyle=DASHES[kind], label=label)
    for kind, label in (("shocks", _("shock")), ("windows", _("central money"))):
        if dates.between(kind, start, end):
            shape, colour, _height = MARKS[kind]
            yield Line2D([], [], linestyle="", marker=shape, markersize=4.5, color=colour, label=label)
