"""The report's patterns: what it says, as a statistic with bounds (pattern-oriented modelling, Grimm et al. 2005).

``levels`` and ``mechanisms`` have the statistics, ``verdicts`` says which patterns hold. What no parameter set could
fail is not here but among the tests.
"""

from __future__ import annotations

import math

import numpy as np

from bresim.analysis import levels, mechanisms
from bresim.analysis.evidence import STICK
from bresim.analysis.pattern import Pattern
from bresim.analysis.reported import REPORTED
from bresim.conventions import UNDERCURRENT_PARTS

_INF = math.inf
_DESIGNS = ("main", "designs")
_GRANTED, _NOT = "provincial_steering_mandated", "provincial_steering"

LEVELS: tuple[Pattern, ...] = (
    Pattern("L1", "Five breakthroughs are agreed", "BRE 5.6", "regional agreements up to 2023-Q1", 3.0, 7.0,
            levels.regional_agreements, early=True),
    Pattern("L2a", "Three focus areas are in action in 2022", "BRE 5.6", "regional initiatives in execution in 2022",
            2.0, 4.5, levels.in_action, early=True),
    Pattern("L2b", "What is in action has central money", "BRE 5.6", "share of these with a funding window", 0.7, 1.0,
            levels.with_money, early=True),
    Pattern("L3a", "The agenda of 2019 is largely, not wholly, unrealised", "BRE 2.1, 3",
            "completed regional initiatives up to 2023-Q1", 0.5, 2.5, levels.completed_by_then, early=True),
    Pattern("L3b", "The agenda of 2019 is largely, not wholly, unrealised", "BRE 2.1, 3",
            "share of futures without any completed", 0.0, 0.6, levels.none_completed_by_then, early=True),
    Pattern("L4a", "Plans succeed, realisation lags", "BRE 2.1, 3", "regional indirect over direct value, 2023-Q1",
            2.0, 12.0, levels.plans_over_results(levels.DESCRIBED), early=True),
    Pattern("L4b", "Plans succeed, realisation lags", "BRE 2.1, 3", "regional indirect over direct value, end",
            1.5, 6.0, levels.plans_over_results("end")),
    Pattern("L5a", "The history is old: no slump made by the start", "BRE 2.3",
            "change of mean trust, 2019-Q1 to 2023-Q1",
            -0.06, 0.06, levels.change("trust_mean"), early=True),
    Pattern("L5b", "The history is old: no slump made by the start", "BRE 2.3",
            "change of mean grievance, 2019-Q1 to 2023-Q1", -0.10, 0.10, levels.change("grievance_mean"), early=True),
    Pattern("L6a", "Crowding is felt by all", "BRE 2.1, 4.1",
            "load of the least loaded municipality, 2023-Q1", 0.10, 1.0, levels.load(np.min), ("described",)),
    Pattern("L6b", "Crowding is felt by all", "BRE 2.1, 4.1",
            "mean load, 2023-Q1", 0.25, 0.60, levels.mean_load, early=True),
    Pattern("L6c", "Crowding is felt by all", "BRE 2.1, 4.1",
            "load of the most loaded municipality, 2023-Q1", 0.0, 0.999, levels.load(np.max), ("described",)),
    Pattern("L7a", "Economic partners lose trust when the course is not kept", "BRE 2.2",
            "fall of partner trust, 2019-Q1 to 2023-Q1", 0.02, 0.15, levels.fall("partner_trust_economic"), early=True),
    Pattern("L7b", "Societal partners lose trust when the course is not kept", "BRE 2.2",
            "fall of partner trust, 2019-Q1 to 2023-Q1", 0.02, 0.15, levels.fall("partner_trust_societal"), early=True),
)  # fmt: skip

