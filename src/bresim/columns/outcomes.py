"""The outcomes of a run: name, unit, direction and meaning, written once.

Every table, figure and report takes its columns and labels from here. They are the value at the end of a run, or over
its policy window, from policy start to the last quarter.
"""

from __future__ import annotations

from collections.abc import Iterable

from bresim.columns.schema import Outcome, Unit, Window


def _o(
    name: str, unit: Unit, direction: int, window: Window, nl: str, en: str, meaning: str, null: str = "",
    *, whole: bool = False,
) -> Outcome:
    return Outcome(
        name=name, unit=unit, meaning=meaning, window=window, direction=direction, null=null, whole=whole,
        label_nl=nl, label_en=en,
    )


_NO_DIRECT, _NO_INDIRECT = "no direct value is attainable at this scale", "no indirect value is attainable at this scale"

#: State outcomes: also recorded every quarter in ``series.parquet``.
STATE_OUTCOMES: tuple[Outcome, ...] = (
    _o("public_value_direct", "share", 1, "end", "directe publieke waarde", "direct public value",
       "share of the direct value attainable at all scales that is realised"),
    _o("public_value_indirect", "share", 1, "end", "indirecte publieke waarde", "indirect public value",
       "share of the indirect value (strategy, lobby, means) attainable that is realised", "no indirect value is attainable"),
    _o("public_value_regional", "share", 1, "end", "directe waarde, regionale schaal", "direct value, regional scale",
       "realised share of the direct value attainable at the scale of the region", _NO_DIRECT),
    _o("public_value_subregional", "share", 1, "end", "directe waarde, subregionale schaal",
       "direct value, subregional scale", "realised share of the direct value attainable in the subregions", _NO_DIRECT),
    _o("public_value_local", "share", 1, "end", "directe waarde, lokale schaal", "direct value, local scale",
       "realised share of the direct value that municipalities can realise alone", _NO_DIRECT),
    _o("public_value_regional_indirect", "share", 1, "end", "indirecte waarde, regionale schaal",
       "indirect value, regional scale", "realised share of the indirect value attainable at the scale of the region",
       _NO_INDIRECT),
    _o("public_value_subregional_indirect", "share", 1, "end", "indirecte waarde, subregionale schaal",
       "indirect value, subregional scale", "realised share of the indirect value attainable in the subregions",
       _NO_INDIRECT),
    _o("trust_mean", "share", 1, "end", "onderling vertrouwen", "mutual trust", "mean trust of a municipality in another one, over all pairs"),
    _o("trust_centre_rural", "share", 1, "end", "vertrouwen centrum–Middengebied", "trust centre–rural",
       "mean trust between centre municipalities and the Middengebied (the rural ones), both ways",
       "no two municipalities are a centre and a rural one"),
    _o("grievance_mean", "share", -1, "end", "oud zeer", "grievance", "mean remembered negative experience of a municipality with another one, over all pairs"),
    _o("urgency_mean", "share", 0, "end", "urgentie", "urgency", "mean urgency over municipalities and themes"),
    _o("urgency_spread", "share", -1, "end", "verschil in urgentie", "spread of urgency",
       "standard deviation of urgency between municipalities, mean over themes"),
    _o("support_mean", "share", 1, "end", "draagvlak in de raden", "council support", "mean support of the councils for regional collaboration"),
    _o("province_acceptance", "share", 1, "end", "acceptatie van provinciale sturing", "acceptance of provincial steering",
       "mean acceptance of provincial steering"),
    _o("partner_trust_economic", "share", 1, "end", "vertrouwen economische partners", "trust of economic partners",
       "trust of economic partners in the region as a partner"),
    _o("partner_trust_societal", "share", 1, "end", "vertrouwen maatschappelijke partners", "trust of societal partners",
       "trust of societal partners in the region as a partner"),
    _o("slack_mean", "share", 1, "end", "vrije uitvoeringskracht", "slack", "mean share of execution capacity that is free for regional work"),
    _o("load_mean", "share", -1, "end", "bestuurlijke drukte", "administrative load",
       "mean share of execution capacity taken by standing collaborations and by tables (initiatives under way), at most 1"),
)

