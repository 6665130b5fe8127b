"""A sensitivity analysis in sentences: what decides an outcome, how surely, and where a design wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import floor, log10
from typing import Any

import pandas as pd

from bresim import tabulate
from bresim.analysis.keys import described
from bresim.columns import QUANTITY, Outcome
from bresim.common.text import Language, capital
from bresim.config.schema import SensitivityConfig
from bresim.conventions import REFERENCE
from bresim.region.types import Region

Row = dict[Any, Any]

#: From this ratio of mean to mean absolute effect on, an effect has one direction.
ONE_WAY = 0.7
#: A box whose out-of-sample density is this much lower is overfitted.
LOST = 0.1


def missing(value: Any) -> bool:
    """Whether a cell of a table is empty."""
    return bool(pd.isna(value))


@dataclass(frozen=True)
class Reader:
    """The tables of one analysis with the words for them."""

    config: SensitivityConfig
    region: Region
    words: Language

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """The outcomes of this region by name."""
        return {outcome.name: outcome for outcome in tabulate.outcomes_of(self.region)}

    def key(self, key: object) -> str:
        """What varies as it stands in a figure: in words, and the key by which it is set."""
        return described(str(key), self.words)

    def quoted(self, key: object) -> str:
        """The same as it stands in a sentence."""
        return described(str(key), self.words, "“{words}”")

    def design(self, name: str) -> str:
        """A design as it stands in a sentence."""
        if name == REFERENCE:
            return self.words.gettext("the status quo")
        return f"“{next(self.words.label(design) for design in self.config.designs if design.name == name)}”"

    def outcome(self, name: str) -> str:
        """An outcome as it stands in a sentence."""
        return self.words.label(self.outcomes[name])

    def subject(self, row: Row) -> str:
        """What a quantity is, whether its mean or its variance."""
        _ = self.words.gettext
        if missing(row["reference"]):
            text = _("{outcome} under {design}")
            return text.format(outcome=self.outcome(row["outcome"]), design=self.design(row["design"]))
        return _("the difference in {outcome} between {design} and {reference}").format(
            outcome=self.outcome(row["outcome"]),
            design=self.design(row["design"]),
            reference=self.design(row["reference"]),
        )

    def amount(self, value: float, outcome: str) -> str:
        """An effect on an outcome, with its unit where it is a share."""
        text = self.plain(value, outcome)
        return self.words.gettext("{number} percentage points").format(number=text) if self.share(outcome) else text

    def plain(self, value: float, outcome: str) -> str:
        """The same without the unit."""
        return self.number(100 * value if self.share(outcome) else value)

    def scale(self, row: Row) -> float:
        """The factor to the unit shown: percentage points, for a variance squared."""
        if not self.share(row["outcome"]):
            return 1.0
        return 100.0 if row["statistic"] == "mean" else 10_000.0

    def share(self, outcome: str) -> bool:
        """Whether an outcome is shown in percentage points."""
        return self.outcomes[outcome].unit == "share"

    def number(self, value: float) -> str:
        """A number with three significant digits."""
        digits = 2 - floor(log10(abs(value))) if value else 0
        return self.words.number(value, min(max(digits, 0), 4))


def findings(
    reader: Reader, sensitivity: pd.DataFrame, summary: pd.DataFrame, convergence: pd.DataFrame, boxes: pd.DataFrame
) -> list[str]:
    """One paragraph per difference of designs (or, with one design, an outcome)."""
    if reader.config.method == "discovery":
        return list(_boxes(reader, boxes, convergence))
    return [
        " ".join(capital(sentence) for sentence in sentences if sentence)
        for sentences in _paragraphs(reader, sensitivity, summary, convergence)
    ]


def _paragraphs(
    reader: Reader, sensitivity: pd.DataFrame, summary: pd.DataFrame, convergence: pd.DataFrame
) -> Iterator[list[str]]:
    own = convergence[convergence["method"] == reader.config.method]
    compared = own["reference"].notna().any()
    for row in own.to_dict("records"):
        if row["statistic"] != "mean" or (compared and missing(row["reference"])):
            continue
        ranked = _rows(summary, row).to_dict("records")
        indices = _rows(sensitivity, row)
        indices = indices[indices["method"] == row["method"]]
        sentences = list(_first(reader, row, ranked, indices))
        sentences += [_enough(reader, row), _screening(reader, row, convergence)]
        spread = _rows(summary, {**row, "statistic": "variance"})
        if ranked and len(spread) and spread["value"].iloc[0] > 0.0:
            _ = reader.words.gettext
            trusted = _rows(own, {**row, "statistic": "variance"})["enough"].all()
            text = (
                _("The stochastic part of its spread depends most on {keys}.")
                if trusted
                else _(
                    "The stochastic part of its spread seems to depend most on {keys}; for that the sample is too "
                    "small."
                )
            )
            sentences.append(text.format(keys=reader.words.join(map(reader.quoted, spread["key"].head(3)))))
        yield sentences


def _rows(table: pd.DataFrame, row: Row) -> pd.DataFrame:
    """The rows of a table about one quantity."""
    same = pd.Series(True, index=table.index)
    for name in QUANTITY:
        same &= table[name].isna() if missing(row[name]) else table[name] == row[name]
    return table[same]


def _first(reader: Reader, row: Row, ranked: list[Row], indices: pd.DataFrame) -> Iterator[str]:
    _ = reader.words.gettext
    subject = reader.subject(row)
    if not ranked:
        yield _without(reader, row)
        return
    top, rest = ranked[0], [reader.quoted(other["key"]) for other in ranked[1:4]]
    if not top["value"] > 0.0:
        text = (
            _("Nothing that varies here changes {subject}.")
            if row["enough"]
            else _("So few points change {subject} that the sample is too small; take samples={needed}.")
        )
        yield text.format(subject=subject, needed=round(row["needed"]))
        return
    key = reader.quoted(top["key"])
    if row["method"] == "morris":
        yield _(
            "What matters most to {subject} is {key}: moved over its whole range it changes it by {value} on average "
            "(95% interval {low} to {high}); next come {rest}."
        ).format(
            subject=subject,
            key=key,
            value=reader.amount(top["value"], row["outcome"]),
            low=reader.plain(top["low"], row["outcome"]),
            high=reader.plain(top["high"], row["outcome"]),
            rest=reader.words.join(rest),
        )
        mu = indices[(indices["index"] == "mu") & (indices["key"] == top["key"])]["value"].iloc[0]
        yield from _direction(reader, row, key, mu, top["value"])
        yield _(
            "Of {count} keys, {hidden} have an effect that stochastic uncertainty alone could show with {replicates} "
            "runs."
        ).format(count=len(ranked), hidden=round(row["hidden"]), replicates=reader.config.replicates)
        return
    alone = indices[indices["index"] == "S1"]["value"]
    yield _(
        "Most of what varies in {subject} comes from {key}: {total} of the variance with all that it does together "
        "with others (95% interval {low} to {high}); next come {rest}."
    ).format(
        subject=subject,
        key=key,
        total=reader.words.percent(top["value"]),
        low=reader.words.percent(top["low"]),
        high=reader.words.percent(top["high"]),
        rest=reader.words.join(rest),
    )
    together = min(1.0, max(0.0, 1.0 - float(alone.clip(lower=0.0).sum())))
    yield _("{share} of the variance arises only from keys together.").format(share=reader.words.percent(together))
    if row["luck"] > 0.1:
        yield _(
            "{share} of it is stochastic uncertainty that {replicates} runs a point leave; take more replicates."
        ).format(share=reader.words.percent(row["luck"]), replicates=reader.config.replicates)


def _without(reader: Reader, row: Row) -> str:
    """The sentence for a quantity that cannot be analysed."""
    text = reader.words.gettext("{subject}: the outcome is missing at some points, so there is nothing to compute.")
    return text.format(subject=reader.subject(row))


def _direction(reader: Reader, row: Row, key: str, mu: float, mu_star: float) -> Iterator[str]:
    """The design that a high value of the key favours, where it is known which sign of the difference is better."""
    _ = reader.words.gettext
    sign = reader.outcomes[row["outcome"]].direction * mu
    if missing(row["reference"]) or sign == 0:
        return
    if abs(mu) < ONE_WAY * mu_star:
        text = _("Whether a high {key} favours {design} depends on the rest.")
    elif sign > 0:
        text = _("The higher {key}, the better {design} does beside {reference}.")
    else:
        text = _("The higher {key}, the worse {design} does beside {reference}.")
    yield text.format(key=key, design=reader.design(row["design"]), reference=reader.design(row["reference"]))


def _enough(reader: Reader, row: Row) -> str:
    _ = reader.words.gettext
    if not row["largest"] > 0.0:  # no effect, so no precision to judge
        return ""
    text = (
        _(
            "The sample is large enough: its intervals reach to {width} of the largest index, and half of it differs "
            "by {change} at most."
        )
        if row["enough"]
        else _(
            "The sample is too small: its intervals reach to {width} of the largest index, and half of it differs by "
            "up to {change}; take samples={needed}."
        )
    )
    percent = reader.words.percent
    return text.format(width=percent(row["width"]), change=percent(row["change"]), needed=round(row["needed"]))


def _screening(reader: Reader, row: Row, convergence: pd.DataFrame) -> str:
    """Whether the sample of the screening was large enough for a quantity; empty without one."""
    _ = reader.words.gettext
    if reader.config.screened is None or convergence.empty:
        return ""
    rows = _rows(convergence[convergence["method"] == "morris"], row)
    rows = rows[rows["largest"] > 0.0]
    if rows.empty:  # this quantity did not select the keys
        return ""
    judged = rows.iloc[0]
    text = (
        _(
            "The screening that chose the keys was large enough: its intervals reach to {width} of the largest index, "
            "and half of it differs by {change} at most."
        )
        if judged["enough"]
        else _(
            "The screening that chose the keys was too small: its intervals reach to {width} of the largest index, and "
            "half of it differs by up to {change}; take screening={needed}."
        )
    )
    percent = reader.words.percent
    width, change = percent(judged["width"]), percent(judged["change"])
    return text.format(width=width, change=change, needed=round(judged["needed"]))


def _boxes(reader: Reader, boxes: pd.DataFrame, convergence: pd.DataFrame) -> Iterator[str]:
    """A paragraph per difference: how often the design wins, and in which boxes."""
    _ = reader.words.gettext
    percent = reader.words.percent
    for _name, rows in boxes.groupby(QUANTITY, sort=False, dropna=False):
        held = rows.iloc[0].to_dict()
        if missing(held["wins"]):
            yield capital(_without(reader, held))
            continue
        sentences = [
            _("In {outcome} {design} does better than {reference} at {wins} of the {count} points.").format(
                outcome=reader.outcome(held["outcome"]),
                design=reader.design(held["design"]),
                reference=reader.design(held["reference"]),
                wins=percent(held["wins"]),
                count=reader.words.number(held["points"], 0),
            )
        ]
        for method, box in rows.groupby("found_by", sort=False):
            held = box.iloc[0].to_dict()
            name = str(method).upper()
            if box["key"].isna().all():
                sentences.append(_("{name} finds no part of the space that stands out.").format(name=name))
                continue
            sentences.append(
                _(
                    "{name}: {design} does better than {reference} when {conditions}. There it does so at {density} of "
                    "the points (density), which are {coverage} of all points where it does (coverage)."
                ).format(
                    name=name,
                    design=reader.design(held["design"]),
                    reference=reader.design(held["reference"]),
                    conditions=reader.words.join(condition(reader, row) for row in box.to_dict("records")),
                    density=percent(held["density"]),
                    coverage=percent(held["coverage"]),
                )
            )
            if held["density"] - held["unseen"] > LOST or missing(held["unseen"]):
                sentences.append(
                    _(
                        "The sample is too small for that box: one found on half of the points holds {unseen} in the "
                        "other half; take more samples."
                    ).format(unseen=percent(held["unseen"]))
                )
        sentences.append(_screening(reader, held, convergence))
        yield " ".join(capital(sentence) for sentence in sentences if sentence)


def condition(reader: Reader, row: Row) -> str:
    """``work is below 1.3``."""
    _ = reader.words.gettext
    key, low, high = reader.quoted(row["key"]), row["low"], row["high"]
    if missing(low):
        return _("{key} is below {high}").format(key=key, high=reader.number(high))
    if missing(high):
        return _("{key} is above {low}").format(key=key, low=reader.number(low))
    return _("{key} is between {low} and {high}").format(key=key, low=reader.number(low), high=reader.number(high))
