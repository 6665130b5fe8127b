"""The report's patterns as statistics with a threshold (pattern-oriented modelling, Grimm et al. 2005).

Each statistic has one value per parameter set. A pattern holds for a set if the value passes the
threshold; ``check`` reports the mean over the shipped sets with its 95 % interval, and passes a pattern
only if the whole interval does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from bresim.analysis.evidence import Evidence, gather
from bresim.analysis.summary import mean_interval
from bresim.common.progress import Progress
from bresim.config.schema import PatternsConfig
from bresim.kernel.state import COMPLETED
from bresim.plan import parameter_sets
from bresim.region.types import Region
from bresim.rules import trust as trust_rule

Floats = NDArray[np.float64]
Statistic = Callable[[Evidence], Floats]

#: A municipality is small below this many inhabitants (the report's "kleinere gemeenten"; judgement).
SMALL = 20_000


@dataclass(frozen=True)
class Pattern:
    """``statistic`` gives one value per parameter set; it passes at or above ``threshold``."""

    id: str
    statement: str
    source: str
    text: str
    threshold: float
    statistic: Statistic
    needs_more: bool = False


def _mean(values: Floats) -> Floats:
    return np.asarray(np.nanmean(values, axis=1))


def _quarter(evidence: Evidence, date: str) -> int:
    return evidence.main.plan.config.time.dates.index(date)


def _plans_over_results(when: str) -> Statistic:
    def statistic(e: Evidence) -> Floats:
        at = _quarter(e, when) if when != "end" else e.main.plan.config.quarters - 1
        indirect = _mean(e.main.state("status_quo", "public_value_regional_indirect", at))
        direct = _mean(e.main.state("status_quo", "public_value_regional", at))
        return indirect / np.maximum(direct, 1e-9)

    return statistic


def _subregional_above_regional(e: Evidence) -> Floats:
    above = e.main.outcome("status_quo", "public_value_subregional") > e.main.outcome(
        "status_quo", "public_value_regional"
    )
    return np.asarray(above.mean(axis=1))


def _parkstad_above(other: str) -> Statistic:
    def statistic(e: Evidence) -> Floats:
        return _mean(
            e.main.outcome("status_quo", "public_value_parkstad_limburg")
            - e.main.outcome("status_quo", f"public_value_{other}")
        )

    return statistic


def _money_oils(e: Evidence) -> Floats:
    which, log = e.main.log("status_quo")
    done = log["outcome"] == COMPLETED
    decided = log["ended"] >= 0
    funded = log["funded"]
    share = []
    for with_money in (True, False):
        chosen = decided & (funded == with_money)
        count = np.bincount(which[chosen], minlength=e.main.sets)
        share.append((np.bincount(which[chosen & done], minlength=e.main.sets) + 0.5) / (count + 1.0))
    return np.asarray(share[0] / share[1])


def _partners_lose_trust(side: str) -> Statistic:
    def statistic(e: Evidence) -> Floats:
        start = e.parameter("partner_start")
        return start - _mean(e.main.state("status_quo", f"partner_trust_{side}", _quarter(e, "2023-Q1")))

    return statistic


#: The large scheduled shocks: (theme, quarter).
_SHOCKS = (("health", "2020-Q2"), ("climate_energy", "2021-Q3"))


def _common_enemy(e: Evidence) -> Floats:
    """Against the same draws without scheduled shocks: before and after would count the start-up of the region too."""
    names = [theme.name for theme in e.main.plan.region.themes]
    shares = []
    for batch in (e.main, e.calm):
        which, log = batch.log("status_quo")
        agreed = np.zeros(batch.sets)
        tried = np.zeros(batch.sets)
        for theme, date in _SHOCKS:
            first = _quarter(e, date)
            last = first + 3
            over = np.where(log["agreed"] >= 0, log["agreed"], log["ended"])
            over = np.where(over < 0, np.inf, over)
            open_then = (log["theme"] == names.index(theme)) & (log["opened"] <= last) & (over >= first)
            hit = open_then & (log["agreed"] >= first) & (log["agreed"] <= last)
            tried += np.bincount(which[open_then], minlength=batch.sets)
            agreed += np.bincount(which[hit], minlength=batch.sets)
        shares.append(agreed / np.maximum(tried, 1.0))
    return np.asarray(shares[0] - shares[1])


def _fewer_agree_sooner(e: Evidence) -> Floats:
    which, log = e.main.log("status_quo")
    agreed = log["agreed"] >= 0
    wait = log["agreed"] - log["opened"]
    parties = log["eligible"]
    slopes = np.full(e.main.sets, np.nan)
    for at in range(e.main.sets):
        mine = agreed & (which == at)
        if mine.sum() > 2 and np.ptp(parties[mine]) > 0:
            slopes[at] = stats.linregress(parties[mine], wait[mine]).slope
    return slopes


def _rank_with_population(values: Floats, region: Region) -> Floats:
    """Spearman's rank correlation of a value per municipality (P, N) with population."""
    ranks = stats.rankdata(region.population)
    return np.array([np.corrcoef(stats.rankdata(row), ranks)[0, 1] for row in values])