MECHANISMS: tuple[Pattern, ...] = (
    Pattern("P2", "More value is made in the subregions than at the scale of the region", "BRE 2.1",
            "share of replicates with subregional above regional realised share", 0.8, 1.0,
            mechanisms.subregional_above_regional),
    *(Pattern(f"P3{letter}", f"Parkstad realises more than {name}, also under equal rules", "BRE 2.1",
              "paired difference of realised share, institutions of subregions made equal", 0.0, _INF,
              mechanisms.parkstad_above("equal", key), ("equal",))
      for letter, name, key in (("a", "Maastricht-Heuvelland", "maastricht_heuvelland"),
                                ("b", "the Westelijke Mijnstreek", "westelijke_mijnstreek"))),
    *(Pattern(f"P3{letter}", f"Parkstad's institution makes its lead over {name} larger", "BRE 2.1",
              "the same difference as shipped, less that under equal rules; both without second arenas",
              0.0, _INF, mechanisms.more_as_shipped(key), ("one_arena_each", "equal"))
      for letter, name, key in (("c", "Maastricht-Heuvelland", "maastricht_heuvelland"),
                                ("d", "the Westelijke Mijnstreek", "westelijke_mijnstreek"))),
    Pattern("P4", "Central money oils", "BRE 2.1", "completed share of ended initiatives, with a window over without",
            1.5, _INF, mechanisms.money_oils),
    Pattern("P6", "A common enemy unites", "BRE 3",
            "agreement share in four quarters from a shock on, minus the same without the shock", 0.05, _INF,
            mechanisms.common_enemy, ("main", "calm")),
    Pattern("P7", "Fewer parties agree sooner", "BRE 2.1, box ch. 3",
            "slope of quarters to agreement on eligible parties, equal rules", 0.0, _INF,
            mechanisms.fewer_agree_sooner, ("equal",)),
    Pattern("P9a", "Administrative crowding binds hands: thinning yields value", "BRE 2.1, 4.1",
            "paired gain of regional value by thinning", 0.0, _INF,
            mechanisms.more("thinning", "public_value_regional"), _DESIGNS),
    Pattern("P9b", "Thinning helps small municipalities more than centres", "BRE 4.1",
            "gain of slack share by thinning, small minus centres", 0.0, _INF,
            mechanisms.thinning_helps_small, _DESIGNS),
    Pattern("P10a", "The undercurrent is one of the main causes", "BRE 2.3, 3",
            "regional value without the undercurrent over that as reported", 1.5, _INF,
            mechanisms.without_undercurrent, ("main", "undercurrent")),
    *(Pattern(f"P10{letter}", f"Each part of the undercurrent counts: {part.replace('_', ' ')}", "BRE 2.3",
              "share by which regional value falls when this part goes from 0 to 1, the others as reported", 0.08, 1.0,
              mechanisms.part_lowers(part), ("undercurrent",))
      for letter, part in zip("bcd", UNDERCURRENT_PARTS, strict=True)),
    Pattern("P10e", "The undercurrent costs trust", "BRE 2.3", "trust at the end, undercurrent absent minus strong",
            0.10, 1.0, mechanisms.trust_without, ("undercurrent",)),
    Pattern("P10f", "The undercurrent is felt most at the scale of the region", "BRE 2.3",
            "gain without undercurrent, regional minus subregional", 0.0, _INF,
            mechanisms.bites_regionally, ("main", "undercurrent")),
    Pattern("P12a", "Agreements are not kept", "BRE 4.1", "share of promises that are broken", 0.25, 0.55,
            mechanisms.broken),
    Pattern("P12b", "Agreements are not kept: binding lowers it", "BRE 4.1",
            "fall of the share of promises that are broken, by binding agreements", 0.0, 1.0,
            mechanisms.more("binding_agreements", "default_rate", -1.0), _DESIGNS),
    Pattern("P12c", "Agreements are not kept: monitoring lowers it", "BRE 4.1",
            "fall of the share of promises that are broken, by monitoring", 0.0, 1.0,
            mechanisms.more("monitoring", "default_rate", -1.0), _DESIGNS),
    Pattern("P18a", "Elections disturb", "BRE 2.3, 4.2.1", "change of completed initiatives when turnover doubles",
            -_INF, 0.0, mechanisms.with_turnover("completed"), ("main", "turnover_double")),
    Pattern("P18b", "Elections repair no trust", "BRE 2.3, 4.2.1", "change of trust at the end when turnover doubles",
            -1.0, 0.005, mechanisms.with_turnover("trust_mean"), ("main", "turnover_double")),
    Pattern("P18c", "Elections disturb", "BRE 2.3, 4.2.1",
            "relative change of agreements in the two quarters from municipal elections on, against the same random "
            "draws without any",
            -1.0, 0.0, mechanisms.after_elections, ("main", "no_elections")),
    Pattern("P19a", "What bridges the undercurrent helps", "BRE 4.2.1, 4.2.2",
            "least gain of regional value by five bridging measures, upper end of its interval", 0.0, _INF,
            mechanisms.no_bridge_harms, _DESIGNS),
    Pattern("P19b", "What bridges the undercurrent helps", "BRE 4.2.1, 4.2.2",
            "how many of five bridging measures raise regional value", 3.0, 5.0,
            mechanisms.bridges_that_raise, _DESIGNS),
    Pattern("P19c", "What bridges the undercurrent helps", "BRE 4.2.1, 4.2.2",
            "least, over five bridging measures, of the largest gain of value, trust or support, percentage points",
            0.0, _INF, mechanisms.least_help, _DESIGNS),
    *(Pattern(f"P20{letter}", "Capacity is short", "BRE 3, 5.6",
              f"relative change of regional value with {word} the capacity by the end, {name}",
              low, high, mechanisms.capacity(batch, design), ("main", batch, "designs"))
      for letter, word, batch, low, high, design, name in (
          ("a", "half", "capacity_half", -1.0, -0.08, "status_quo", "status quo"),
          ("b", "double", "capacity_double", 0.08, _INF, "status_quo", "status quo"),
          ("c", "half", "capacity_half", -1.0, -0.08, "regiobureau", "regional bureau"),
          ("d", "double", "capacity_double", 0.08, _INF, "regiobureau", "regional bureau"))),
    Pattern("P21", "A programme that shows nothing is dissolved", "BRE 2.2, 5.6",
            "share of pooled programmes dissolved within five years, without early results minus with", 0.0, 1.0,
            mechanisms.dissolved_for_want_of_results, ("pooled",)),
)  # fmt: skip

