"""Patterns that are reported, and not asked of a parameter set: matched runs, and evidence from other research.

They need runs of their own, some of them many: a search that asked for them would take far longer, and they are kept
back to look at a set that was found without them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bresim.analysis.evidence import COUNTS, Batch, Evidence
from bresim.analysis.matched import LATER, LONG
from bresim.analysis.pattern import Floats, Pattern, Statistic, average, jackknife, ratio

_REGIONAL = "public_value_regional"


def _of_match(name: str) -> Statistic:
    """Mean over the replicates of what was matched."""
    return lambda e: average(getattr(e.matched, name))


def _more_heard_with_negativity(e: Evidence) -> Floats:
    return average(e.matched.heard_with - e.matched.heard_without)


def _more_after_success(what: str) -> Statistic:
    """By which share of itself the number of later agreements is larger after a success than after a failure."""

    def statistic(e: Evidence) -> Floats:
        success, failure = (average(getattr(e.matched, f"{what}_after_{end}")) for end in ("success", "failure"))
        return ratio(success, failure) - 1.0

    return statistic


def _by_design(batch: Batch) -> tuple[Floats, Floats]:
    """(trust when policy starts, regional value at the end), means over the replicates, (P, V)."""
    before = max(batch.plan.config.policy_quarter - 1, 0)
    trust = [average(batch.state(variant, "trust_mean", before)) for variant in batch.variants]
    value = [average(batch.outcome(variant, _REGIONAL)) for variant in batch.variants]
    return np.stack(trust, axis=1), np.stack(value, axis=1)


def _explained_by_trust_less_by_design(trust: Floats, value: Floats) -> float:
    """Share of the variance of ``value`` (2, P, V) that ``trust`` explains linearly, less what is between designs."""
    total = float(value.var())
    if total == 0.0:
        return math.nan
    spread = float(trust.var())
    slope = float(((trust - trust.mean()) * (value - value.mean())).mean()) / spread if spread > 0.0 else 0.0
    return (slope**2 * spread - float(value.mean(axis=(0, 1)).var())) / total


def _trust_beats_structure(e: Evidence) -> Floats:
    trust, value = (
        np.stack(found) for found in zip(*map(_by_design, map(e.batch, ("low_trust", "high_trust"))), strict=True)
    )

    def statistic(which: NDArray[np.intp]) -> float:
        return _explained_by_trust_less_by_design(trust[:, which], value[:, which])

    return jackknife(statistic, len(e.values))


def _councils(outcome: str) -> Statistic:
    def statistic(e: Evidence) -> Floats:
        involved = e.batch("designs").outcome("council_involvement", outcome)
        return average(involved - e.main.outcome("status_quo", outcome))

    return statistic


def _slope_on_parties(e: Evidence) -> Floats:
    """Slope of regional value on the number of parties, least squares, percentage points for each party more."""
    values = [average(e.batch(f"towns_{count}").outcome("status_quo", _REGIONAL)) for count in COUNTS]
    apart = np.array(COUNTS) - np.mean(COUNTS)
    return np.asarray(100.0 * (apart[:, None] * np.array(values)).sum(axis=0) / (apart**2).sum())


def _money_with_bureau(e: Evidence) -> Floats:
    without, with_bureau = e.money_used
    return ratio(with_bureau, without)


def _mandated_less_voluntary(batch: Batch) -> Floats:
    return 100.0 * average(batch.outcome("mandated", _REGIONAL) - batch.outcome("voluntary", _REGIONAL))


def _sign_depends_on_trust(e: Evidence) -> Floats:
    least, most = (_mandated_less_voluntary(e.batch(name)) for name in ("least_trust", "most_trust"))
    return jackknife(lambda which: float(least[which].mean() * most[which].mean()), len(e.values))


_INF = math.inf

REPORTED: tuple[Pattern, ...] = (
    Pattern("P11a", "Bad examples stick: a broken promise weighs more than a kept one", "BRE 2.3; Slovic 1993",
            "trust of fellow members after a broken and then a kept promise, minus the same random draws without both",
            -1.0, 0.0, _of_match("trust_of_default"), ("matched",)),
    Pattern("P11b", "Bad examples stick: they are retold", "BRE 2.3",
            "grievance, a quarter later, of municipalities that were not there, minus the same random draws without",
            0.0, 1.0, _of_match("heard_of_default"), ("matched",)),
    Pattern("P11c", "Bad examples are retold more with negativity", "BRE 2.3",
            "the same with full negativity, minus that with none", 0.0, 1.0, _more_heard_with_negativity, ("matched",)),
    Pattern("P16", "Trust grows by booking results", "BRE 4.2.1",
            f"mutual trust of members {LATER} quarters later, an initiative completed minus failed, the same "
            "random draws",
            0.03, 1.0, _of_match("trust_of_success"), ("matched",)),
    *(Pattern(f"P17{letter}", f"Successes make a flywheel: {name}", "BRE 2.1",
              f"relative change of agreements in {LONG} quarters, completed against failed, the same random draws",
              0.05, _INF, _more_after_success(what), ("matched",))
      for letter, name, what in (("a", "more agreements", "agreed"), ("b", "also on other themes", "others"))),
    Pattern("X1", "Trust matters more than structure", "Klok, Denters, Boogers & Sanders 2018",
            "share of the variance of regional value explained by trust at policy start, minus by which design it is",
            0.0, 1.0, _trust_beats_structure, ("low_trust", "high_trust"), pooled=True),
    Pattern("X2a", "Councils closely involved: more mutual trust", "Boogers, Denters & Sanders 2015",
            "paired gain of trust by council involvement", 0.0, 1.0, _councils("trust_mean"), ("main", "designs")),
    Pattern("X2b", "Councils closely involved: more effect", "Boogers, Denters & Sanders 2015",
            "paired gain of regional value by council involvement", 0.0, 1.0, _councils(_REGIONAL),
            ("main", "designs")),
    Pattern("X2c", "Many partners at once: less effect", "Boogers, Denters & Sanders 2015",
            "slope of regional value on the number of equal parties that share all inhabitants, percentage points",
            -_INF, 0.0, _slope_on_parties, tuple(f"towns_{count}" for count in COUNTS)),
    Pattern("X3a", "Money without staff in the centre stays unspent", "Bitterman & Koliba 2020",
            "share of central money on offer that is used, with a regional bureau over without", 1.2, _INF,
            _money_with_bureau, ("money",)),
    Pattern("X3b", "Whether mandated collaboration beats voluntary depends on trust", "Bitterman & Koliba 2020",
            "product of the differences, at the least and the most starting trust, percentage points", -_INF, 0.0,
            _sign_depends_on_trust, ("least_trust", "most_trust"), pooled=True),
)  # fmt: skip

__all__ = ["REPORTED"]
