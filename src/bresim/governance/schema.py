"""A governance design over Ostrom's seven rule types (*Understanding Institutional Diversity*, 2005).

A design is data: one YAML file with a section per rule type. Every field has a meaning, bounds and a
default (no rule at all), so a file holds only the fields that the design sets. Shares are in [0, 1].
A value can say what it rests on and how far another reader of the source could put it (``codings``).
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

from bresim.common.errors import said
from bresim.common.validation_messages import LONGEST_NAME, NAME_PATTERN


def _pair(given: Any) -> Any:
    """A range in a file is a list, in a configuration read back a list too; anything else is left to the type."""
    return tuple(given) if isinstance(given, list) else given


def share(default: float, meaning: str, *, ramps: bool = False, high: float = 1.0) -> Any:
    """A field in [0, ``high``]; ``ramps`` says that it grows over the set-up time of the design."""
    return Field(default, ge=0.0, le=high, allow_inf_nan=False, description=meaning, json_schema_extra={"ramps": ramps})


#: First in a list of municipalities: all of the region, but those that follow.
ALL_BUT = "all but"
#: Names of municipalities: ``[Beek, Stein]``, or ``[all but, Vaals]``.
Municipalities = Annotated[tuple[str, ...], Field(min_length=1)]


def _each_once(names: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """A list of names in which none stands twice, or a word."""
    twice = [name for name, count in Counter(names).items() if count > 1] if isinstance(names, tuple) else []
    if twice:
        raise ValueError(said("name '{value}' once", value=twice[0]))
    return names


def _whom(names: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """A list of municipalities, or a word; ``all but`` stands first and leaves out at least one."""
    if isinstance(names, tuple) and ALL_BUT in names:
        if names[0] != ALL_BUT:
            raise ValueError(said("write '{all_but}' first: [{all_but}, NAME]", all_but=ALL_BUT))
        if len(names) == 1:
            raise ValueError(said("name whom to leave out: [{all_but}, NAME]", all_but=ALL_BUT))
    return _each_once(names)


class Rules(BaseModel):
    """Base of the rule types: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class Position(Rules):
    """Which municipalities convene, lead and hold seats."""

    board: Annotated[Literal["none", "steering_group", "centres"] | Municipalities, AfterValidator(_whom)] = Field(
        "none",
        description="which municipalities decide: everyone (none), the region's steering group, the centres, "
        "or a list of names",
    )
    rotating_seats: int = Field(0, ge=0, le=8, description="seats on the board that rotate every year over the others")
    board_partners: int = Field(
        0, ge=0, le=8, description="seats on the board for partners, beside the municipalities'"
    )
    board_province: int = Field(
        0, ge=0, le=8, description="seats on the board for the province, beside the municipalities'; it has one voice"
    )
    coordination: float = share(0.0, "how far the convener takes transaction costs away", ramps=True)
    facilitation: float = share(0.0, "independent process guidance of negotiations", ramps=True)
    lead_share: float = share(
        0.0, "share of what they would promise that the others leave to the centre municipality that leads the theme"
    )
    sounding_board: float = share(0.0, "how far all municipalities are consulted before the board decides", ramps=True)
    equal_say: float = share(
        0.6,
        "how equal the say of the municipalities is; "
        "where it is unequal, those that are not heard found, join and keep promises less, and the divide grows",
    )
    partners: Literal["outside", "execution", "consulted", "table", "front_bench"] = Field(
        "outside", description="where economic and societal partners sit (RD 1)"
    )
    council_group: float = share(0.0, "a working group of councillors follows the work", ramps=True)


class Boundary(Rules):
    """Which municipalities are eligible for an initiative, and what leaving costs."""

    eligible: Annotated[str | Municipalities, AfterValidator(_whom)] = Field(
        "all",
        description="'all', the name of a group of municipalities in the region's file, or a list of names; "
        "[all but, NAME] leaves them out",
    )
    beside: bool = Field(
        False, description="holds in an arena of its own, beside the region's institution, instead of in its place"
    )
    min_members: int = Field(2, ge=1, le=60, description="least number of members of an initiative")
    min_capacity: float = share(0.0, "least share of the arena's capacity that the members must have")
    late_joining: float = share(
        0.0, "how open an initiative in execution is to new members (BRE 2.1: RD4 began with four)"
    )
    exit_cost: float = share(0.0, "what leaving an agreement costs")