def _slack_per_inhabitant(e: Evidence) -> Floats:
    region = e.main.plan.region
    size = region.population / 10_000.0
    capacity = e.parameter("capacity_scale")[:, None] * size[None, :] ** e.parameter("capacity_exponent")[:, None]
    slack = e.main.towns("status_quo", "slack").mean(axis=1) * capacity / region.population[None, :]
    return _rank_with_population(slack, region)


def _delivery_by_size(e: Evidence) -> Floats:
    pledges = e.main.towns("status_quo", "pledges").sum(axis=1)
    defaults = e.main.towns("status_quo", "defaults").sum(axis=1)
    return _rank_with_population(1.0 - defaults / np.maximum(pledges, 1.0), e.main.plan.region)


def _more(e: Evidence, variant: str, outcome: str, sign: float = 1.0) -> Floats:
    assert e.more is not None
    values = e.more.outcome(variant, outcome) - e.main.outcome("status_quo", outcome)
    count = (~np.isnan(values)).sum(axis=1)
    return np.asarray(sign * np.where(count > 0, np.nansum(values, axis=1) / np.maximum(count, 1), np.nan))


def _thinning_helps_small(e: Evidence) -> Floats:
    assert e.more is not None
    region = e.main.plan.region
    gain = e.more.towns("thinning", "slack").mean(axis=1) - e.main.towns("status_quo", "slack").mean(axis=1)
    small = region.population < SMALL
    return np.asarray(gain[:, small].mean(axis=1) - gain[:, region.centre].mean(axis=1))


def _undercurrent_bites_regionally(e: Evidence) -> Floats:
    gaps = [
        _mean(
            e.absent.outcome("status_quo", f"public_value_{scale}")
            - e.main.outcome("status_quo", f"public_value_{scale}")
        )
        for scale in ("regional", "subregional")
    ]
    return gaps[0] - gaps[1]


def _default_weighs_more(e: Evidence) -> Floats:
    """Trust lost by one default minus trust gained by one kept promise, at the mean trust and grievance of the end."""
    trust = _mean(e.main.outcome("status_quo", "trust_mean"))
    grievance = _mean(e.main.outcome("status_quo", "grievance_mean"))
    gain, ratio, omega = e.parameter("trust_gain"), e.parameter("trust_loss_ratio"), e.parameter("trust_ceiling")
    lost = [t - trust_rule.after_default(t, g * r) for t, g, r in zip(trust, gain, ratio, strict=True)]
    won = [
        trust_rule.after_kept_promise(t, rho, g, o) - t
        for t, rho, g, o in zip(trust, grievance, gain, omega, strict=True)
    ]
    return np.asarray(np.array(lost) - np.array(won))


def _grievance_outlives_success(e: Evidence) -> Floats:
    """Half-life of grievance over half-life of visible results, at the configured negativity."""
    nu = e.main.plan.config.undercurrent.negativity
    kept = 1.0 - e.parameter("grievance_decay") * (1.0 - e.parameter("grievance_memory") * nu)
    return np.asarray(np.log(e.parameter("results_memory")) / np.log(kept))


