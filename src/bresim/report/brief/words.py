"""How the brief names designs, measures, rule types, reasons and indicators, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from bresim.analysis.comparison import outcome
from bresim.analysis.names import level_labels
from bresim.brief.job import Brief
from bresim.brief.packages import autonomy
from bresim.brief.runs import MEASURED, taken_measures
from bresim.common.text import Language
from bresim.config.presets import LEVELS
from bresim.conventions import REFERENCE
from bresim.governance import Design, measures
from bresim.governance.schema import RULE_TYPES
from bresim.scenario import read_scenario, scenario_names


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

    @cached_property
    def measured(self) -> bool:
        """Whether the job has measures, so that no design is without them."""
        return bool(taken_measures(self.brief.config))

    def design(self, name: str) -> str:
        """A design as it stands in a table."""
        if name == MEASURED:
            return self._("Status quo with the measures chosen")
        found = next((one for one in self.brief.config.designs if one.name == name), None)
        return name.replace("_", " ") if found is None else self.language.label(found)

    def of_design(self, name: str) -> Design:
        """A design of the job by its name."""
        return next(one for one in self.brief.config.designs if one.name == name)

    def descriptions(self) -> list[tuple[str, str]]:
        """(name, what it is and what autonomy it asks) of every design that says what it is."""
        dutch = self.language.code == "nl"
        found = [(self.design(one.name), one.description_nl if dutch else one.description_en)
                 for one in self.brief.config.designs]  # fmt: skip
        asked = self._("A municipality gives up {share} of its autonomy.")
        given = [asked.format(share=self.language.percent(autonomy(one))) for one in self.brief.config.designs]
        return [(name, f"{text} {more}") for (name, text), more in zip(found, given, strict=True) if text]

    def measure_texts(self) -> list[tuple[str, str]]:
        """(name, what it is) of every measure."""
        dutch = self.language.code == "nl"
        texts = {name: one.description_nl if dutch else one.description_en for name, one in measures().items()}
        return [(self.measure(name), text) for name, text in texts.items() if text]

    def world_texts(self) -> list[tuple[str, str]]:
        """(scenario, what happens in it) of every scenario that was tried."""
        dutch, own = self.language.code == "nl", self.brief.config.scenario
        found = []
        for name in dict.fromkeys(self.brief.worlds["scenario"]):
            one = read_scenario(own if name == own.get("name") else str(name))
            text = one.description_nl if dutch else one.description_en
            found.append((self.language.label(one), text)) if text else None
        return found

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

    def scale_or_theme(self, what: str) -> str:
        """``scale:regional`` or ``theme:economy`` for a reader."""
        kind, _colon, name = what.partition(":")
        if kind == "theme":
            return self.language.label(next(theme for theme in self.brief.region.themes if theme.name == name))
        _ = self._
        return {
            "regional": _("regional scale"),
            "subregional": _("subregional scale"),
            "local": _("local scale"),
        }[name]

    def part(self, name: str) -> str:
        """A change in a package: a measure, or the rules on something."""
        return self._("rules on {rule}").format(rule=self.rule_type(name)) if name in RULE_TYPES else self.measure(name)

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

    def reason_against(self, name: str) -> str:
        """A term of a vote that counts against founding."""
        _ = self._
        return {
            "trust": _("too little trust in the others"),
            "support": _("too little support of the council"),
            "orientation": _("it looks little at the region"),
            "urgency": _("too little urgency of the themes"),
            "interest": _("too little own interest in the themes"),
            "money": _("too little money in sight"),
        }.get(name, self.reason(name))

    def indicator(self, name: str) -> str:
        """An outcome, by its label."""
        return self._("completed regional initiatives") if name == "completed" else self.language.label(outcome(name))

    def level(self, name: str) -> str:
        """A level of the undercurrent."""
        return level_labels(self.language)[name] if name in LEVELS else self._("own values")

    def scenario(self, name: str) -> str:
        """A scenario; the job's own may be a file of the user, which says its name if its label is a shipped one's."""
        own = self.brief.config.scenario
        if name != own.get("name"):
            return self.language.label(read_scenario(name))
        label = self.language.label(read_scenario(own))
        others = {self.language.label(read_scenario(other)) for other in scenario_names() if other != name}
        return f"{label} ({name})" if label in others else label


def tenths(share: float) -> float:
    """A share as it is shown: in percentage points, with one decimal."""
    return round(100.0 * share, 1) + 0.0


def inside(label: str) -> str:
    """A label within a sentence: without its capital, unless that is of an abbreviation or of a name."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
