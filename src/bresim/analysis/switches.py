"""What switches the mechanism of a pattern off: without it the model must fail the pattern, which else shows nothing.

Some patterns have no single switch: a level that all rules make together, or what must not happen, which a model
without the mechanism fulfils as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bresim import parameters
from bresim.analysis.changes import Change, equal_rules, unchanged, without
from bresim.analysis.evidence import Evidence, Sets
from bresim.analysis.pattern import Floats, Pattern
from bresim.common.progress import Progress
from bresim.config.schema import PatternsConfig, Undercurrent


@dataclass(frozen=True)
class Switch:
    """Parameters at values that leave a mechanism out, also outside their range, and what else changes in the world.

    ``level`` is that of the undercurrent, if it is another; ``none`` says why a pattern has no switch.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    change: Change = unchanged
    level: str | None = None
    none: str = ""

    def configured(self, config: PatternsConfig) -> PatternsConfig:
        """The configuration with the mechanism off."""
        if self.level is None:
            return config
        return config.model_copy(update={"undercurrent": Undercurrent.of_level(self.level)})

    def applied(self, values: Floats) -> Floats:
        """The parameter sets (P, number of parameters) with the mechanism off."""
        found = values.copy()
        for name, value in self.values.items():
            found[:, list(parameters.PARAMETERS).index(name)] = value
        return found


def _off(*names: str, change: Change = unchanged) -> Switch:
    return Switch(dict.fromkeys(names, 0.0), change)


_LEVEL = Switch(none="a level that many rules make together")
_NOT = Switch(none="it says what must not happen: a model without the mechanism shows it too")
#: Every parameter by which a part of the undercurrent acts.
_PAROCHIALISM = ("home_first", "stake_elsewhere")
_CLEAVAGE = ("baseline_divide", "baseline_rivalry", "join_say", "deliver_say", "join_peers")
_NEGATIVITY = ("claiming", "retelling", "grievance_memory", "grievance_start")
_HISTORY = _off(
    *("join_record", "deliver_record", "baseline_record", "homogeneity_gain"),
    *("baseline_divide", "baseline_rivalry", "grievance_start"),
)
_ABSENT = Switch(level="absent")
_SUCCESS = Switch(
    {
        **dict.fromkeys(("record_gain", "trust_completion", "trust_failure", "overrun_grievance"), 0.0),
        **dict.fromkeys(("support_results", "support_failure", "partner_gain", "partner_loss"), 0.0),
        "cooldown": 1.0,
    }
)
_MANY_RULES = Switch(none="that more parties need more time and effort follows from many rules")
_INSTITUTION = Switch(change=equal_rules)
_BRIDGES = Switch(
    {
        **dict.fromkeys(("join_facilitation", "facilitation_pace", "join_say", "deliver_say", "divide_say"), 0.0),
        **dict.fromkeys(("claiming", "support_involvement", "trust_councils"), 0.0),
        **dict.fromkeys(("thinning_reach", "crowding", "table_fte"), 0.0),
        "announce": 1.0,
    }
)
_NOTHING_TO_DO = Switch({"work": 1e-6, "work_fixed": 1e-6})
_STICK = Switch(change=without("steering", "imposition"))
_MANDATE = Switch(change=without("mandate"))

#: Pattern -> what switches its mechanism off.
SWITCHES: Mapping[str, Switch] = {
    **dict.fromkeys(("L1", "L2a", "L3a", "L3b", "L6c"), _LEVEL),
    "L2b": Switch({"join_money": 0.0, "deliver_money": 0.0}, without("follows_money")),
    **dict.fromkeys(("L4a", "L4b"), _off("agreement_closure")),
    **dict.fromkeys(("L5a", "L5b"), _NOT),
    **dict.fromkeys(("L6a", "L6b"), _off("collaboration_fte", "table_fte")),
    **dict.fromkeys(("L7a", "L7b"), _off("partner_loss", "partner_drift")),
    "P2": Switch(none="at which scale value can be made is data (BRE 5.5)"),
    **dict.fromkeys(("P3a", "P3b"), _HISTORY),
    **dict.fromkeys(("P3c", "P3d"), _INSTITUTION),
    "P4": _off("join_money", "deliver_money", "money_effort", "capital_work"),
    "P6": _off("join_rally", "shock_jolt", "urgency_rate", change=without("form_quarters")),
    "P7": _MANY_RULES,
    **dict.fromkeys(("P9a", "P9b"), _off("thinning_reach")),
    **dict.fromkeys(("P10a", "P10f"), _ABSENT),
    "P10e": _off(*_PAROCHIALISM, *_CLEAVAGE, *_NEGATIVITY),
    "P10b": _off(*_PAROCHIALISM),
    "P10c": _off(*_CLEAVAGE),
    "P10d": _off(*_NEGATIVITY),
    "P11a": _off("trust_loss_ratio"),
    **dict.fromkeys(("P11b", "P11c"), _off("retelling")),
    "P12a": Switch({"deliver_base": 20.0}),
    "P12b": _off("deliver_binding"),
    "P12c": _off("deliver_monitoring"),
    "P16": _off("trust_completion", "trust_failure"),
    **dict.fromkeys(("P17a", "P17b"), _SUCCESS),
    "P18a": _off("turnover_pull", "exit_rate"),
    "P18b": _NOT,
    "P18c": _off("turnover_pull", "exit_rate", "campaign_effect"),
    "P19a": _NOT,
    **dict.fromkeys(("P19b", "P19c"), _BRIDGES),
    **dict.fromkeys(("P20a", "P20b", "P20c", "P20d"), _NOTHING_TO_DO),
    "P21": Switch({"dissolve_base": -20.0, "dissolve_years": 0.0}),
    "P13a": _STICK,
    "P13b": _MANDATE,
    "P13c": _off("join_threat", "deliver_threat"),
    **dict.fromkeys(("P13d", "P13e", "P13g"), _MANDATE),
    "P13f": _NOT,
    "P14": Switch(none="what alliances avoid is a whole design: fewer parties, their autonomy, a bureau"),
    "X1": _off("join_trust", "deliver_trust", "trust_cost"),
    **dict.fromkeys(("X2a", "X2b"), _off("trust_councils", "support_involvement", "support_results")),
    "X2c": _MANY_RULES,
    "X3a": Switch(change=without("pooled_capacity", "coordination", "monitoring", "binding")),
    "X3b": _off("join_trust", "deliver_trust", "trust_cost"),
}


def switched_off(
    config: PatternsConfig, patterns: tuple[Pattern, ...], sets: Sets, replicates: int, progress: Progress
) -> dict[str, bool | None]:
    """Whether the model fails each pattern with its mechanism off, over these sets; None where there is no switch."""
    found: dict[str, bool | None] = {pattern.id: None for pattern in patterns}
    done: list[Switch] = []
    for pattern in patterns:
        switch = SWITCHES[pattern.id]
        if switch.none or switch in done:
            continue
        done.append(switch)
        changed = Sets(switch.applied(sets.values), sets.codings)
        evidence = Evidence(switch.configured(config), changed, replicates, progress, switch=switch.change)
        for other in patterns:
            if SWITCHES[other.id] == switch:
                found[other.id] = not other.shown_by(other.statistic(evidence))
    return found


__all__ = ["SWITCHES", "Switch", "switched_off"]
