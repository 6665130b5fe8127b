"""How the brief names designs, measures, rule types, reasons and indicators, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from bresim.analysis.comparison import outcome
from bresim.brief.job import Brief
from bresim.brief.runs import MEASURED
from bresim.common.text import Language
from bresim.config.presets import LEVELS
from bresim.conventions import REFERENCE
from bresim.governance import measures
from bresim.plots.undercurrent import level_labels
from bresim.scenario import read_scenario


class Words:
    """Display names for one brief and language. ``_`` translates."""

    def __init__(self, brief: Brief, language: Language):
        self.brief, self.language = brief, language
        self._ = language.gettext

    @cached_property
    def region(self) -> str:
        """The region."""
        return self.language.label(self.brief.region)

    @cached_property
    def end(self) -> str:
        """The year in which runs end, as text."""
        return str(self.brief.config.time.end)[:4]

    @cached_property
    def start(self) -> str:
        """The year of policy start, as text."""
        return str(self.brief.config.time.policy_start)[:4]

    def design(self, name: str) -> str:
        """A design as it stands in a table."""
        if name == MEASURED:
            return self._("Status quo with the measures chosen")
        found = next((one for one in self.brief.config.designs if one.name == name), None)
        return name.replace("_", " ") if found is None else self.language.label(found)

    def quoted(self, name: str) -> str:
        """A design as it stands in a sentence."""
        return self._("the status quo") if name == REFERENCE else f"“{self.design(name)}”"

    def measure(self, name: str) -> str:
        """A measure; ``none`` is that none is taken."""
        return self.language.label(measures()[name]) if name in measures() else self._("no measure")

    def inside(self, measure: str) -> str:
        """A measure in a sentence."""
        return inside(self.measure(measure))

    def measures(self, names: Iterable[str]) -> str:
        """Measures in a sentence."""
        return self.language.join(self.inside(name) for name in names)

    def rule_type(self, name: str) -> str:
        """One of the seven rule types, by what it settles."""
        _ = self._
        return {
            "position": _("who has which role"),
            "boundary": _("who takes part"),
            "choice": _("what members may and must do"),
            "aggregation": _("how decisions are made"),
            "information": _("what they know of each other"),
            "payoff": _("money, binding and sanctions"),
            "scope": _("which themes, and for how long"),
        }[name]

    def reason(self, name: str) -> str:
        """A term of a vote."""
        _ = self._
        return {
            "trust": _("trust in the others"),
            "support": _("support of the council"),
            "orientation": _("how regional it looks"),
            "urgency": _("urgency of the themes"),
            "interest": _("own interest in the themes"),
            "money": _("money in sight"),
            "autonomy": _("loss of autonomy"),
            "say": _("unequal say"),
            "refused": _("memory of an earlier no"),
        }[name]

    def indicator(self, name: str) -> str:
        """An outcome, by its label."""
        return self.language.label(outcome(name))

    def level(self, name: str) -> str:
        """A level of the undercurrent."""
        return level_labels(self.language)[name] if name in LEVELS else self._("own values")

    def scenario(self, name: str) -> str:
        """A scenario; the job's own may be a file of the user."""
        own = self.brief.config.scenario
        return self.language.label(read_scenario(own if name == own.get("name") else name))


def inside(label: str) -> str:
    """A label within a sentence: without its capital, unless that is of an abbreviation or of a name."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
