"""Results with the figures of their report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bresim.common.errors import InputError, Problem, nearest, said
from bresim.common.text import language
from bresim.results.result import Result

if TYPE_CHECKING:
    from bresim.config.schema import SensitivityConfig
    from bresim.plots.style import Picture

Kind = TypeVar("Kind", bound=Result)


class Comparison(Result):
    """What :func:`bresim.compare` gives: ``runs``, ``series``, ``municipalities``, ``summary`` and more.

    Each ``plot_…`` draws a figure of the report from these tables, in the language of the configuration or in
    ``lang``: a Figure of Matplotlib that a notebook shows with its ``title``, ``sentence`` and ``caption``. InputError,
    if the tables have no data for it: which ones there are depends on ``record``.
    """

    def plot_differences(self, lang: str | None = None) -> Picture:
        """What each design gains compared with the status quo, in percentage points, with 95 % intervals."""
        return self._drawn("differences", lang)

    def plot_trajectories(self, lang: str | None = None) -> Picture:
        """Direct public value by quarter, mean and 90 % of the futures of each design."""
        return self._drawn("trajectories", lang)

    def plot_regional(self, lang: str | None = None) -> Picture:
        """Direct public value at the scale of the region, of its parts and locally."""
        return self._drawn("regional", lang)

    def plot_themes(self, lang: str | None = None) -> Picture:
        """Direct public value of each theme under each design."""
        return self._drawn("themes", lang)

    def plot_municipalities(self, lang: str | None = None) -> Picture:
        """What each municipality gains under each design."""
        return self._drawn("municipalities", lang)

    def plot_trust(self, lang: str | None = None) -> Picture:
        """Trust and grievance by quarter."""
        return self._drawn("trust", lang)

    def plot_undercurrent(self, lang: str | None = None) -> Picture:
        """Each design under every level of the undercurrent."""
        return self._drawn("undercurrent", lang)

    def plot_robustness(self, lang: str | None = None) -> Picture:
        """How often each design is best, and what is lost at most by choosing it."""
        return self._drawn("robustness", lang)

    def _drawn(self, name: str, lang: str | None) -> Picture:
        from bresim.plots.memory import drawn

        figures = drawn(self, lang or self.config.lang, (name,))
        if not figures:
            what = said("there is no data for the figure '{name}' in this result", name=name)
            raise InputError(Problem(name, what, said("keep more tables (record=details), or compare more designs")))
        return next(iter(figures.values()))

    def figures(self, lang: str | None = None) -> dict[str, Picture]:
        """Every figure of the report that the tables have data for, by its name."""
        from bresim.plots.memory import drawn

        return drawn(self, lang or self.config.lang)


class Sensitivity(Result):
    """What :func:`bresim.sensitivity` gives: ``sensitivity``, ``summary``, ``convergence``, ``boxes``, ``responses``.

    Each ``plot_…`` draws a figure of the analysis, in the language of the configuration or in ``lang``. InputError, if
    there is no data for it.
    """

    def plot_importance(self, lang: str | None = None) -> Picture:
        """The keys that matter most, with their intervals."""
        return self._drawn("importance", lang)

    def plot_box(self, lang: str | None = None) -> Picture:
        """Of a discovery: where a design does better than the first one (the first box that is found)."""
        return self._drawn("box", lang)

    def figures(self, lang: str | None = None) -> dict[str, Picture]:
        """Every figure of the analysis, by its name."""
        from bresim.analysis.decisive import Reader
        from bresim.plots.decisive import draw_analysis
        from bresim.plots.memory import kept

        words = language(lang or self.config.lang)
        assert self.region is not None
        reader = Reader(cast("SensitivityConfig", self.config), self.region, words)
        return kept(self, words, lambda view, nowhere: draw_analysis(view, reader, nowhere))

    def findings(self, lang: str | None = None) -> list[str]:
        """What the analysis says, a paragraph for each quantity and one about the sample."""
        from bresim.analysis.decisive import Reader, findings

        assert self.region is not None
        reader = Reader(cast("SensitivityConfig", self.config), self.region, language(lang or self.config.lang))
        return findings(reader, self.sensitivity, self.summary, self.convergence, self.boxes)

    def _drawn(self, start: str, lang: str | None) -> Picture:
        figures = self.figures(lang)
        for name, figure in figures.items():
            if name.startswith(start):
                return figure
        what = said("there is no data for the figure '{name}' in this result", name=start)
        raise InputError(Problem(start, what, nearest(start, figures)))


class Run(Result):
    """What :func:`bresim.run` gives: the full trace of one run, quarter by quarter."""


class Sweep(Result):
    """What :func:`bresim.sweep` gives: ``points``, ``runs`` with the number of the ``point`` of each, ``summary``."""


#: Command → the kind of its result.
KINDS: dict[str, type[Result]] = {"compare": Comparison, "sensitivity": Sensitivity, "run": Run, "sweep": Sweep}


def of_kind(kind: Callable[..., Kind], result: Result) -> Kind:
    """The same result, as one of this kind."""
    content: dict[str, Any] = {field.name: getattr(result, field.name) for field in fields(result)}
    return kind(**content)