def _imposed_share(e: Evidence, variant: str) -> Floats:
    assert e.more is not None
    imposed = e.more.outcome(variant, "imposed").sum(axis=1)
    return np.asarray(imposed / np.maximum(e.more.outcome(variant, "agreements").sum(axis=1), 1.0))


def _sooner_first_result(e: Evidence) -> Floats:
    """Runs without any result count with the whole policy window."""
    assert e.more is not None
    plan = e.main.plan
    never = float(plan.config.quarters - plan.config.policy_quarter)
    slow = np.nan_to_num(e.main.outcome("status_quo", "quarters_to_first_result"), nan=never)
    fast = np.nan_to_num(e.more.outcome("regio_deal", "quarters_to_first_result"), nan=never)
    return _mean(slow - fast)


def _mandatory_regardless(e: Evidence) -> Floats:
    """0.05 minus how far the undercurrent moves the delivery of mandatory collaborations."""
    gap = e.absent.outcome("status_quo", "mandatory_delivery") - e.main.outcome("status_quo", "mandatory_delivery")
    return 0.05 - np.abs(_mean(gap))


PATTERNS: tuple[Pattern, ...] = (
    Pattern("P1a", "Plans succeed, realisation lags", "BRE 2.1, 3",
            "regional indirect over regional direct value, 2023-Q1", 1.5, _plans_over_results("2023-Q1")),
    Pattern("P1b", "Plans succeed, realisation lags", "BRE 2.1, 3",
            "regional indirect over regional direct value, end", 1.5, _plans_over_results("end")),
    Pattern("P2", "More value is made in the subregions than at the scale of the region", "BRE 2.1",
            "share of replicates with subregional above regional realised share", 0.9, _subregional_above_regional),
    Pattern("P3a", "Parkstad realises more than Maastricht-Heuvelland", "BRE 2.1",
            "paired difference of realised share", 0.0, _parkstad_above("maastricht_heuvelland")),
    Pattern("P3b", "Parkstad realises more than the Westelijke Mijnstreek", "BRE 2.1",
            "paired difference of realised share", 0.0, _parkstad_above("westelijke_mijnstreek")),
    Pattern("P4", "Central money oils", "BRE 2.1",
            "completed share of ended initiatives, with a window over without", 1.5, _money_oils),
    Pattern("P5a", "Economic partners lose trust when the course is not kept", "BRE 2.2",
            "fall of partner trust 2019-Q1 to 2023-Q1", 0.0, _partners_lose_trust("economic")),
    Pattern("P5b", "Societal partners lose trust when the course is not kept", "BRE 2.2",
            "fall of partner trust 2019-Q1 to 2023-Q1", 0.0, _partners_lose_trust("societal")),
    Pattern("P6", "A common enemy unites", "BRE 3",
            "agreement share in four quarters from a shock on, minus the same without the shock", 0.0, _common_enemy),
    Pattern("P7", "Fewer parties agree sooner", "BRE 2.1, box ch. 3",
            "slope of quarters to agreement on eligible parties", 0.0, _fewer_agree_sooner),
    Pattern("P8a", "Small municipalities cannot supply", "BRE 5.6",
            "rank correlation of slack per inhabitant with population", 0.3, _slack_per_inhabitant),
    Pattern("P8b", "Small municipalities deliver less", "BRE 5.6",
            "rank correlation of delivery with population", 0.0, _delivery_by_size),
    Pattern("P9a", "Administrative crowding binds hands: thinning yields value", "BRE 2.1, 4.1",
            "paired gain of direct value by thinning", 0.0,
            lambda e: _more(e, "thinning", "public_value_direct"), True),
    Pattern("P9b", "Thinning helps small municipalities more than centres", "BRE 4.1",
            "gain of slack share by thinning, small minus centres", 0.0, _thinning_helps_small, True),
    Pattern("P10", "The undercurrent is a main cause, most of all at regional scale", "BRE 2.3",
            "gain of direct value without undercurrent, regional minus subregional", 0.0,
            _undercurrent_bites_regionally),
    Pattern("P11a", "Bad examples stick: a default weighs more than a kept promise", "BRE 2.3; Slovic 1993",
            "trust lost by a default minus gained by a kept promise", 0.0, _default_weighs_more),
    Pattern("P11b", "Bad examples stick: grievance outlives the memory of success", "BRE 2.3",
            "half-life of grievance over that of visible results", 1.0, _grievance_outlives_success),
    Pattern("P12a", "Agreements are not kept: binding lowers the default rate", "BRE 4.1",
            "fall of the default rate by binding agreements", 0.0,
            lambda e: _more(e, "binding_agreements", "default_rate", -1.0), True),
    Pattern("P12b", "Agreements are not kept: monitoring lowers the default rate", "BRE 4.1",
            "fall of the default rate by monitoring", 0.0,
            lambda e: _more(e, "monitoring", "default_rate", -1.0), True),
    Pattern("P13a", "A granted stick behind the door: more agreements", "BRE 4.2.3",
            "extra agreements, mandated", 0.0,
            lambda e: _more(e, "provincial_steering_mandated", "agreements"), True),
    Pattern("P13b", "A granted stick works mostly unused", "BRE 4.2.3",
            "1/3 minus the imposed share of agreements, mandated", 0.0,
            lambda e: 1.0 / 3.0 - _imposed_share(e, "provincial_steering_mandated"), True),
    Pattern("P13c", "Without a mandate more is imposed", "BRE 4.2.3",
            "imposed share, without minus with mandate", 0.0,
            lambda e: _imposed_share(e, "provincial_steering")
            - _imposed_share(e, "provincial_steering_mandated"), True),
    Pattern("P13d", "Without a mandate acceptance of the province falls", "BRE 4.2.3; Frey & Jegen 2001",
            "fall of acceptance against the status quo", 0.0,
            lambda e: _more(e, "provincial_steering", "province_acceptance", -1.0), True),
    Pattern("P13e", "Without a mandate grievance is higher than with", "BRE 4.2.3",
            "grievance, without minus with mandate", 0.0,
            lambda e: _more(e, "provincial_steering", "grievance_mean")
            - _more(e, "provincial_steering_mandated", "grievance_mean"), True),
    Pattern("P14", "Alliances avoid the pace of the slow mover", "RD 3",
            "quarters to first result, status quo minus regio_deal", 0.0, _sooner_first_result, True),
    Pattern("P15", "Mandatory collaborations run well regardless", "BRE 2.1",
            "0.05 minus the effect of the undercurrent on mandatory delivery", 0.0, _mandatory_regardless),
)  # fmt: skip


