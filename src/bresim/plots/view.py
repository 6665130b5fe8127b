"""What every figure shares: the result, the language, the designs in order and their names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

import bresim
from bresim.analysis import comparison
from bresim.analysis.names import about, design_names, measured
from bresim.common.errors import BresimError, said
from bresim.common.text import Language
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE, Founding
from bresim.governance import design_labels
from bresim.plots.calendar import Marks, marks
from bresim.plots.style import Picture, save
from bresim.results.result import NOT_SHOWN
from bresim.scenario import ScenarioFile, read_scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

    from bresim.config.schema import CompareConfig
    from bresim.region.types import Region
    from bresim.results import Result


#: The region of BRE 2023 and RD 2024.
HOME = "zuid_limburg"


@dataclass(frozen=True)
class Figure:
    """A drawn figure: title and caption (how to read it), a sentence read from the data, and its files."""

    name: str
    title: str
    caption: str
    sentence: str
    svg: Path
    png: Path


@dataclass(frozen=True)
class View:
    """A result as one reader sees it, under one founding: ``chosen``, else the first of the job.

    Figures are kept in ``kept``, by name, in place of files, where that is given.
    """

    whole: Result
    language: Language
    chosen: Founding | None = None
    kept: dict[str, Picture] | None = None

    @cached_property
    def founding(self) -> Founding:
        """The founding of all that is shown."""
        return self.chosen or self.config.foundings[0]

    @cached_property
    def founded(self) -> View | None:
        """The same designs in the same futures, founded at once; None if the job has one founding only."""
        return View(self.whole, self.language, FOUNDINGS[1], self.kept) if len(self.config.foundings) > 1 else None

    @cached_property
    def result(self) -> Result:
        """The rows of this founding."""
        return self.whole.under(self.founding, NOT_SHOWN) if len(self.config.foundings) > 1 else self.whole

    @cached_property
    def told(self) -> str:
        """A sentence that says which founding is shown."""
        _ = self.language.gettext
        texts = {
            "vote": _("Shown as decided by vote: where a design is not founded, nothing changes."),
            "at_once": _("Shown as if every design is founded at the policy start."),
        }
        return texts[self.founding]

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run."""
        return self.result.runs

    @cached_property
    def config(self) -> CompareConfig:
        """The configuration of the comparison."""
        return cast("CompareConfig", self.whole.config)

    @cached_property
    def region(self) -> Region:
        """The region of the job; a result read back from disk must be given it again."""
        if self.whole.region is None:
            raise BresimError(said("the result holds no region; give it one with load_region(config.region)"))
        return self.whole.region

    @cached_property
    def order(self) -> list[str]:
        """Designs from the highest to the lowest mean direct value."""
        return comparison.order(self.runs)

    @cached_property
    def reference(self) -> str | None:
        """The status quo, if it is in the job."""
        return REFERENCE if REFERENCE in self.order else None

    @cached_property
    def alternatives(self) -> list[str]:
        """The designs other than the status quo, in order."""
        return [design for design in self.order if design != self.reference]

    @cached_property
    def panels(self) -> list[str]:
        """The designs that get a panel of their own: the alternatives, or the status quo if it is alone."""
        return self.alternatives or self.order

    @cached_property
    def differences(self) -> list[comparison.Difference]:
        """Every alternative against the status quo; empty without a status quo."""
        return self.against(HEADLINE)

    def against(self, column: str) -> list[comparison.Difference]:
        """Every alternative against the status quo in one outcome."""
        return comparison.differences(self.runs, self.result.summary, column)

    @cached_property
    def leaders(self) -> list[str]:
        """The design with the highest mean, first, and those that do not differ significantly from it.

        Without the status quo if the highest design is significantly better: the two tests differ in strictness, and
        the texts must not contradict each other.
        """
        found = comparison.leaders(self.runs)
        if self.differences and self.differences[0].design == found[0] and self.differences[0].verdict == 1:
            return [design for design in found if design != self.reference]
        return found

    @cached_property
    def parameter_sets(self) -> int:
        """Number of parameter sets in the job."""
        return int(self.runs["parameter_draw"].nunique())

    @cached_property
    def at_home(self) -> bool:
        """Whether this is the region that the source reports describe, so that they may be quoted about it."""
        return self.region.name == HOME

    @cached_property
    def scenario(self) -> ScenarioFile:
        """The scenario of the job."""
        return read_scenario(self.config.scenario)

    @cached_property
    def marks(self) -> Marks:
        """The dated events of the scenario that this region and period have."""
        scenario, themes = self.scenario, {theme.name for theme in self.region.themes}
        events = (*(read_scenario(scenario.history).events if scenario.history else ()), *scenario.events)
        without_money = scenario.from_policy_start.windows == 0.0
        return marks(
            event
            for event in events
            if event.theme in {None, "all", *themes}
            and not (
                without_money
                and event.kind == "window"
                and comparison.quarter_start(event.quarter) >= self.policy_start
            )
        )

    @cached_property
    def policy_start(self) -> float:
        """The moment the design starts, as a decimal year."""
        return comparison.quarter_start(self.config.time.policy_start)

    @cached_property
    def source(self) -> str:
        """What the numbers come from, for a slide: version, region, what the job was about, its date and seed."""
        language, _ = self.language, self.language.gettext
        parts = [about(self.config, language)]
        parts += [self.day] if self.day else []
        parts.append(_("seed {seed}").format(seed=self.config.seed))
        return source(language.label(self.region), *parts)

    @cached_property
    def day(self) -> str:
        """The day on which the job was run; empty if that is not known."""
        started = self.whole.manifest.get("started")
        return self.language.day(str(started)) if started else ""

    def date(self, quarter: float) -> str | None:
        """The calendar quarter (``2024-Q1``) of a quarter number, or None if the run does not reach it."""
        dates = self.config.time.dates
        return dates[round(quarter)] if math.isfinite(quarter) and 0 <= round(quarter) < len(dates) else None

    def name(self, design: str) -> str:
        """The design's name in the reader's language: from the job's own designs, else from those shipped."""
        label = self._labels.get(design) or design_labels(design)[0 if self.language.code == "nl" else 1]
        return label.replace("_", " ") if label == design else label

    @cached_property
    def _labels(self) -> dict[str, str]:
        return design_names(self.config, self.language)

    @cached_property
    def measured(self) -> str:
        """What measures do to the status quo; empty if none is taken."""
        return measured(self.config, self.language)

    def noted(self, caption: str, *, both: bool = False) -> str:
        """A caption with what holds for every picture of the job: its measures, and which founding unless ``both``."""
        return " ".join(text for text in (caption, self.measured, "" if both else self.told) if text)

    def headed(self, title: str) -> str:
        """A title that stands alone: with the region. What else the job was about is in its source line."""
        return f"{title} ({self.language.label(self.region)})"

    def keep(self, name: str, canvas: Canvas, title: str, sentence: str, caption: str) -> None:
        """Keep a figure with its words, in place of writing it."""
        assert self.kept is not None
        assert isinstance(canvas, Picture)
        canvas.title, canvas.sentence, canvas.caption = self.headed(title), sentence, caption
        self.kept[name] = canvas

    def names(self) -> dict[str, str]:
        """Display names of all designs in the job."""
        return {design: self.name(design) for design in self.order}

    def quoted(self) -> dict[str, str]:
        """The designs' names as they stand in a sentence: in quotation marks, the status quo without."""
        _ = self.language.gettext
        plain = {REFERENCE: _("the status quo with the measures") if self.measured else _("the status quo")}
        return {design: plain.get(design, f"“{name}”") for design, name in self.names().items()}


def source(region: str, *parts: str) -> str:
    """What numbers come from, in a line: version, region, and the further ``parts``."""
    return " · ".join((f"bresim {bresim.__version__}", region, *parts))


def publish(
    view: View,
    canvas: Canvas,
    out: Path,
    name: str,
    title: str,
    caption: str,
    sentence: str,
    *,
    slide: Canvas | None = None,
    both: bool = False,
) -> Figure:
    """Save a drawn figure, and its wide form for a ``slide`` where it has one, with what explains it.

    The caption holds for both forms; it says which founding is shown, unless it is ``both``.
    """
    caption = view.noted(caption, both=both)
    if view.kept is not None:
        view.keep(name, slide or canvas, title, sentence, caption)
        return Figure(name, title, caption, sentence, out, out)
    description = f"{sentence} {caption}"
    title_alone = view.headed(title)
    svg, png = save(canvas, out, name, title=title_alone, description=description, source=view.source, slide=slide)
    return Figure(name, title, caption, sentence, svg, png)