#: Outcomes known only at the end of a run, before the columns per theme and per subregion.
RUN_OUTCOMES: tuple[Outcome, ...] = (
    _o("public_value_worst_municipality", "share", 1, "end", "directe waarde, slechtst af", "direct value, worst off",
       "realised share of direct value in the municipality with the lowest share, of those in which any is attainable"),
    _o("public_value_gini", "share", -1, "end", "ongelijkheid tussen gemeenten", "inequality between municipalities",
       "Gini coefficient of the realised share of direct value over the municipalities in which any is attainable"),
    _o("agreements", "count", 1, "policy", "regionale akkoorden", "regional agreements", "agreements on an initiative in the regional arena"),
    _o("deadlocks", "count", -1, "policy", "patstellingen", "deadlocks", "negotiations in the regional arena that ended without agreement"),
    _o("completed", "count", 1, "policy", "afgerond", "completed", "initiatives in the regional arena of which all work was done"),
    _o("failed", "count", -1, "policy", "mislukt", "failed", "initiatives in the regional arena that ended before all work was done"),
    _o("imposed", "count", 0, "policy", "opgelegd", "imposed", "agreements imposed by the province in the regional arena"),
    _o("promises", "count", 0, "policy", "toezeggingen", "promises",
       "promises of a municipality in the regional arena that fell due at a milestone: kept, late or broken"),
    _o("default_rate", "share", -1, "policy", "niet nagekomen toezeggingen", "default rate",
       "share of the promises that fell due at a milestone in the regional arena that were broken: not given, and not said in time to be late",
       "no promise fell due"),
    _o("delay_rate", "share", -1, "policy", "aangekondigde vertragingen", "announced delays",
       "share of the promises that fell due at a milestone in the regional arena that were announced to be late, for want of capacity",
       "no promise fell due"),
    _o("enforced", "count", 0, "policy", "toezeggingen waarop de provincie toezag", "promises the province saw to",
       "promises in the regional arena of which the province saw to it that the municipality, which had broken the one before, works on them until the next milestone; whether it has the capacity for it is another matter; counted when they fell due"),
    _o("quarters_to_agreement", "quarters", -1, "policy", "kwartalen tot akkoord", "quarters to agreement",
       "mean quarters from opening to agreement, over the agreements in the regional arena", "there were no agreements"),
    _o("quarters_to_first_result", "quarters", -1, "policy", "kwartalen tot eerste resultaat", "quarters to first result",
       "quarters from policy start until a regional initiative that was opened since is completed for the first time; 0: in the quarter of policy start", "none was completed", whole=True),
    _o("mandatory_delivery", "share", 1, "policy", "nakoming verplichte samenwerking", "delivery of mandatory collaborations",
       "share of the quarterly contributions of municipalities to mandatory collaborations that were delivered"),
    _o("adopted", "flag", 0, "policy", "opgericht", "adopted", "1 if the design was founded (or needs no founding), else 0"),
    _o("adopted_quarter", "quarter", 0, "policy", "kwartaal van oprichting", "quarter of adoption",
       "quarter in which the design was founded for the first time; policy start if it needs no founding", "it was never founded"),
    _o("refused", "count", 0, "policy", "verloren stemmingen over de oprichting", "lost votes on founding",
       "votes to found the design, or its successor after its term, that were lost"),
    _o("dissolved", "flag", 0, "policy", "opgeheven", "dissolved",
       "1 if the municipalities dissolved the design, or its successor, because they saw no results; the end of a term does not count"),
    _o("dissolved_quarter", "quarter", 0, "policy", "kwartaal van opheffing", "quarter of dissolution",
       "quarter in which the design, or its successor, was dissolved for the first time", "it was never dissolved"),
    _o("followed", "flag", 0, "policy", "opgevolgd", "followed",
       "1 if the successor of the design was founded after its term; 0 too for a design that has none"),
)

#: What a run cost, of ``bresim.evaluate`` and ``bresim sweep`` where it is asked for.
COST_OUTCOMES: tuple[Outcome, ...] = (
    _o("fte", "fte", -1, "policy", "personeel voor samenwerking", "staff for working together",
       "staff of all municipalities together for meetings, a bureau and execution; mean over the quarters, so it is also what a year takes"),
    _o("fte_meetings", "fte", -1, "policy", "personeel voor overleg", "staff for meetings",
       "the part of `fte` for tables of initiatives under way, as far as standing collaborations leave capacity"),
    _o("fte_bureau", "fte", -1, "policy", "personeel voor een bureau", "staff for a bureau",
       "the part of `fte` for shared bureaus, and services that municipalities supply in kind"),
    _o("fte_execution", "fte", 0, "policy", "personeel voor uitvoering", "staff for execution",
       "the part of `fte` for work on initiatives in execution"),
    _o("fte_collaborations", "fte", 0, "policy", "personeel voor vaste samenwerkingen", "staff for standing collaborations",
       "staff of all municipalities together for standing collaborations, which is not in `fte`; mean over the quarters"),
    _o("fte_own", "fte", 0, "policy", "personeel voor eigen werk", "staff for work of its own",
       "capacity for regional work of all municipalities together that is left for what each does alone, which is not in `fte`; mean over the quarters"),
    _o("autonomy_given_up", "share", -1, "policy", "ingeleverde autonomie", "autonomy given up",
       "autonomy that a municipality without a fixed seat on the board gives up, as in its vote (rule `voting`), to what holds in the region: the status quo, the design while it holds, or its successor; mean over the quarters"),
)


#: ``sweep.costs`` → the outcomes of cost that runs then have.
COSTS = {"none": (), "staff": tuple(one for one in COST_OUTCOMES if one.unit == "fte"), "all": COST_OUTCOMES}


def theme_outcome(name: str, label_nl: str, label_en: str) -> Outcome:
    """Outcome of one theme: its realised share of direct value over all scales."""
    return _o(f"public_value_{name}", "share", 1, "end", f"directe waarde: {label_nl}", f"direct value: {label_en}",
              "realised share of the direct value of the theme, over all scales", "no direct value of the theme is attainable")


def subregion_outcome(name: str, label: str) -> Outcome:
    """Outcome of one subregion: its realised share of direct value over all themes and scales."""
    return _o(f"public_value_{name}", "share", 1, "end", f"directe waarde: {label}", f"direct value: {label}",
              "realised share of the direct value of the municipalities of the subregion, over all themes and scales",
              "no direct value is attainable in it")


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