class Choice(Rules):
    """What members may do."""

    revocable: float = share(1.0, "how freely a commitment may be withdrawn before agreement")
    opt_out: float = share(0.0, "freedom in how to do it, once it is agreed what to do")
    alliance_autonomy: float = share(0.0, "autonomy of the alliances that execute", ramps=True)
    escalation: float = share(0.0, "an alliance in trouble escalates to bureau and board, which help", ramps=True)
    pooled_capacity: float = share(
        0.0, "share of its capacity that a member gives to a shared bureau", ramps=True, high=0.5
    )
    bureau_executes: float = share(
        1.0,
        "how far the shared bureau executes with the staff that its services leave (BRE 5.6: or is execution up to the "
        "municipalities); 0: it coordinates, and asks no more staff than its services need",
    )
    pooled_by: Literal["all", "board"] = Field(
        "all",
        description="municipalities that supply the shared bureau: all that take part, or only the board (RD 3)",
    )
    services_by: Literal["members", "board", "province"] = Field(
        "members",
        description="what supplies the services beyond a shared bureau: all that take part, the board, or the province",
    )
    open_tables: float = share(1.0, "share of eligible non-members that sit at every open table")


class Aggregation(Rules):
    """How separate choices become one decision."""

    quota: float = share(1.0, "share of the eligible that must commit (1 = consensus)")
    board_quota: float = share(0.0, "share of the board that must commit")
    binds_dissenters: float = share(0.0, "1 if municipalities that did not commit are bound as well")
    council_ratification: float = share(0.0, "second decision line: councils decide on their own means")
    imposition: float = share(
        0.0, "chance that the province, while it steers, imposes what is deadlocked, or sees to a promise broken twice"
    )
    adoption_quota: float = share(
        0.0, "share of the eligible needed to found the design, or what follows its term (0 = they do not vote on it)"
    )


class Information(Rules):
    """What is known, and to which actors."""

    monitoring: float = share(0.0, "deliveries are monitored and shown", ramps=True)
    celebration: float = share(0.0, "successes are celebrated as joint ones", ramps=True)
    council_information: float = share(0.0, "councils are informed and involved", ramps=True)
    lobby: float = share(0.1, "joint lobby and fund raising, with one voice", ramps=True)


class Payoff(Rules):
    """What acting and not acting costs and brings."""

    binding: float = share(0.0, "agreements are SMART and enforceable", ramps=True)
    sanction: float = share(0.0, "a member that does not deliver loses influence", ramps=True)
    cost_sharing: float = share(1.0, "1: members carry costs by capacity; 0: all the same amount")
    cofunding: float = share(0.0, "provincial money for execution, as far as the province backs it", ramps=True)
    steering: float = share(0.0, "strength of provincial steering (the shadow of hierarchy)")
    mandate: float = share(0.0, "share of a mandate for steering that the municipalities granted beforehand")
    programme_money: float = share(0.0, "central programme money (a Regio Deal) during the term")