def statistics(evidence: Evidence) -> pd.DataFrame:
    """(P, patterns) values of every statistic that the evidence allows."""
    return pd.DataFrame(
        {
            pattern.id: pattern.statistic(evidence)
            for pattern in PATTERNS
            if evidence.more is not None or not pattern.needs_more
        }
    )


def check(config: PatternsConfig, progress: Progress) -> tuple[pd.DataFrame, Region]:
    """Every pattern over the configured parameter sets: mean, 95 % interval, verdict, share of sets that pass."""
    per_set = config.replicates_per_draw
    blocks = np.arange(max(1, config.replicates // per_set))
    values, _ = parameter_sets(config, blocks)
    evidence = gather(config, values, per_set, progress)
    table = statistics(evidence)
    rows = []
    for pattern in PATTERNS:
        found = table[pattern.id].to_numpy(dtype=np.float64)
        found = found[np.isfinite(found)]
        mean, low, high = mean_interval(found, np.arange(len(found))) if len(found) else (np.nan, np.nan, np.nan)
        rows.append(
            {
                "pattern": pattern.id,
                "statement": pattern.statement,
                "source": pattern.source,
                "statistic": pattern.text,
                "threshold": pattern.threshold,
                "mean": mean,
                "low": low,
                "high": high,
                "share_of_sets": float((found >= pattern.threshold).mean()) if len(found) else np.nan,
                "verdict": "pass" if low >= pattern.threshold else "fail",
            }
        )
    return pd.DataFrame(rows), evidence.main.plan.region


__all__ = ["PATTERNS", "Pattern", "check", "statistics"]
