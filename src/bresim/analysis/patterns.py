"""The report's patterns as statistics with bounds (pattern-oriented modelling, Grimm et al. 2005).

Each statistic has one value per parameter set. A pattern holds for a set if the value lies between its bounds.
``check`` reports the mean over the shipped sets with its 95 % interval, and passes a pattern only if the whole
interval lies there. What no parameter set could fail is not here but among the tests.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from bresim import plausible
from bresim.analysis.evidence import BRIDGING, POOLED, STICK, Batch, Evidence, Sets
from bresim.analysis.pattern import Floats, Pattern, Statistic, average, ratio, standard_error
from bresim.analysis.reported import REPORTED
from bresim.analysis.summary import mean_interval
from bresim.common.progress import Progress
from bresim.config.schema import PatternsConfig
from bresim.conventions import REFERENCE, UNDERCURRENT_PARTS
from bresim.governance import load_design
from bresim.kernel.state import COMPLETED, DEADLOCKED, LAPSED
from bresim.plan import parameter_sets
from bresim.region.types import Region

#: A municipality is small below this many inhabitants (the report's "kleinere gemeenten"; judgement).
SMALL = 20_000
#: The large scheduled shocks: (theme, quarter).
SHOCKS = (("health", "2020-Q2"), ("climate_energy", "2021-Q3"))
#: A pattern that a smaller share of prior sets fails is a check of the code.
POWER = 0.05
#: Quarters in which a programme without results is dissolved: LED took four years (BRE 2.2), set-up included.
FIVE_YEARS = 20
#: How an initiative ends on which there was no agreement.
NO_AGREEMENT = (DEADLOCKED, LAPSED)
#: When the report describes the region.
DESCRIBED = "2023-Q1"


def _quarter(evidence: Evidence, date: str) -> int:
    return evidence.main.plan.config.time.dates.index(date)


# --- levels of the status quo ---------------------------------------------------------------------------


def _counted(batch: Batch, which: NDArray[np.int64], chosen: NDArray[np.bool_]) -> Floats:
    """Number of initiatives a run, mean over the replicates, (P,)."""
    return np.bincount(which[chosen], minlength=batch.sets) / batch.replicates


def _regional_agreements(e: Evidence) -> Floats:
    which, log = e.main.log("status_quo")
    known = (log["arena"] == 0) & (log["agreed"] >= 0) & (log["agreed"] <= _quarter(e, DESCRIBED))
    return _counted(e.main, which, known)


def _in_execution(e: Evidence, log: NDArray[np.void], first: str, last: str) -> NDArray[np.bool_]:
    begun = (log["agreed"] >= 0) | (log["inherited"] & ~np.isin(log["outcome"], NO_AGREEMENT))
    running = (log["agreed"] <= _quarter(e, last)) & ((log["ended"] < 0) | (log["ended"] >= _quarter(e, first)))
    return np.asarray((log["arena"] == 0) & begun & running)


def _in_action(e: Evidence) -> Floats:
    which, log = e.main.log("status_quo")
    return _counted(e.main, which, _in_execution(e, log, "2022-Q1", "2022-Q4"))


def _with_money(e: Evidence) -> Floats:
    which, log = e.main.log("status_quo")
    running = _in_execution(e, log, "2022-Q1", "2022-Q4")
    return ratio(_counted(e.main, which, running & log["funded"]), _counted(e.main, which, running))


def _completed_by_then(e: Evidence) -> Floats:
    """Completed regional initiatives in each run, (P, R)."""
    log = e.main.recorded.log
    done = (log["arena"] == 0) & (log["outcome"] == COMPLETED) & (log["ended"] <= _quarter(e, DESCRIBED))
    counts = np.bincount(log["run"][done], minlength=e.main.sets * e.main.replicates)
    return np.asarray(counts.reshape(e.main.sets, e.main.replicates), dtype=np.float64)


def _plans_over_results(when: str) -> Statistic:
    def statistic(e: Evidence) -> Floats:
        at = _quarter(e, when) if when != "end" else -1
        indirect = average(e.main.state("status_quo", "public_value_regional_indirect", at))
        return ratio(indirect, average(e.main.state("status_quo", "public_value_regional", at)))

    return statistic


def _change(name: str) -> Statistic:
    """Change of a state from the first quarter to when the report describes the region."""

    def statistic(e: Evidence) -> Floats:
        state = e.main.state
        return average(state("status_quo", name, _quarter(e, DESCRIBED)) - state("status_quo", name, 0))

    return statistic


def _fall(name: str) -> Statistic:
    rise = _change(name)
    return lambda e: -rise(e)


def _load(over: Callable[[Floats], Floats]) -> Statistic:
    """A statistic over municipalities of their mean load at the end."""
    return lambda e: over(e.main.towns("status_quo", "load").mean(axis=1))


# --- mechanisms -----------------------------------------------------------------------------------------


def _subregional_above_regional(e: Evidence) -> Floats:
    subregional = e.main.outcome("status_quo", "public_value_subregional")
    return np.asarray((subregional > e.main.outcome("status_quo", "public_value_regional")).mean(axis=1))


def _parkstad_above(batch: str, other: str) -> Statistic:
    def statistic(e: Evidence) -> Floats:
        value = e.batch(batch).outcome
        return average(
            value("status_quo", "public_value_parkstad_limburg") - value("status_quo", f"public_value_{other}")
        )

    return statistic


def _more_as_shipped(other: str) -> Statistic:
    return lambda e: _parkstad_above("one_arena_each", other)(e) - _parkstad_above("equal", other)(e)


def _money_oils(e: Evidence) -> Floats:
    """Only what was negotiated in the run: of what it inherited it is not known whether there was a window."""
    which, log = e.main.log("status_quo")
    decided = (log["ended"] >= 0) & ((log["agreed"] >= 0) | (log["outcome"] == DEADLOCKED))
    share = []
    for with_money in (True, False):
        chosen = decided & (log["funded"] == with_money)
        done = np.bincount(which[chosen & (log["outcome"] == COMPLETED)], minlength=e.main.sets)
        share.append((done + 0.5) / (np.bincount(which[chosen], minlength=e.main.sets) + 1.0))
    return np.asarray(share[0] / share[1])


def _common_enemy(e: Evidence) -> Floats:
    """Against the same draws without scheduled shocks: before and after would count other changes too."""
    names = [theme.name for theme in e.main.plan.region.themes]
    shares = []
    for batch in (e.main, e.batch("calm")):
        which, log = batch.log("status_quo")
        agreed = np.zeros(batch.sets)
        tried = np.zeros(batch.sets)
        for theme, date in SHOCKS:
            first = _quarter(e, date)
            last = first + 3
            over = np.where(log["agreed"] >= 0, log["agreed"], log["ended"])
            over = np.where(over < 0, np.inf, over)
            begun = log["inherited"] & (log["agreed"] < 0) & ~np.isin(log["outcome"], NO_AGREEMENT)
            open_then = (log["theme"] == names.index(theme)) & (log["opened"] <= last) & (over >= first) & ~begun
            hit = open_then & (log["agreed"] >= first) & (log["agreed"] <= last)
            tried += np.bincount(which[open_then], minlength=batch.sets)
            agreed += np.bincount(which[hit], minlength=batch.sets)
        shares.append(agreed / np.maximum(tried, 1.0))
    return np.asarray(shares[0] - shares[1])


def _fewer_agree_sooner(e: Evidence) -> Floats:
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


def _more(variant: str, outcome: str, sign: float = 1.0, than: str = REFERENCE) -> Statistic:
    """Paired difference of an outcome between a variant among the designs and another one (the status quo)."""

    def statistic(e: Evidence) -> Floats:
        base = e.main if than == REFERENCE else e.batch("designs")
        return sign * average(e.batch("designs").outcome(variant, outcome) - base.outcome(than, outcome))

    return statistic


def _thinning_helps_small(e: Evidence) -> Floats:
    region = e.main.plan.region
    gain = e.batch("designs").towns("thinning", "slack") - e.main.towns("status_quo", "slack")
    mean = gain.mean(axis=1)
    return np.asarray(mean[:, region.population < SMALL].mean(axis=1) - mean[:, region.centre].mean(axis=1))


def _without_undercurrent(e: Evidence) -> Floats:
    name = "public_value_regional"
    absent = average(e.batch("undercurrent").outcome("absent", name))
    return ratio(absent, average(e.main.outcome("status_quo", name)))


def _part_lowers(part: str) -> Statistic:
    """By which share of itself regional value falls when one part of the undercurrent goes from 0 to 1."""

    def statistic(e: Evidence) -> Floats:
        weak, strong = (
            average(e.batch("undercurrent").outcome(f"{part} {strength}", "public_value_regional"))
            for strength in (0, 1)
        )
        return 1.0 - ratio(strong, weak)

    return statistic


def _trust_without(e: Evidence) -> Floats:
    trust = e.batch("undercurrent").outcome
    return average(trust("absent", "trust_mean") - trust("strong", "trust_mean"))


def _bites_regionally(e: Evidence) -> Floats:
    absent, main = e.batch("undercurrent"), e.main
    gaps = [
        average(absent.outcome("absent", name) - main.outcome("status_quo", name))
        for name in ("public_value_regional", "public_value_subregional")
    ]
    return gaps[0] - gaps[1]


def _with_turnover(outcome: str) -> Statistic:
    """Change of an outcome when turnover doubles."""
    return lambda e: average(
        e.batch("turnover_double").outcome("status_quo", outcome) - e.main.outcome("status_quo", outcome)
    )


def _capacity(batch: str, design: str) -> Statistic:
    """By which share of itself regional value changes with half or double the capacity by the end."""

    def statistic(e: Evidence) -> Floats:
        base = e.main if design == REFERENCE else e.batch("designs")
        changed = average(e.batch(batch).outcome(design, "public_value_regional"))
        return ratio(changed, average(base.outcome(design, "public_value_regional"))) - 1.0

    return statistic


def _bridged(e: Evidence, measure: str, outcome: str) -> Floats:
    return np.asarray(e.batch("designs").outcome(measure, outcome) - e.main.outcome("status_quo", outcome))


def _no_bridge_harms(e: Evidence) -> Floats:
    """The least, over the bridging measures, of the upper end of the gain of regional value."""
    gains = [_bridged(e, measure, "public_value_regional") for measure in BRIDGING]
    return np.asarray(np.min([average(gain) + 1.96 * standard_error(gain) for gain in gains], axis=0))


def _bridges_that_raise(e: Evidence) -> Floats:
    gains = [average(_bridged(e, measure, "public_value_regional")) > 0.0 for measure in BRIDGING]
    return np.asarray(np.sum(gains, axis=0), dtype=np.float64)


def _least_help(e: Evidence) -> Floats:
    """The least, over the bridging measures, of the largest gain of value, trust or support, percentage points."""
    names = ("public_value_regional", "trust_mean", "support_mean")
    helped = [np.max([average(_bridged(e, measure, name)) for name in names], axis=0) for measure in BRIDGING]
    return np.asarray(100.0 * np.min(helped, axis=0))


def _intervened(e: Evidence, variant: str) -> Floats:
    """Share of agreements that the province imposed, or of promises that it made a municipality keep: the larger."""
    outcome = e.batch("designs").outcome
    imposed, enforced = (
        outcome(variant, part).sum(axis=1) / np.maximum(outcome(variant, whole).sum(axis=1), 1.0)
        for part, whole in (("imposed", "agreements"), ("enforced", "promises"))
    )
    return np.asarray(np.maximum(imposed, enforced))


def _withdrawn(e: Evidence) -> Floats:
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


def _sooner_first_result(e: Evidence) -> Floats:
    """Each at its own table: the Regio Deal has one beside the region's, and two tables would be sooner than one."""
    beside = e.main.plan.world.arena_beside
    slow, fast = _first_result(e.main, "status_quo", 0), _first_result(e.batch("designs"), "regio_deal", beside)
    return average(slow - fast)


