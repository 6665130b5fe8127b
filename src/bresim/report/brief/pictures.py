"""The pictures of the brief: from its tables and words to what :mod:`bresim.plots.brief` draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from bresim.brief.rows import highest, lowest
from bresim.common.text import capital
from bresim.conventions import REFERENCE
from bresim.plots import brief as draw
from bresim.plots.view import Figure
from bresim.report.brief import why
from bresim.report.brief.tables import package_kind, package_parts
from bresim.report.brief.words import Words


class Pictures:
    """Draws the pictures of one brief in ``out``; ``source`` is the line below each slide."""

    def __init__(self, words: Words, out: Path, source: str):
        self.words, self.out, self.source = words, out, source
        self._ = words.language.gettext

    def all(self) -> dict[str, Figure]:
        """Every picture that the brief has data for, by its name."""
        brief, made = self.words.brief, dict[str, Figure]()
        out_of = {
            "founding_map": (brief.designs, self._founding_map),
            "contributions": (brief.rule_types, self._contributions),
            "packages": (brief.packages, self._packages),
            "worlds": (brief.worlds, self._worlds),
            "measures": (brief.measures, self._measures),
            "votes": (brief.votes, self._votes),
            "absence": (brief.absence, self._absence),
        }
        for name, (table, make) in out_of.items():
            if len(table) and (brief.config.municipality is None):
                made[name] = make()
        return made

    def _publish(self, name: str, frame: pd.DataFrame, title: str, sentence: str, caption: str) -> Figure:
        return draw.publish(
            getattr(draw, name), frame, self.words.language, self.out, name,
            title=title, caption=caption, sentence=sentence, source=self.source,
        )  # fmt: skip

    def _label(self, table: pd.DataFrame) -> list[str]:
        return [self.words.design(str(name)) for name in table["design"]]

    def _founding_map(self) -> Figure:
        _, words, table = self._, self.words, self.words.brief.designs
        frame = table.assign(label=self._label(table), reference=False)
        top, likely = highest(table, "gain"), highest(table, "chance")
        sentence = _(
            "{top} yields most if founded, with a chance of {chance}; {likely} is founded most often ({most})."
        )
        return self._publish(
            "founding_map", frame, _("What it yields against the chance that it comes about"),
            capital(sentence.format(
                top=words.quoted(top["design"]), chance=words.language.percent(top["chance"]),
                likely=words.quoted(likely["design"]), most=words.language.percent(likely["chance"]),
            )),
            _("Higher: yields more if founded, with its 95% interval. Further right: founded more often. On a dashed "
              "line "
              "gain times chance is the same."),
        )  # fmt: skip

    def _contributions(self) -> Figure:
        _, words, table = self._, self.words, self.words.brief.rule_types
        frame = table.assign(
            design_label=self._label(table), rule_label=[words.rule_type(str(name)) for name in table["rule_type"]]
        ).sort_values("value", ascending=False)
        return self._publish(
            "contributions", frame, _("What each kind of rules contributes"), why.contribution(words),
            _("Point: contribution to the gain if founded; line: its 95% interval."),
        )  # fmt: skip

    def _packages(self) -> Figure:
        _, words, table = self._, self.words, self.words.brief.packages
        both = zip(table["kind"], table["parts"], strict=True)
        frame = table.assign(
            label=[package_parts(words, str(kind), str(parts)) for kind, parts in both],
            kind=[package_kind(words, str(kind)) for kind in table["kind"]],
        )
        return self._publish(
            "packages", frame, _("The smallest package"), why.package(words),
            _("The best and, lighter, the second-best package of each size, with its 95% interval."),
        )  # fmt: skip

    def _worlds(self) -> Figure:
        _, words, table = self._, self.words, self.words.brief.worlds
        ranked = list(words.brief.designs["design"])
        table = table.assign(place=[ranked.index(str(name)) for name in table["design"]])
        table = table.sort_values("place", kind="stable")
        frame = table.assign(
            label=self._label(table),
            world_scenario=[words.scenario(str(name)) for name in table["scenario"]],
            world_undercurrent=[words.level(str(name)) for name in table["undercurrent"]],
        )
        first = table[table["rank"] == 1]["design"].value_counts()
        sentence = _("{design} is first in {count} of {worlds} worlds.").format(
            design=words.quoted(str(first.index[0])), count=int(first.iloc[0]), worlds=int(first.sum())
        )
        return self._publish(
            "worlds", frame, _("Gain in every world, if founded"), capital(sentence),
            _("Percentage points compared with today's way of working in the same world. Framed: the highest. Hatched: "
              "not "
              "clearly more than now."),
        )  # fmt: skip

    def _measures(self) -> Figure:
        _, words, table = self._, self.words, self.words.brief.measures
        founded = table[table["founding"] == "at_once"]
        ranked = [REFERENCE, *words.brief.designs["design"]]
        founded = founded[founded["design"].isin(ranked)]
        order = [ranked.index(str(name)) for name in founded["design"]]
        founded = founded.assign(place=order).sort_values("place", kind="stable")
        frame = founded.assign(
            label=self._label(founded), measure_label=[words.measure(str(name)) for name in founded["measure"]]
        )
        alone = founded[founded["design"] == REFERENCE]
        best = highest(alone, "gain")
        sentence = _("On today's way of working {measure} adds most: {points} percentage points.").format(
            measure=words.inside(best["measure"]), points=words.language.points(best["gain"])
        )
        return self._publish(
            "measures", frame, _("Gain with each measure, if founded"), sentence,
            _("Percentage points compared with today's way of working without measures. In brackets: not clearly more "
              "or less."),
        )  # fmt: skip

    def _votes(self) -> Figure:
        _, words, table = self._, self.words, self.words.brief.votes
        means = table.groupby("design", sort=False)["chance"].mean().sort_values(ascending=False)
        frame = table.assign(label=self._label(table))
        order = {name: at for at, name in enumerate(means.index)}
        frame = frame.assign(place=[order[name] for name in table["design"]]).sort_values("place", kind="stable")
        local = table.groupby("municipality", sort=False)["chance"].mean().reset_index()
        least = lowest(local, "chance")
        sentence = _("Least inclined is {municipality}: on average a chance of {chance} of a yes.").format(
            municipality=least["municipality"], chance=words.language.percent(least["chance"])
        )
        return self._publish(
            "votes", frame, _("Chance that a municipality votes for founding"), sentence,
            _("Mean over the futures, in the first vote. The darker, the likelier a yes. What needs no vote is not in "
              "it."),
        )  # fmt: skip

    def _absence(self) -> Figure:
        _, words, table = self._, self.words, self.words.brief.absence.dropna(subset=["change"])
        worst: dict[str, Any] = lowest(table, "change")
        sentence = _("Most is lost without {who}: {points} percentage points.").format(
            who=worst["who"], points=words.language.points(worst["change"])
        )
        return self._publish(
            "absence", table.sort_values("change"), _("What if one stays out"), sentence,
            _("Change of the region's value if they do not take part in {design}, with its 95% interval.").format(
                design=words.quoted(str(words.brief.explained))
            ),
        )  # fmt: skip