DESIGNS: tuple[Pattern, ...] = (
    Pattern("P13a", "A granted stick behind the door works", "BRE 4.1, 4.2.3",
            "gain of regional value, status quo with a granted stick", 0.0, _INF,
            mechanisms.more(STICK, "public_value_regional"), _DESIGNS),
    Pattern("P13b", "A granted role does more than one that is not granted", "BRE 4.2.3",
            "regional value, granted minus not granted", 0.0, _INF,
            mechanisms.more(_GRANTED, "public_value_regional", than=_NOT), ("main", "designs")),
    Pattern("P13c", "A granted stick works mostly unused", "BRE 4.2.3",
            "share of agreements imposed or of promises the province saw to, the larger, granted", 0.0, 0.333,
            mechanisms.intervened(_GRANTED), ("designs",)),
    Pattern("P13g", "A granted stick is used less than one that is not granted", "BRE 4.2.3",
            "the same share, not granted minus granted", 0.0, 1.0,
            mechanisms.intervened_more(_NOT, than=_GRANTED), ("designs",)),
    Pattern("P13d", "Without a mandate acceptance of the province is lower than with", "BRE 4.2.3; Frey & Jegen 2001",
            "acceptance, granted minus not granted", 0.0, 1.0,
            mechanisms.more(_GRANTED, "province_acceptance", than=_NOT), _DESIGNS),
    Pattern("P13e", "Without a mandate there is more grievance than with", "BRE 4.2.3",
            "grievance, not granted minus granted", 0.0, 1.0,
            mechanisms.more(_NOT, "grievance_mean", than=_GRANTED), _DESIGNS),
    Pattern("P13f", "A province that withdraws adds nothing", "BRE 2.1, 4.2.3",
            "regional value without mandate once the province withdraws, minus status quo, percentage points",
            -0.1, 0.1, mechanisms.withdrawn, ("main", "withdraws")),
    Pattern("P14", "Alliances avoid the pace of the slow mover", "RD 3",
            "quarters to first result at its own table, status quo minus Regio Deal", 0.0, _INF,
            mechanisms.sooner_first_result, _DESIGNS),
)  # fmt: skip

PATTERNS: tuple[Pattern, ...] = (*LEVELS, *MECHANISMS, *DESIGNS, *REPORTED)

__all__ = ["DESIGNS", "LEVELS", "MECHANISMS", "PATTERNS"]
