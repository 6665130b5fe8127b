"""What a region file may hold: one frozen, typo-proof class per kind of entry.

A region is data. Its YAML file names the subregions, themes, arenas and groups; municipalities,
collaborations and memberships stand in the file itself or in a table (CSV) beside it. Text from a
table is read as numbers, yes/no and lists (``A;B;C``) here, so that both ways give the same errors.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from bresim.common.errors import said
from bresim.common.validation_messages import LONGEST_NAME, NAME_PATTERN, QUARTER_PATTERN

#: Fewest and most municipalities of a region (sets of municipalities are 64-bit masks).
SMALLEST, LARGEST = 3, 60
#: Fewest inhabitants of a municipality.
FEWEST = 100


def _no_bool(value: Any) -> Any:
    """``true`` is not a number."""
    if isinstance(value, bool):
        raise ValueError(said("must be a number, not yes or no"))
    return value


def _inhabitants(value: float) -> float:
    """``90.000`` is how some write ninety thousand, and reads as ninety."""
    if value < FEWEST:
        raise ValueError(
            said("must be at least {fewest} inhabitants; write thousands without a sign between: 90000", fewest=FEWEST)
        )
    return value


def _as_list(value: Any) -> Any:
    """``A;B;C`` (a cell of a table) → ``["A", "B", "C"]``."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    return value


def _as_members(value: Any) -> Any:
    """Like :func:`_as_list`; one word (``all``, a subregion, a group) stays one word."""
    return _as_list(value) if isinstance(value, str) and ";" in value else value


def _one_subregion(value: Any) -> Any:
    """A municipality belongs to one subregion."""
    many = _as_members(value)
    if isinstance(many, list):
        raise ValueError(said("a municipality belongs to exactly one subregion, not to {count}", count=len(many)))
    return value


Number = Annotated[float, BeforeValidator(_no_bool), Field(allow_inf_nan=False)]
Share = Annotated[Number, Field(ge=0.0, le=1.0)]
#: Upper bound of counts and weights: larger than any real one, small enough to sum.
HUGE = 1e9
Positive = Annotated[Number, Field(gt=0.0, le=HUGE)]
NotNegative = Annotated[Number, Field(ge=0.0, le=HUGE)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
#: A name that becomes a column of results: lower case, digits and underscores.
Quarter = Annotated[str, StringConstraints(pattern=QUARTER_PATTERN)]
Key = Annotated[str, StringConstraints(max_length=LONGEST_NAME, pattern=NAME_PATTERN)]
Names = Annotated[list[Name], BeforeValidator(_as_list)]
#: ``all``, a subregion, a group, a municipality, or a list of municipalities.
Members = Annotated[Name | list[Name], BeforeValidator(_as_members)]


class Entry(BaseModel):
    """Base: an unknown key is an error, nothing changes after it was checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MunicipalityEntry(Entry):
    """One municipality. Units and meaning: :class:`bresim.region.types.Region`."""

    name: Name
    code: Name | None = None  # of the statistical office, to find it in a file of boundaries
    subregion: Annotated[Key, BeforeValidator(_one_subregion)]
    population: Annotated[Number, AfterValidator(_inhabitants), Field(le=HUGE)]
    centre: bool = False
    rural: bool = False
    latitude: Annotated[Number, Field(ge=-90.0, le=90.0)]
    longitude: Annotated[Number, Field(ge=-180.0, le=180.0)]
    border: Share = 0.0
    council_seats: Positive
    local_party_share: Share
    instability: Share
    support: Share
    orientation: Share
    acceptance: Share
    neighbours: Names


class ScaleWeights(Entry):
    """How much of a theme's attainable value lies at each scale: relative weights, made to sum to 1."""

    supraregional: NotNegative = 0.0
    regional: NotNegative = 0.0
    subregional: NotNegative = 0.0
    local: NotNegative = 0.0


class ThemeEntry(Entry):
    """One theme. ``severity`` is one number or one for every subregion; ``source`` says where numbers come from."""

    label_nl: Name
    label_en: Name
    weight: Positive = 1.0
    severity: Share | dict[str, Share]
    scale: ScaleWeights
    indirect_share: Share
    money: Share
    contention: Share
    economic: Share
    societal: Share
    water_board: Share
    border: Share
    source: Name


class ArenaEntry(Entry):
    """One arena. ``region`` must be one of them, with all municipalities."""

    label_nl: Name
    label_en: Name
    scale: Literal["regional", "subregional"]
    members: Members
    institution: Key
    track_record: Share = 0.3
    programme_money: Share | None = None  # None: that of the institution
    begins: Quarter | None = None  # None: there from the start
    ends: Quarter | None = None  # first quarter in which it is no more
    open: bool = True  # false: there only if a scenario opens it, or the user


class CollaborationEntry(Entry):
    """One standing collaboration; the ``..._source`` columns say what is published, judged or reconstructed."""

    name: Name
    scale: Literal["supraregional", "regional", "subregional"]
    domain: Name
    legal_form: Literal["coordination", "network", "private_body", "wgr_body"]
    mandatory: bool = False
    external: bool = False
    province: bool = False
    water_board: bool = False
    themes: Names = Field(default_factory=list)
    members: Members | None = None  # None: reconstructed, see the table of memberships
    members_source: str = ""
    legal_form_source: str = ""
    province_source: str = ""
    water_board_source: str = ""
    mandatory_source: str = ""


class PublishedEntry(Entry):
    """A published figure to set beside the model's: one of :data:`bresim.region.statistics.STATISTICS`.

    ``subject`` is what it is about: a municipality, a pair ``A;B``, a subregion, a group or a legal form.
    """

    statistic: Key
    subject: str = ""
    value: Number
    source: Name
    note_nl: str = ""
    note_en: str = ""


class Synthetic(Entry):
    """An invented region: how many municipalities in how many subregions, and the seed that picks one."""

    n: Annotated[int, Field(ge=SMALLEST, le=LARGEST)]
    subregions: Annotated[int, Field(ge=1, le=LARGEST)] = 3
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0

    @model_validator(mode="after")
    def _not_empty(self) -> Synthetic:
        if self.subregions > self.n:
            raise ValueError(
                said(
                    "{subregions} subregions need as many municipalities, not {n}", subregions=self.subregions, n=self.n
                )
            )
        return self


class RegionFile(Entry):
    """The top level of a region file. Lists and tables are checked entry by entry, not here."""

    name: Key
    label_nl: Name
    label_en: Name
    folder: Name | None = None  # where the tables are; default: beside the file, then the shipped ones
    boundaries: Name | None = None  # GeoJSON file with the municipal boundaries, for maps
    subregions: dict[Key, Name]
    municipalities: str | list[Any]
    themes: dict[Key, Any]
    arenas: dict[Key, Any]
    groups: dict[Key, Members] = Field(default_factory=dict)
    collaborations: str | list[Any] = Field(default_factory=list)
    memberships: str | None = None
    published: str | None = None
