"""The outcomes of a run: name, unit, direction and meaning, written once.

Every table, figure and report takes its columns and labels from here. "Window" says over which
quarters a column is taken: the policy window runs from the policy start to the horizon.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "count", "quarters", "flag"]


@dataclass(frozen=True)
class Outcome:
    """One outcome column. ``direction``: +1 more is better, -1 less is better, 0 neither."""

    name: str
    unit: Unit
    direction: int
    window: Literal["end", "policy", "run"]
    label_nl: str
    label_en: str
    meaning: str


def _o(
    name: str, unit: Unit, direction: int, window: Literal["end", "policy", "run"], nl: str, en: str, meaning: str
) -> Outcome:
    return Outcome(name, unit, direction, window, nl, en, meaning)


#: State outcomes: also recorded every quarter in ``series.parquet``.
STATE_OUTCOMES: tuple[Outcome, ...] = (
    _o("public_value_direct", "share", 1, "end", "directe publieke waarde", "direct public value",
       "share of the direct value attainable at all scales that is realised"),
    _o("public_value_indirect", "share", 1, "end", "indirecte publieke waarde", "indirect public value",
       "share of the indirect value (strategy, lobby, means) attainable that is realised"),
    _o("public_value_regional", "share", 1, "end", "directe waarde, regionale schaal", "direct value, regional scale",
       "realised share of the direct value attainable at the scale of the region"),
    _o("public_value_subregional", "share", 1, "end", "directe waarde, subregionale schaal",
       "direct value, subregional scale", "realised share of the direct value attainable in the subregions"),
    _o("public_value_local", "share", 1, "end", "directe waarde, lokale schaal", "direct value, local scale",
       "realised share of the direct value that municipalities can realise alone"),
    _o("public_value_regional_indirect", "share", 1, "end", "indirecte waarde, regionale schaal",
       "indirect value, regional scale", "realised share of the indirect value attainable at the scale of the region"),
    _o("public_value_subregional_indirect", "share", 1, "end", "indirecte waarde, subregionale schaal",
       "indirect value, subregional scale", "realised share of the indirect value attainable in the subregions"),
    _o("trust_mean", "share", 1, "end", "onderling vertrouwen", "mutual trust", "mean trust over all pairs"),
    _o("trust_centre_rural", "share", 1, "end", "vertrouwen centrum–Middengebied", "trust centre–rural",
       "mean trust between centre municipalities and the Middengebied, both ways"),
    _o("grievance_mean", "share", -1, "end", "oud zeer", "grievance", "mean remembered negative experience over all pairs"),
    _o("urgency_mean", "share", 0, "end", "urgentie", "urgency", "mean urgency over municipalities and themes"),
    _o("urgency_spread", "share", -1, "end", "verschil in urgentie", "spread of urgency",
       "standard deviation of urgency between municipalities, mean over themes"),
    _o("support_mean", "share", 1, "end", "draagvlak in de raden", "council support", "mean council support"),
    _o("province_acceptance", "share", 1, "end", "acceptatie van provinciale sturing", "acceptance of provincial steering",
       "mean acceptance of provincial steering"),
    _o("partner_trust_economic", "share", 1, "end", "vertrouwen economische partners", "trust of economic partners",
       "trust of economic partners in the region as a partner"),
    _o("partner_trust_societal", "share", 1, "end", "vertrouwen maatschappelijke partners", "trust of societal partners",
       "trust of societal partners in the region as a partner"),
    _o("slack_mean", "share", 1, "end", "vrije uitvoeringskracht", "slack", "mean share of execution capacity that is free"),
    _o("load_mean", "share", -1, "end", "bestuurlijke drukte", "administrative load",
       "mean share of execution capacity taken by collaborations and tables, at most 1"),
)

#: Outcomes known only at the end of a run, before the columns per theme and per subregion.
RUN_OUTCOMES: tuple[Outcome, ...] = (
    _o("public_value_worst_municipality", "share", 1, "end", "directe waarde, slechtst af", "direct value, worst off",
       "realised share of direct value in the municipality with the lowest share"),
    _o("public_value_gini", "share", -1, "end", "ongelijkheid tussen gemeenten", "inequality between municipalities",
       "Gini coefficient of the realised share of direct value over municipalities"),
    _o("agreements", "count", 1, "policy", "regionale akkoorden", "regional agreements", "agreements in the regional arena"),
    _o("deadlocks", "count", -1, "policy", "patstellingen", "deadlocks", "deadlocks in the regional arena"),
    _o("completed", "count", 1, "policy", "afgerond", "completed", "completed initiatives in the regional arena"),
    _o("failed", "count", -1, "policy", "mislukt", "failed", "failed initiatives in the regional arena"),
    _o("imposed", "count", 0, "policy", "opgelegd", "imposed", "agreements imposed by the province in the regional arena"),
    _o("default_rate", "share", -1, "policy", "niet nagekomen toezeggingen", "default rate",
       "share of quarterly pledges in the regional arena that were not kept; null without pledges"),
    _o("quarters_to_agreement", "quarters", -1, "policy", "kwartalen tot akkoord", "quarters to agreement",
       "mean quarters from opening to agreement in the regional arena; null without agreements"),
    _o("quarters_to_first_result", "quarters", -1, "policy", "kwartalen tot eerste resultaat", "quarters to first result",
       "quarters from policy start to the first completed regional initiative opened since; null if none"),
    _o("mandatory_delivery", "share", 1, "policy", "nakoming verplichte samenwerking", "delivery of mandatory collaborations",
       "share of quarterly contributions to mandatory collaborations that were delivered"),
    _o("adopted", "flag", 0, "policy", "ingesteld", "adopted", "1 if the design was founded (or needs no founding), else 0"),
    _o("adopted_quarter", "quarters", 0, "policy", "kwartaal van instelling", "quarter of adoption",
       "quarter (0 = start of the run) in which the design was founded; null if never"),
)

#: Columns that say which run a row is.
RUN_KEYS = ("design", "scenario", "undercurrent", "replicate", "seed", "parameter_draw")


def theme_outcome(name: str, label_nl: str, label_en: str) -> Outcome:
    """Outcome of one theme: its realised share of direct value over all scales."""
    return _o(f"public_value_{name}", "share", 1, "end", f"directe waarde: {label_nl}", f"direct value: {label_en}",
              f"realised share of the direct value of the theme {name}")


def subregion_outcome(name: str, label: str) -> Outcome:
    """Outcome of one subregion: its realised share of direct value over all themes and scales."""
    return _o(f"public_value_{name}", "share", 1, "end", f"directe waarde: {label}", f"direct value: {label}",
              f"realised share of the direct value of the municipalities of {label}")


def snake_case(name: str) -> str:
    """``Parkstad Limburg`` → ``parkstad_limburg``."""
    cleaned = "".join(character if character.isalnum() else " " for character in name.lower())
    return "_".join(cleaned.split())


def run_outcomes(themes: Iterable[tuple[str, str, str]], subregions: Iterable[str]) -> tuple[Outcome, ...]:
    """All outcome columns of ``runs.parquet`` in their order.

    ``themes`` are (name, Dutch label, English label); ``subregions`` are display names.
    """
    return (
        *STATE_OUTCOMES,
        *(theme_outcome(*theme) for theme in themes),
        *(subregion_outcome(snake_case(name), name) for name in subregions),
        *RUN_OUTCOMES,
    )