def _dissolved_for_want_of_results(e: Evidence) -> Floats:
    """Early is before it can be put to the vote: what is completed later depends on how long it lasts."""
    batch = e.batch("pooled")
    start = batch.plan.config.policy_quarter
    judged = start + load_design(POOLED).scope.setup_quarters + np.round(e.parameter("dissolve_patience"))  # (P,)
    log = batch.recorded.log
    early = (log["ended"] >= start) & (log["ended"] < judged[log["run"] // batch.replicates])
    done = log["run"][(log["arena"] == 0) & (log["outcome"] == COMPLETED) & early]
    with_results = np.bincount(done, minlength=batch.sets * batch.replicates).reshape(batch.sets, -1) > 0
    dissolved = 1.0 * (batch.outcome(POOLED, "dissolved_quarter") - start <= FIVE_YEARS)  # never: null, which is not
    return average(np.where(with_results, np.nan, dissolved)) - average(np.where(with_results, dissolved, np.nan))


_INF = math.inf
_DESIGNS = ("main", "designs")
_GRANTED, _NOT = "provincial_steering_mandated", "provincial_steering"

LEVELS: tuple[Pattern, ...] = (
    Pattern("L1", "Five breakthroughs are agreed", "BRE 5.6", "regional agreements up to 2023-Q1", 3.0, 7.0,
            _regional_agreements),
    Pattern("L2a", "Three focus areas are in action in 2022", "BRE 5.6", "regional initiatives in execution in 2022",
            2.0, 4.5, _in_action),
    Pattern("L2b", "What is in action has central money", "BRE 5.6", "share of these with a funding window", 0.7, 1.0,
            _with_money),
    Pattern("L3a", "The agenda of 2019 is largely, not wholly, unrealised", "BRE 2.1, 3",
            "completed regional initiatives up to 2023-Q1", 0.5, 2.5, lambda e: average(_completed_by_then(e))),
    Pattern("L3b", "The agenda of 2019 is largely, not wholly, unrealised", "BRE 2.1, 3",
            "share of futures without any completed", 0.0, 0.6,
            lambda e: average(1.0 * (_completed_by_then(e) == 0.0))),
    Pattern("L4a", "Plans succeed, realisation lags", "BRE 2.1, 3", "regional indirect over direct value, 2023-Q1",
            2.0, 12.0, _plans_over_results(DESCRIBED)),
    Pattern("L4b", "Plans succeed, realisation lags", "BRE 2.1, 3", "regional indirect over direct value, end",
            1.5, 6.0, _plans_over_results("end")),
    Pattern("L5a", "The history is old: no slump made by the start", "BRE 2.3",
            "change of mean trust, 2019-Q1 to 2023-Q1",
            -0.06, 0.06, _change("trust_mean")),
    Pattern("L5b", "The history is old: no slump made by the start", "BRE 2.3",
            "change of mean grievance, 2019-Q1 to 2023-Q1", -0.10, 0.10, _change("grievance_mean")),
    Pattern("L6a", "Crowding is felt by all", "BRE 2.1, 4.1", "load of the least loaded municipality", 0.10, 1.0,
            _load(lambda load: load.min(axis=1))),
    Pattern("L6b", "Crowding is felt by all", "BRE 2.1, 4.1",
            "mean load", 0.25, 0.60, _load(lambda load: load.mean(axis=1))),
    Pattern("L6c", "Crowding is felt by all", "BRE 2.1, 4.1", "load of the most loaded municipality", 0.0, 0.999,
            _load(lambda load: load.max(axis=1))),
    Pattern("L7a", "Economic partners lose trust when the course is not kept", "BRE 2.2",
            "fall of partner trust, 2019-Q1 to 2023-Q1", 0.02, 0.15, _fall("partner_trust_economic")),
    Pattern("L7b", "Societal partners lose trust when the course is not kept", "BRE 2.2",
            "fall of partner trust, 2019-Q1 to 2023-Q1", 0.02, 0.15, _fall("partner_trust_societal")),
)  # fmt: skip

MECHANISMS: tuple[Pattern, ...] = (
    Pattern("P2", "More value is made in the subregions than at the scale of the region", "BRE 2.1",
            "share of replicates with subregional above regional realised share", 0.8, 1.0,
            _subregional_above_regional),
    *(Pattern(f"P3{letter}", f"Parkstad realises more than {name}, also under equal rules", "BRE 2.1",
              "paired difference of realised share, institutions of subregions made equal", 0.0, _INF,
              _parkstad_above("equal", key), ("equal",))
      for letter, name, key in (("a", "Maastricht-Heuvelland", "maastricht_heuvelland"),
                                ("b", "the Westelijke Mijnstreek", "westelijke_mijnstreek"))),
    *(Pattern(f"P3{letter}", f"Parkstad's institution makes its lead over {name} larger", "BRE 2.1",
              "the same difference as shipped, less that under equal rules; both without second arenas",
              0.0, _INF, _more_as_shipped(key), ("one_arena_each", "equal"))
      for letter, name, key in (("c", "Maastricht-Heuvelland", "maastricht_heuvelland"),
                                ("d", "the Westelijke Mijnstreek", "westelijke_mijnstreek"))),
    Pattern("P4", "Central money oils", "BRE 2.1", "completed share of ended initiatives, with a window over without",
            1.5, _INF, _money_oils),
    Pattern("P6", "A common enemy unites", "BRE 3",
            "agreement share in four quarters from a shock on, minus the same without the shock", 0.05, _INF,
            _common_enemy, ("main", "calm")),
    Pattern("P7", "Fewer parties agree sooner", "BRE 2.1, box ch. 3",
            "slope of quarters to agreement on eligible parties, equal rules", 0.0, _INF, _fewer_agree_sooner,
            ("equal",)),
    Pattern("P9a", "Administrative crowding binds hands: thinning yields value", "BRE 2.1, 4.1",
            "paired gain of regional value by thinning", 0.0, _INF,
            _more("thinning", "public_value_regional"), _DESIGNS),
    Pattern("P9b", "Thinning helps small municipalities more than centres", "BRE 4.1",
            "gain of slack share by thinning, small minus centres", 0.0, _INF, _thinning_helps_small, _DESIGNS),
    Pattern("P10a", "The undercurrent is one of the main causes", "BRE 2.3, 3",
            "regional value without the undercurrent over that as reported", 1.5, _INF, _without_undercurrent,
            ("main", "undercurrent")),
    *(Pattern(f"P10{letter}", f"Each part of the undercurrent counts: {part.replace('_', ' ')}", "BRE 2.3",
              "share by which regional value falls when this part goes from 0 to 1, the others as reported", 0.08, 1.0,
              _part_lowers(part), ("undercurrent",))
      for letter, part in zip("bcd", UNDERCURRENT_PARTS, strict=True)),
    Pattern("P10e", "The undercurrent costs trust", "BRE 2.3", "trust at the end, undercurrent absent minus strong",
            0.10, 1.0, _trust_without, ("undercurrent",)),
    Pattern("P10f", "The undercurrent is felt most at the scale of the region", "BRE 2.3",
            "gain without undercurrent, regional minus subregional", 0.0, _INF, _bites_regionally,
            ("main", "undercurrent")),
    Pattern("P12a", "Agreements are not kept", "BRE 4.1", "share of promises that are broken", 0.25, 0.55,
            lambda e: average(e.main.outcome("status_quo", "default_rate"))),
    Pattern("P12b", "Agreements are not kept: binding lowers it", "BRE 4.1",
            "fall of the share of promises that are broken, by binding agreements", 0.0, 1.0,
            _more("binding_agreements", "default_rate", -1.0), _DESIGNS),
    Pattern("P12c", "Agreements are not kept: monitoring lowers it", "BRE 4.1",
            "fall of the share of promises that are broken, by monitoring", 0.0, 1.0,
            _more("monitoring", "default_rate", -1.0), _DESIGNS),
    Pattern("P18a", "Elections disturb", "BRE 2.3, 4.2.1", "change of completed initiatives when turnover doubles",
            -_INF, 0.0, _with_turnover("completed"), ("main", "turnover_double")),
    Pattern("P18b", "Elections repair no trust", "BRE 2.3, 4.2.1", "change of trust at the end when turnover doubles",
            -1.0, 0.005, _with_turnover("trust_mean"), ("main", "turnover_double")),
    Pattern("P19a", "What bridges the undercurrent helps", "BRE 4.2.1, 4.2.2",
            "least gain of regional value by five bridging measures, upper end of its interval", 0.0, _INF,
            _no_bridge_harms, _DESIGNS),
    Pattern("P19b", "What bridges the undercurrent helps", "BRE 4.2.1, 4.2.2",
            "how many of five bridging measures raise regional value", 3.0, 5.0, _bridges_that_raise, _DESIGNS),
    Pattern("P19c", "What bridges the undercurrent helps", "BRE 4.2.1, 4.2.2",
            "least, over five bridging measures, of the largest gain of value, trust or support, percentage points",
            0.0, _INF, _least_help, _DESIGNS),
    *(Pattern(f"P20{letter}", "Capacity is short", "BRE 3, 5.6",
              f"relative change of regional value with {word} the capacity by the end, {name}",
              low, high, _capacity(batch, design), ("main", batch, "designs"))
      for letter, word, batch, low, high, design, name in (
          ("a", "half", "capacity_half", -1.0, -0.08, "status_quo", "status quo"),
          ("b", "double", "capacity_double", 0.08, _INF, "status_quo", "status quo"),
          ("c", "half", "capacity_half", -1.0, -0.08, "regiobureau", "regional bureau"),
          ("d", "double", "capacity_double", 0.08, _INF, "regiobureau", "regional bureau"))),
    Pattern("P21", "A programme that shows nothing is dissolved", "BRE 2.2, 5.6",
            "share of pooled programmes dissolved within five years, without early results minus with", 0.0, 1.0,
            _dissolved_for_want_of_results, ("pooled",)),
)  # fmt: skip

DESIGNS: tuple[Pattern, ...] = (
    Pattern("P13a", "A granted stick behind the door works", "BRE 4.1, 4.2.3",
            "gain of regional value, status quo with a granted stick", 0.0, _INF, _more(STICK, "public_value_regional"),
            _DESIGNS),
    Pattern("P13b", "A granted role does more than one that is not granted", "BRE 4.2.3",
            "regional value, granted minus not granted", 0.0, _INF,
            _more(_GRANTED, "public_value_regional", than=_NOT), ("main", "designs")),
    Pattern("P13c", "A granted stick works mostly unused", "BRE 4.2.3",
            "imposed share of agreements or enforced share of promises, the larger, granted", 0.0, 0.333,
            lambda e: _intervened(e, _GRANTED), ("designs",)),
    Pattern("P13g", "A granted stick is used less than one that is not granted", "BRE 4.2.3",
            "the same share, not granted minus granted", 0.0, 1.0,
            lambda e: _intervened(e, _NOT) - _intervened(e, _GRANTED), ("designs",)),
    Pattern("P13d", "Without a mandate acceptance of the province is lower than with", "BRE 4.2.3; Frey & Jegen 2001",
            "acceptance, granted minus not granted", 0.0, 1.0,
            _more(_GRANTED, "province_acceptance", than=_NOT), _DESIGNS),
    Pattern("P13e", "Without a mandate there is more grievance than with", "BRE 4.2.3",
            "grievance, not granted minus granted", 0.0, 1.0, _more(_NOT, "grievance_mean", than=_GRANTED), _DESIGNS),
    Pattern("P13f", "A province that withdraws adds nothing", "BRE 2.1, 4.2.3",
            "regional value without mandate once the province withdraws, minus status quo, percentage points",
            -0.1, 0.1, _withdrawn, ("main", "withdraws")),
    Pattern("P14", "Alliances avoid the pace of the slow mover", "RD 3",
            "quarters to first result at its own table, status quo minus Regio Deal", 0.0, _INF, _sooner_first_result,
            _DESIGNS),
)  # fmt: skip

PATTERNS: tuple[Pattern, ...] = (*LEVELS, *MECHANISMS, *DESIGNS, *REPORTED)


def statistics(evidence: Evidence, patterns: tuple[Pattern, ...] = PATTERNS) -> pd.DataFrame:
    """(P, patterns) values of the statistics."""
    return pd.DataFrame({pattern.id: pattern.statistic(evidence) for pattern in patterns})


def _known() -> dict[str, Any]:
    """What was found out about the patterns when the plausible set was made."""
    return dict(json.loads(plausible.TABLE.with_suffix(".json").read_text(encoding="utf-8")))


def kind_of(fails_in_prior: float | None) -> str:
    """What (nearly) no parameter set can fail is a check of the code, not a pattern."""
    return "check" if fails_in_prior is not None and fails_in_prior < POWER else "pattern"


def check(config: PatternsConfig, progress: Progress) -> tuple[pd.DataFrame, Region]:
    """Every pattern over the configured sets: mean, 95 % interval, verdict, share of sets that pass, power."""
    per_set = config.replicates_per_draw
    blocks = np.arange(max(1, config.replicates // per_set))
    evidence = Evidence(config, _sets(config, blocks), per_set, progress)
    table, known = statistics(evidence), _known()
    prior, off = known.get("fails_in_prior", {}), known.get("fails_when_off", {})
    rows = [
        _row(pattern, table[pattern.id].to_numpy(dtype=np.float64), prior.get(pattern.id), off.get(pattern.id))
        for pattern in PATTERNS
    ]
    return pd.DataFrame(rows).astype(
        {"fails_in_prior": "float64", "fails_when_off": "boolean"}
    ), evidence.main.plan.region


def _sets(config: PatternsConfig, blocks: NDArray[np.int64]) -> Sets:
    """The configured parameter sets; with drawn codings each has the draw of its number."""
    values, ids = parameter_sets(config, blocks)
    if config.coding == "point":
        return Sets.at_point(values)
    return Sets(values, plausible.load().draws[ids] if config.parameters.source == "plausible" else ids)


def _row(pattern: Pattern, values: Floats, prior: float | None, off: bool | None) -> dict[str, object]:
    found = values[np.isfinite(values)]
    mean, low, high = mean_interval(found, np.arange(len(found))) if len(found) else (np.nan, np.nan, np.nan)
    return {
        "pattern": pattern.id,
        "kind": kind_of(prior),
        "statement": pattern.statement,
        "source": pattern.source,
        "statistic": pattern.text,
        "at_least": pattern.low if math.isfinite(pattern.low) else np.nan,
        "at_most": pattern.high if math.isfinite(pattern.high) else np.nan,
        "mean": mean,
        "low": low,
        "high": high,
        "share_of_sets": float(pattern.holds(found).mean()) if len(found) and not pattern.pooled else np.nan,
        "fails_in_prior": prior,
        "fails_when_off": off,
        "verdict": "pass" if pattern.shown_by(found) else "fail",
    }


__all__ = ["PATTERNS", "POWER", "Pattern", "check", "kind_of", "statistics"]
