"""What the mechanisms and designs that the report names do: differences between runs with the same random draws.

Each statistic has one value per parameter set, a mean over its replicates; the table is in ``patterns``.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from bresim.analysis.evidence import BRIDGING, POOLED, Batch, Evidence, agreed_before
from bresim.analysis.pattern import Floats, Statistic, average, ratio, standard_error
from bresim.conventions import REFERENCE
from bresim.governance import load_design
from bresim.kernel.state import COMPLETED, DEADLOCKED

#: A municipality is small below this many inhabitants (the report's "kleinere gemeenten"; judgement).
SMALL = 20_000
#: The large scheduled shocks: (theme, quarter).
SHOCKS = (("health", "2020-Q2"), ("climate_energy", "2021-Q3"))
#: Quarters in which a programme without results is dissolved: LED took four years (BRE 2.2), set-up included.
FIVE_YEARS = 20


def subregional_above_regional(e: Evidence) -> Floats:
    """Share of replicates in which the subregions realise a larger share of their direct value than the region."""
    subregional = e.main.outcome("status_quo", "public_value_subregional")
    return np.asarray((subregional > e.main.outcome("status_quo", "public_value_regional")).mean(axis=1))


def parkstad_above(batch: str, other: str) -> Statistic:
    """Paired difference of the realised share of Parkstad and another subregion under the status quo."""

    def statistic(e: Evidence) -> Floats:
        value = e.batch(batch).outcome
        return average(
            value("status_quo", "public_value_parkstad_limburg") - value("status_quo", f"public_value_{other}")
        )

    return statistic


def more_as_shipped(other: str) -> Statistic:
    """How much larger that difference is with the institutions of the subregions as shipped than under equal rules."""
    return lambda e: parkstad_above("one_arena_each", other)(e) - parkstad_above("equal", other)(e)


def money_oils(e: Evidence) -> Floats:
    """Completed share of ended initiatives, with a funding window over without.

    Only of what was negotiated in the run: of what it inherited it is not known whether there was a window.
    """
    which, log = e.main.log("status_quo")
    decided = (log["ended"] >= 0) & ((log["agreed"] >= 0) | (log["outcome"] == DEADLOCKED))
    share = []
    for with_money in (True, False):
        chosen = decided & (log["funded"] == with_money)
        done = np.bincount(which[chosen & (log["outcome"] == COMPLETED)], minlength=e.main.sets)
        share.append((done + 0.5) / (np.bincount(which[chosen], minlength=e.main.sets) + 1.0))
    return np.asarray(share[0] / share[1])


def common_enemy(e: Evidence) -> Floats:
    """Share of open initiatives agreed within four quarters of a large shock, minus the same without such shocks.

    Against the same draws without scheduled shocks: before and after would count other changes too.
    """
    names = [theme.name for theme in e.main.plan.region.themes]
    shares = []
    for batch in (e.main, e.batch("calm")):
        which, log = batch.log("status_quo")
        agreed = np.zeros(batch.sets)
        tried = np.zeros(batch.sets)
        for theme, date in SHOCKS:
            first = e.main.quarter(date)
            last = first + 3
            over = np.where(log["agreed"] >= 0, log["agreed"], log["ended"])
            over = np.where(over < 0, np.inf, over)
            waiting = (log["opened"] <= last) & (over >= first) & ~agreed_before(log)
            open_then = (log["theme"] == names.index(theme)) & waiting
            hit = open_then & (log["agreed"] >= first) & (log["agreed"] <= last)
            tried += np.bincount(which[open_then], minlength=batch.sets)
            agreed += np.bincount(which[hit], minlength=batch.sets)
        shares.append(agreed / np.maximum(tried, 1.0))
    return np.asarray(shares[0] - shares[1])


def fewer_agree_sooner(e: Evidence) -> Floats:
    """Slope of the quarters to an agreement on the number of eligible parties, least squares; equal rules."""
    batch = e.batch("equal")
    which, log = batch.log("status_quo")
    agreed = (log["agreed"] >= 0) & ~log["inherited"]
    wait = log["agreed"] - log["opened"]
    slopes = np.full(batch.sets, np.nan)
    for at in range(batch.sets):
        mine = agreed & (which == at)
        if mine.sum() > 2 and np.ptp(log["eligible"][mine]) > 0:
            slopes[at] = stats.linregress(log["eligible"][mine], wait[mine]).slope
    return slopes


def more(variant: str, outcome: str, sign: float = 1.0, than: str = REFERENCE) -> Statistic:
    """Paired difference of an outcome between a variant among the designs and another one (the status quo)."""

    def statistic(e: Evidence) -> Floats:
        base = e.main if than == REFERENCE else e.batch("designs")
        return sign * average(e.batch("designs").outcome(variant, outcome) - base.outcome(than, outcome))

    return statistic


def thinning_helps_small(e: Evidence) -> Floats:
    """Paired gain of slack by thinning, mean over the small municipalities minus mean over the centres."""
    region = e.main.plan.region
    gain = e.batch("designs").towns("thinning", "slack") - e.main.towns("status_quo", "slack")
    mean = gain.mean(axis=1)
    return np.asarray(mean[:, region.population < SMALL].mean(axis=1) - mean[:, region.centre].mean(axis=1))


def without_undercurrent(e: Evidence) -> Floats:
    """Regional value without an undercurrent over that with the configured one."""
    name = "public_value_regional"
    absent = average(e.batch("undercurrent").outcome("absent", name))
    return ratio(absent, average(e.main.outcome("status_quo", name)))


def part_lowers(part: str) -> Statistic:
    """By which share of itself regional value falls when one part of the undercurrent goes from 0 to 1."""

    def statistic(e: Evidence) -> Floats:
        weak, strong = (
            average(e.batch("undercurrent").outcome(f"{part} {strength}", "public_value_regional"))
            for strength in (0, 1)
        )
        return 1.0 - ratio(strong, weak)

    return statistic


def trust_without(e: Evidence) -> Floats:
    """How much higher trust is at the end without an undercurrent than with a strong one."""
    trust = e.batch("undercurrent").outcome
    return average(trust("absent", "trust_mean") - trust("strong", "trust_mean"))


def bites_regionally(e: Evidence) -> Floats:
    """Gain of value without an undercurrent, at the scale of the region minus in the subregions."""
    absent, main = e.batch("undercurrent"), e.main
    gaps = [
        average(absent.outcome("absent", name) - main.outcome("status_quo", name))
        for name in ("public_value_regional", "public_value_subregional")
    ]
    return gaps[0] - gaps[1]


def broken(e: Evidence) -> Floats:
    """Share of the promises that are broken under the status quo."""
    return average(e.main.outcome("status_quo", "default_rate"))


def with_turnover(outcome: str) -> Statistic:
    """Change of an outcome when turnover doubles."""
    return lambda e: average(
        e.batch("turnover_double").outcome("status_quo", outcome) - e.main.outcome("status_quo", outcome)
    )


def after_elections(e: Evidence) -> Floats:
    """Agreements in the two quarters from a municipal election on, over those without elections, less 1; in all arenas.

    Against the same draws without any municipal elections: before and after would count other changes too. What earlier
    elections left counts as well. Not known where there are none without.
    """
    elections = np.flatnonzero(e.main.plan.world.election)
    after = np.concatenate([elections, elections + 1])
    agreed = []
    for batch in (e.main, e.batch("no_elections")):
        which, log = batch.log("status_quo")
        agreed.append(np.bincount(which[np.isin(log["agreed"], after)], minlength=batch.sets).astype(np.float64))
    return np.where(agreed[1] > 0.0, ratio(agreed[0], agreed[1]) - 1.0, np.nan)


def capacity(batch: str, design: str) -> Statistic:
    """By which share of itself regional value changes with half or double the capacity by the end."""

    def statistic(e: Evidence) -> Floats:
        base = e.main if design == REFERENCE else e.batch("designs")
        changed = average(e.batch(batch).outcome(design, "public_value_regional"))
        return ratio(changed, average(base.outcome(design, "public_value_regional"))) - 1.0

    return statistic


def _bridged(e: Evidence, measure: str, outcome: str) -> Floats:
    return np.asarray(e.batch("designs").outcome(measure, outcome) - e.main.outcome("status_quo", outcome))


def no_bridge_harms(e: Evidence) -> Floats:
    """The least, over the bridging measures, of the upper end of the gain of regional value."""
    gains = [_bridged(e, measure, "public_value_regional") for measure in BRIDGING]
    return np.asarray(np.min([average(gain) + 1.96 * standard_error(gain) for gain in gains], axis=0))


def bridges_that_raise(e: Evidence) -> Floats:
    """How many of the bridging measures raise regional value."""
    gains = [average(_bridged(e, measure, "public_value_regional")) > 0.0 for measure in BRIDGING]
    return np.asarray(np.sum(gains, axis=0), dtype=np.float64)


def least_help(e: Evidence) -> Floats:
    """The least, over the bridging measures, of the largest gain of value, trust or support, percentage points."""
    names = ("public_value_regional", "trust_mean", "support_mean")
    helped = [np.max([average(_bridged(e, measure, name)) for name in names], axis=0) for measure in BRIDGING]
    return np.asarray(100.0 * np.min(helped, axis=0))


def intervened(variant: str) -> Statistic:
    """Share of agreements that the province imposed, or of promises that it saw to: the larger."""

    def statistic(e: Evidence) -> Floats:
        outcome = e.batch("designs").outcome
        imposed, enforced = (
            outcome(variant, part).sum(axis=1) / np.maximum(outcome(variant, whole).sum(axis=1), 1.0)
            for part, whole in (("imposed", "agreements"), ("enforced", "promises"))
        )
        return np.asarray(np.maximum(imposed, enforced))

    return statistic


def intervened_more(variant: str, than: str) -> Statistic:
    """How much larger that share is under one variant than under another."""
    return lambda e: intervened(variant)(e) - intervened(than)(e)


def withdrawn(e: Evidence) -> Floats:
    """Regional value under a role not granted that the province withdraws from, minus status quo, percentage points."""
    value = e.batch("withdraws").outcome("provincial_steering", "public_value_regional")
    return 100.0 * average(value - e.main.outcome("status_quo", "public_value_regional"))


def _first_result(batch: Batch, variant: str, arena: int) -> Floats:
    """Quarters from policy start to the first completed initiative, opened since, in an arena, (P, R).

    Runs without any count with the whole policy window.
    """
    config = batch.plan.config
    start, runs = config.policy_quarter, batch.sets * batch.replicates
    _, log = batch.log(variant)
    done = log[(log["arena"] == arena) & (log["outcome"] == COMPLETED) & (log["opened"] >= start)]
    first = np.full(runs, float(config.quarters - start))
    np.minimum.at(first, done["run"] % runs, (done["ended"] - start).astype(np.float64))
    return first.reshape(batch.sets, batch.replicates)


def sooner_first_result(e: Evidence) -> Floats:
    """Quarters to the first result, status quo minus Regio Deal.

    Each at its own table: the Regio Deal has one beside the region's, and two tables would be sooner than one.
    """
    beside = e.main.plan.world.arena_beside
    slow, fast = _first_result(e.main, "status_quo", 0), _first_result(e.batch("designs"), "regio_deal", beside)
    return average(slow - fast)


def dissolved_for_want_of_results(e: Evidence) -> Floats:
    """Share of pooled programmes dissolved within five years, without early results minus with.

    Early is before it can be put to the vote: what is completed later depends on how long it lasts.
    """
    batch = e.batch("pooled")
    start = batch.plan.config.policy_quarter
    judged = start + load_design(POOLED).scope.setup_quarters + np.round(e.parameter("dissolve_patience"))  # (P,)
    log = batch.recorded.log
    early = (log["ended"] >= start) & (log["ended"] < judged[log["run"] // batch.replicates])
    done = log["run"][(log["arena"] == 0) & (log["outcome"] == COMPLETED) & early]
    with_results = np.bincount(done, minlength=batch.sets * batch.replicates).reshape(batch.sets, -1) > 0
    dissolved = 1.0 * (batch.outcome(POOLED, "dissolved_quarter") - start <= FIVE_YEARS)  # never: null, which is not
    return average(np.where(with_results, np.nan, dissolved)) - average(np.where(with_results, dissolved, np.nan))


__all__ = [
    "SHOCKS",
    "after_elections",
    "bites_regionally",
    "bridges_that_raise",
    "broken",
    "capacity",
    "common_enemy",
    "dissolved_for_want_of_results",
    "fewer_agree_sooner",
    "intervened",
    "intervened_more",
    "least_help",
    "money_oils",
    "more",
    "more_as_shipped",
    "no_bridge_harms",
    "parkstad_above",
    "part_lowers",
    "sooner_first_result",
    "subregional_above_regional",
    "thinning_helps_small",
    "trust_without",
    "with_turnover",
    "withdrawn",
    "without_undercurrent",
]