class Scope(Rules):
    """Which themes, how many, for how long, and what comes first."""

    themes: Annotated[Literal["all"] | Annotated[tuple[str, ...], Field(min_length=1)], AfterValidator(_each_once)] = (
        Field("all", description="themes the design takes on")
    )
    max_open: int = Field(8, ge=1, le=30, description="most initiatives under way at once (focus)")
    follows_money: float = share(0.5, "agenda follows money (1) or need (0) (RD 1)")
    breadth: float = share(0.0, "how far themes are chosen on which agreement is broad", ramps=True)
    form_quarters: int = Field(2, ge=0, le=12, description="quarters spent on form before content (BRE 3)")
    setup_quarters: int = Field(0, ge=0, le=20, description="quarters from founding to full strength")
    term_quarters: int = Field(0, ge=0, le=200, description="quarters until the design ends (0 = no end)")
    successor: str | None = Field(None, description="design that continues after the term (none: back to what was)")
    successor_if: Literal["always", "agreed", "not_agreed"] = Field(
        "always",
        description="when there can be a successor: always, or only if the municipalities reached (agreed) or did not "
        "reach (not_agreed) enough agreements under the design",
    )
    successor_agreements: int = Field(
        1, ge=1, le=16, description="regional agreements that are enough for successor_if"
    )
    execution: float = share(1.0, "how far the design organises execution, not only strategy and lobby")
    thinning: float = share(0.0, "review of standing collaborations: end them unless needed", ramps=True)
    merging: float = share(0.0, "merging of regional structures", ramps=True)
    cross_border_focus: float = share(0.0, "joint focus on two or three cross-border themes", ramps=True)
    capacity_coordination: float = share(0.0, "municipal secretaries coordinate capacity", ramps=True)


#: What a value rests on: the passage says it in so many words, it follows from the passage, or nobody says it.
Kind = Literal["quoted", "inferred", "judgement"]


class Coding(Rules):
    """What the value of a field rests on, and between which values a reader of the source could put it."""

    evidence: Kind = Field(description="quoted: the passage says it; inferred: it follows from it; judgement: ours")
    source: str = Field("", description="the passage with its place, or for a judgement the reason")
    range: Annotated[tuple[float, float], BeforeValidator(_pair)] | None = Field(
        None, description="lowest and highest value that can be defended (none: the value is certain, or no number)"
    )
    origin: str = Field("", description="the design whose judgement this is, if it was taken over (`as`)")
    _value: Any = PrivateAttr(None)

    def is_about(self, value: Any) -> bool:
        """Whether this is said of ``value``: of another one, to which a copy was changed, it says nothing."""
        return self._value is None or bool(self._value == value)

    def bind(self, value: Any) -> None:
        """Say of which value this is said, unless that is known."""
        if self._value is None:
            self._value = value


class Design(Rules):
    """A governance design: names, description, source, the seven rule types, and what their values rest on."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=NAME_PATTERN)
    label_nl: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    description_nl: str = ""
    description_en: str = ""
    example_nl: str = Field("", description="what of it is about the region of the sources only")
    example_en: str = ""
    source: str = ""
    passage: str = Field("", description="what the source says, in its own words")
    compare: bool = Field(True, description="listed among the designs that are compared by default")
    position: Position = Position()
    boundary: Boundary = Boundary()
    choice: Choice = Choice()
    aggregation: Aggregation = Aggregation()
    information: Information = Information()
    payoff: Payoff = Payoff()
    scope: Scope = Scope()
    codings: dict[str, Coding] = Field({}, description="field path (payoff.binding) -> what its value rests on")

    @model_validator(mode="after")
    def _bind_codings(self) -> Design:
        for path, coding in self.codings.items():
            section, _, field = path.partition(".")
            coding.bind(getattr(getattr(self, section, None), field, None))
        return self


RULE_TYPES: dict[str, type[Rules]] = {
    "position": Position,
    "boundary": Boundary,
    "choice": Choice,
    "aggregation": Aggregation,
    "information": Information,
    "payoff": Payoff,
    "scope": Scope,
}


class Measure(Rules):
    """A measure moves fields of any design towards a target: new = old + strength x (target - old).

    It raises a field, or lowers those in ``lowers``; a design that is further already stays as it is.
    """

    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=NAME_PATTERN)
    label_nl: str
    label_en: str
    description_nl: str = ""
    description_en: str = ""
    source: str
    targets: dict[str, float] = Field(min_length=1, description="field path (payoff.binding) -> value at strength 1")
    lowers: tuple[str, ...] = Field((), description="targets that are lowered; the others are raised")
    codings: dict[str, Coding] = Field({}, description="field path -> what the value at strength 1 rests on")

    @model_validator(mode="after")
    def _bind_codings(self) -> Measure:
        for path, coding in self.codings.items():
            coding.bind(self.targets.get(path))
        return self
