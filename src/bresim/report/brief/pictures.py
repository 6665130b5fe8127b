"""The pictures of the brief: from its tables and words to what :mod:`bresim.plots.brief` draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from bresim.analysis.comparison import above_zero, below_zero
from bresim.brief.measures import NONE
from bresim.brief.rows import highest, lowest
from bresim.brief.runs import MEASURED
from bresim.common.text import capital
from bresim.conventions import REFERENCE
from bresim.plots import brief as draw
from bresim.plots.view import Figure
from bresim.report.brief import answer, why
from bresim.report.brief.tables import founded_or_not, package_parts
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
            "absence": (self._missed, self._absence),
        }
        for name, (table, make) in out_of.items():
            if len(table) and brief.config.municipality is None:
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
        frame = table.assign(label=self._label(table), reference=table["design"] == MEASURED)
        rows = answer.ways(words)
        sentence, top = "", answer.leader(rows)
        if top is not None:
            sentence = _(
                "If founded, {top} yields clearly more than now, with a chance of {chance} that it is founded."
            )
            sentence = sentence.format(top=words.quoted(top["design"]), chance=words.language.percent(top["chance"]))
        elif rows:
            sentence = _("Even once it is founded, no way of working together yields clearly more than now.")
        if len(rows) > 1:
            likely = max(rows, key=lambda row: float(row["chance"]))
            sentence += " " + _("Founded most often is {likely}: in {most} of the futures.").format(
                likely=words.quoted(likely["design"]), most=words.language.percent(likely["chance"])
            )
        return self._publish(
            "founding_map", frame, _("What it yields against the chance that it comes about"),
            sentence,
            _("Higher: yields more if founded, with its 95% interval. Further right: founded more often. On a dashed "
              "line "
              "gain times chance is the same; as decided it can be less, as founding may take years."),
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
        _, words = self._, self.words
        table = founded_or_not(words.brief.packages).reset_index(drop=True)
        frame = table.assign(
            label=[package_parts(words, str(parts)) for parts in table["parts"]],
            kind=[_("with founding") if founded else _("nothing founded") for founded in table["founded"]],
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
        alone = founded[(founded["design"] == REFERENCE) & (founded["measure"] != NONE)]
        best = highest(alone, "gain")
        sentence = (
            _("On today's way of working {measure} adds most: {points} percentage points.").format(
                measure=words.inside(best["measure"]), points=words.language.points(best["gain"])
            )
            if above_zero(best["low"])
            else _("On today's way of working no measure clearly adds anything.")
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
        sentence = _(
            "Over all ways of working together {municipality} is least inclined: on average a chance of {chance} of "
            "a yes."
        ).format(municipality=least["municipality"], chance=words.language.percent(least["chance"]))
        return self._publish(
            "votes", frame, _("Chance that a municipality votes for founding"), sentence,
            _("Mean over the futures, in the first vote. The darker, the likelier a yes. What needs no vote is not in "
              "it."),
        )  # fmt: skip

    @property
    def _missed(self) -> pd.DataFrame:
        """Those whose staying out was simulated."""
        table = self.words.brief.absence
        return table.dropna(subset=["change"]) if len(table) else table

    def _absence(self) -> Figure:
        _, words, table = self._, self.words, self._missed
        worst: dict[str, Any] = lowest(table, "change")
        sentence = (
            _("Most is lost without {who}: {points} percentage points.").format(
                who=worst["who"], points=words.language.points(worst["change"])
            )
            if below_zero(worst["high"])
            else _("Whoever stays out, the value for the region does not clearly fall.")
        )
        return self._publish(
            "absence", table.sort_values("change"), _("What if one stays out"), sentence,
            _("Change of the region's value if they do not take part in {design}, with its 95% interval.").format(
                design=words.quoted(str(words.brief.explained))
            ),
        )  # fmt: skip
