"""Calendar of a run on the axes: years, policy start and elections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from bresim.plots.frames import quarter_start
from bresim.plots.style import GREY, INK
from bresim.scenario import Event
from bresim.text import Language

#: Elections are held in March: this far into their quarter.
_MARCH = 2.5 / 12
#: Kind of event → dashes.
DASHES: dict[str, tuple[int, tuple[int, int]]] = {"municipal": (0, (1, 2)), "provincial": (0, (5, 3))}


@dataclass(frozen=True)
class Elections:
    """Moments of elections as decimal years."""

    municipal: tuple[float, ...]
    provincial: tuple[float, ...]


def elections(events: Iterable[Event]) -> Elections:
    """The elections among the events of a scenario."""
    found: dict[str, set[float]] = {"municipal_election": set(), "provincial_election": set()}
    for event in events:
        if event.kind in found:
            found[event.kind].add(quarter_start(event.quarter) + _MARCH)
    return Elections(*(tuple(sorted(moments)) for moments in found.values()))


def mark(axes: Axes, start: float, end: float, policy_start: float, dates: Elections) -> None:
    """Draw policy start and elections that fall between ``start`` and ``end`` (decimal years)."""
    whole = axes.get_xaxis_transform()  # x in years, y from the bottom to the top
    if start <= policy_start <= end:
        axes.vlines(policy_start, 0, 1, color=INK, linewidth=1.0, transform=whole, zorder=1)
    for kind, dashes in DASHES.items():
        moments = [moment for moment in getattr(dates, kind) if start <= moment <= end]
        axes.vlines(
            moments, 0, 1, color=GREY, linewidth=0.8, linestyles=cast(Any, [dashes]), transform=whole, zorder=0.5
        )
    axes.set_xlim(start, end)
    axes.set_xticks(ticks(start, end))
    axes.grid(visible=False, axis="x")


def ticks(start: float, end: float) -> list[int]:
    """Calendar years to label: every fifth, or every one if the run is short."""
    step = 5 if end - start > 8 else 2 if end - start > 4 else 1
    return [year for year in range(int(start), int(end) + 1) if year % step == 0 and start <= year <= end]


def legend_handles(language: Language, dates: Elections) -> Iterable[Line2D]:
    """What the vertical lines mean."""
    _ = language.gettext
    yield Line2D([], [], color=INK, linewidth=1.0, label=_("start of the design"))
    for kind, label in (("municipal", _("municipal elections")), ("provincial", _("provincial elections"))):
        if getattr(dates, kind):
            yield Line2D([], [], color=GREY, linewidth=0.8, linestyle=DASHES[kind], label=label)
