"""Short names of the fields of a design, and of the words that they can be: what a reader sees instead of the keys.

English here is the key of the Dutch in ``locale/nl.po``. The longer meaning of a field stands in ``schema``.
"""

from __future__ import annotations

from collections.abc import Mapping

from bresim.governance.schema import RULE_TYPES

#: Field path → its name.
FIELD_LABELS: Mapping[str, str] = {
    "position.board": "Who decides",
    "position.rotating_seats": "Rotating seats on the board",
    "position.board_partners": "Seats for partners",
    "position.board_province": "Seats for the province",
    "position.coordination": "Coordination",
    "position.facilitation": "Independent guidance of talks",
    "position.lead_share": "Left to the leading centre municipality",
    "position.sounding_board": "All are heard before the board decides",
    "position.equal_say": "Equal say",
    "position.partners": "Where partners sit",
    "position.council_group": "Working group of councillors",
    "boundary.eligible": "Who may take part",
    "boundary.beside": "Beside what there is",
    "boundary.min_members": "Fewest members",
    "boundary.min_capacity": "Least share of the capacity",
    "boundary.late_joining": "Joining later",
    "boundary.exit_cost": "Cost of leaving",
    "choice.revocable": "Freedom to withdraw before an agreement",
    "choice.opt_out": "Freedom in how to do it",
    "choice.alliance_autonomy": "Own say of those who execute",
    "choice.escalation": "Help when execution is in trouble",
    "choice.pooled_capacity": "Staff given to a shared bureau",
    "choice.bureau_executes": "How far the bureau executes itself",
    "choice.pooled_by": "Who supplies the bureau",
    "choice.services_by": "Who supplies other services",
    "choice.open_tables": "How many sit at every table",
    "aggregation.quota": "Share that must agree",
    "aggregation.board_quota": "Share of the board that must agree",
    "aggregation.binds_dissenters": "Those who disagree are bound too",
    "aggregation.council_ratification": "Councils decide as well",
    "aggregation.imposition": "The province imposes",
    "aggregation.adoption_quota": "Share of yes needed to found it",
    "information.monitoring": "Monitoring",
    "information.celebration": "Celebrating successes",
    "information.council_information": "Informing councils",
    "information.lobby": "Joint lobby",
    "payoff.binding": "Binding agreements",
    "payoff.sanction": "Loss of influence for those who do not deliver",
    "payoff.cost_sharing": "Costs by capacity",
    "payoff.cofunding": "Provincial money",
    "payoff.steering": "Provincial steering",
    "payoff.mandate": "Mandate for steering",
    "payoff.programme_money": "Central programme money",
    "scope.themes": "Themes",
    "scope.max_open": "Most plans at once",
    "scope.follows_money": "The agenda follows the money",
    "scope.breadth": "Themes that many agree on",
    "scope.form_quarters": "Quarters spent on form",
    "scope.setup_quarters": "Quarters to set it up",
    "scope.term_quarters": "Quarters until it ends",
    "scope.successor": "What comes after it",
    "scope.successor_if": "When something comes after it",
    "scope.successor_agreements": "Agreements that are enough for that",
    "scope.execution": "Organises execution too",
    "scope.thinning": "Ending collaborations that are not needed",
    "scope.merging": "Merging structures",
    "scope.cross_border_focus": "Cross-border focus",
    "scope.capacity_coordination": "Secretaries coordinate staff",
}
#: Field path → word that it can be → what it says. A group of municipalities is named by the region.
WORD_LABELS: Mapping[str, Mapping[str, str]] = {
    "position.board": {
        "none": "everyone",
        "steering_group": "the steering group",
        "centres": "the centre municipalities",
    },
    "position.partners": {
        "outside": "outside",
        "execution": "in execution",
        "consulted": "they are consulted",
        "table": "at the table",
        "front_bench": "on the front bench",
    },
    "boundary.eligible": {
        "all": "everyone",
    },
    "choice.pooled_by": {
        "all": "all that take part",
        "board": "the board only",
    },
    "choice.services_by": {
        "members": "all that take part",
        "board": "the board only",
        "province": "the province",
    },
    "scope.themes": {
        "all": "all themes",
    },
    "scope.successor_if": {
        "always": "always",
        "agreed": "with enough agreements",
        "not_agreed": "without enough agreements",
    },
}


def meaning(path: str) -> str:
    """What a field means, from the schema."""
    section, _, name = path.partition(".")
    return RULE_TYPES[section].model_fields[name].description or ""


def texts() -> set[str]:
    """All of these texts, each of which has a translation."""
    words = {label for labels in WORD_LABELS.values() for label in labels.values()}
    return {*FIELD_LABELS.values(), *(meaning(path) for path in FIELD_LABELS), *words}
