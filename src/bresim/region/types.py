"""A region as the model sees it: arrays in one fixed order of municipalities, themes and arenas.

N municipalities, K themes, A arenas (index 0 is the whole region), C collaborations, S membership
solutions. All arrays are read-only; nothing in here changes during a run.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Scales at which a theme's attainable value lies (BRE 5.5, Tabel 6), in the order of ``scale_share``.
SCALES = ("supraregional", "regional", "subregional", "local")
#: Legal forms of a collaboration (BRE 5.1), in rising weight of the work they ask of a member.
LEGAL_FORMS = ("coordination", "network", "private_body", "wgr_body")


@dataclass(frozen=True)
class Theme:
    """A theme (Dutch: opgave): what it is, at which scale its value lies and which partners can add to it.

    All shares in [0, 1]. ``severity`` is per subregion name. ``scale_share`` follows ``SCALES`` and
    sums to 1. ``indirect_share`` is the share of its value that strategy and lobby yield; only
    execution yields the rest. ``money`` is its propensity for central money, ``contention`` how
    contested choices on it are, ``economic``/``societal``/``water_board`` how much of the work those
    partners can take on, ``border`` how far it is a cross-border theme. ``weight`` is its share of
    public value.
    """

    name: str
    label_nl: str
    label_en: str
    weight: float
    severity: dict[str, float]
    scale_share: tuple[float, float, float, float]
    indirect_share: float
    money: float
    contention: float
    economic: float
    societal: float
    water_board: float
    border: float
    source: str


@dataclass(frozen=True)
class Arena:
    """Where initiatives are taken: the region or a subregion (or any other set of municipalities).

    ``scale`` says which part of a theme's value it can realise; ``institution`` names the governance
    design it works under (the region's is replaced by the design under test at policy start).
    """

    name: str
    label_nl: str
    label_en: str
    scale: Literal["regional", "subregional"]
    members: Bools  # (N,)
    institution: str
    track_record: float  # memory of what was completed together before the run begins
    programme_money: float | None = None  # instead of that of the institution
    begins: str | None = None  # quarter (2024-Q1) in which it begins, None: there from the start
    ends: str | None = None  # first quarter in which it is no more
    open: bool = True  # false: there only if a scenario opens it


@dataclass(frozen=True)
class Collaboration:
    """A standing collaboration (Dutch: samenwerkingsverband). ``themes`` are the themes it serves.

    ``external`` means it reaches beyond the region. ``published`` says whether its members are
    published or reconstructed.
    """

    name: str
    scale: str
    domain: str
    legal_form: str
    mandatory: bool
    external: bool
    province: bool
    water_board: bool
    themes: tuple[str, ...]
    published: bool


@dataclass(frozen=True)
class PublishedFigure:
    """A figure that a source publishes, to set beside the model's: :mod:`bresim.region.statistics`."""

    statistic: str
    subject: str  # a municipality, a pair "A;B", a subregion, a group, a legal form, or empty
    value: float
    source: str
    note_nl: str
    note_en: str


@dataclass(frozen=True)
class Region:
    """Everything the model needs to know of a region."""

    name: str
    label_nl: str
    label_en: str
    names: tuple[str, ...]  # N municipalities
    subregions: tuple[str, ...]
    subregion_labels: tuple[str, ...]
    subregion: NDArray[np.int64]  # (N,) index in subregions
    population: Floats  # (N,) inhabitants
    centre: Bools  # (N,) centre municipality
    rural: Bools  # (N,) of the Middengebied
    border: Floats  # (N,) share of the municipal border that is a national border
    latitude: Floats  # (N,) degrees
    longitude: Floats  # (N,) degrees
    neighbours: Bools  # (N, N) symmetric
    orientation: Floats  # (N,) favourable to working at regional scale, [0, 1]
    support: Floats  # (N,) council support at the start, [0, 1]
    instability: Floats  # (N,) chance that an alderman leaves early, per quarter
    local_party_share: Floats  # (N,) share of council seats held by local parties, [0, 1]
    council_seats: Floats  # (N,)
    acceptance: Floats  # (N,) acceptance of provincial steering at the start, [0, 1]
    themes: tuple[Theme, ...]  # K
    arenas: tuple[Arena, ...]  # A, arenas[0] is the region
    groups: dict[str, Bools]  # named sets of municipalities, (N,) each (steering_group, regio_deal, …)
    collaborations: tuple[Collaboration, ...]  # C
    memberships: Bools  # (S, C, N) plausible membership matrices
    codes: tuple[str, ...] = ()  # N codes of the statistical office, or none
    published: tuple[PublishedFigure, ...] = ()  # what the model must match
    boundaries: str | None = None  # GeoJSON file with the municipal boundaries, checked when loaded

    def opened(self, names: Collection[str]) -> Region:
        """The region without the arenas that are closed by default, but for those of ``names``."""
        return replace(self, arenas=tuple(arena for arena in self.arenas if arena.open or arena.name in names))

    @property
    def size(self) -> int:
        """Number of municipalities."""
        return len(self.names)

    @property
    def severity(self) -> Floats:
        """Severity of each theme in each municipality, (K, N), in [0, 1]."""
        return np.array(
            [[theme.severity[self.subregions[s]] for s in self.subregion] for theme in self.themes],
            dtype=np.float64,
        )
