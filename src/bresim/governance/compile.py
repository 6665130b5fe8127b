"""From a design (words and shares) to the numbers and masks that the compiled rules read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bresim.common.errors import InputError, Problem, inside, nearest, said
from bresim.governance.codings import Readings, is_whole, value_of
from bresim.governance.schema import ALL_BUT, RULE_TYPES, Design, Measure
from bresim.region.types import Region

#: Where partners sit → (share of their effort that comes in, seats they take at the table). Judgement, ordered after
#: RD 1: partners at the table feel more ownership but add transaction cost; in execution they only contribute work.
PARTNER_SEATS: Mapping[str, tuple[float, float]] = {
    "outside": (0.2, 0.0),
    "consulted": (0.6, 0.25),
    "execution": (0.8, 0.0),
    "table": (0.85, 1.0),
    "front_bench": (1.0, 2.0),
}

#: Fields that become masks over municipalities or themes, or names, not numbers.
_NOT_NUMBERS = {
    "beside", "board", "eligible", "partners", "pooled_by", "services_by", "themes", "successor", "successor_if",
}  # fmt: skip

#: (rule type, field) of every number a rule can read, in record order.
NUMBERS: tuple[tuple[str, str], ...] = tuple(
    (section, field)
    for section, model in RULE_TYPES.items()
    for field in model.model_fields
    if field not in _NOT_NUMBERS
)
#: Field path (payoff.binding) → its place in record order.
PLACES: Mapping[str, int] = {f"{section}.{field}": at for at, (section, field) in enumerate(NUMBERS)}
_DERIVED = (
    "partner_weight", "partner_seats", "pooled_by_board", "services_by_board", "services_by_province",
    "successor_if_agreed", "successor_if_not_agreed",
)  # fmt: skip
FIELDS: tuple[str, ...] = (*(field for _, field in NUMBERS), *_DERIVED)
DTYPE = np.dtype([(field, np.float64) for field in FIELDS])


def _ramps(section: str, field: str) -> bool:
    extra = RULE_TYPES[section].model_fields[field].json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("ramps"))


#: 1.0 for fields that grow over the set-up time, 0.0 for rules that hold at once; (F,)
RAMPS: NDArray[np.float64] = np.array([*(float(_ramps(*number)) for number in NUMBERS), *(0.0 for _ in _DERIVED)])


@dataclass(frozen=True)
class Institution:
    """A design as numbers: ``values`` (F,) as in ``FIELDS``; masks over municipalities (N,) and themes (K,)."""

    name: str
    values: NDArray[np.float64]
    eligible: NDArray[np.bool_]
    board: NDArray[np.bool_]  # municipalities with a fixed seat
    rotation: NDArray[np.bool_]  # municipalities that take the rotating seats in turn
    themes: NDArray[np.bool_]
    beside: bool  # holds in an arena of its own, beside the region's institution

    @property
    def supplied_by_board(self) -> str:
        """What only the board supplies: 'bureau', 'services', or nothing."""
        if self.values[FIELDS.index("pooled_by_board")]:
            return "bureau"
        return "services" if self.values[FIELDS.index("services_by_board")] else ""


Measures = Sequence[tuple[Measure, float]]


def with_measures(design: Design, measures: Measures) -> Design:
    """Return the design with measures on it, each at a strength in [0, 1], in the order given.

    A value that was moved has no range any more: what its coding says is of the value before.
    """
    sections = {name: getattr(design, name).model_dump() for name in RULE_TYPES}
    for measure, strength in measures:
        for path, target in measure.targets.items():
            section, _, field = path.partition(".")
            value = _moved(np.array(float(sections[section][field])), np.array(target), strength, measure, path)
            sections[section][field] = int(value) if is_whole(path) else float(value)
    return design.model_copy(update={name: RULE_TYPES[name](**values) for name, values in sections.items()})


def _moved(old: np.ndarray, target: np.ndarray, strength: float, measure: Measure, path: str) -> np.ndarray:
    """Values of one field with a measure on it; one that is further already stays as it is."""
    further = old <= target if path in measure.lowers else old >= target
    value = np.where(further, old, old + strength * (target - old))
    return np.rint(value) if is_whole(path) else value  # whole numbers stay whole: half a table does not exist


def read_values(
    institution: Institution, design: Design, measures: Measures, readings: Readings
) -> NDArray[np.float64]:
    """The numbers (C, F) of a design with measures on it under C readings; ``institution`` is that at the point.

    A reading asks for no more members than are eligible: a range is of the source, and holds in small regions too.
    """
    values = np.tile(institution.values, (len(readings.numbers), 1))
    if readings.at_point.all():
        return values
    for path, at in PLACES.items():
        values[:, at] = readings.of(design, path, float(value_of(design, path)))
    fewest = values[:, PLACES["boundary.min_members"]]
    np.minimum(fewest, institution.eligible.sum(), out=fewest)
    for measure, strength in measures:
        for path, target in measure.targets.items():
            goal = readings.of(measure, path, target)
            values[:, PLACES[path]] = _moved(values[:, PLACES[path]], goal, strength, measure, path)
    return values


#: What the province does it does in the region's own arena: not under a design that stands beside it.
_PROVINCIAL = (("payoff", "steering"), ("payoff", "mandate"), ("payoff", "cofunding"), ("aggregation", "imposition"))


def _beside(design: Design, where: str) -> list[Problem]:
    """What a design beside the region's own institution may not have."""
    if not design.boundary.beside:
        return []
    fields = [f"{section}.{field}" for section, field in _PROVINCIAL if getattr(getattr(design, section), field)]
    fields += ["choice.services_by"] if design.choice.services_by == "province" else []
    what = said(
        "the province has a role in the region's own arena only, and this design stands beside it (boundary.beside)"
    )
    return [
        Problem(inside(where, f"{field}"), what, said("leave it out, or set boundary.beside: false"))
        for field in fields
    ]


def _named(names: Sequence[str], region: Region, place: str) -> tuple[NDArray[np.bool_], list[Problem]]:
    """The municipalities (N,) of a list of names, which may begin with ``all but``, and what is wrong with it."""
    others = names[0] == ALL_BUT
    wanted = names[1:] if others else names
    problems = []
    for name in wanted:
        if name not in region.names:
            group = said("that is a group: write the names of its municipalities")
            remedy = group if name in region.groups else nearest(name, [ALL_BUT, *region.names])
            what = said("the region '{region}' has no municipality '{name}'", region=region.name, name=name)
            problems.append(Problem(place, what, remedy))
    marked = np.isin(region.names, wanted)
    chosen = ~marked if others else marked
    if not chosen.any() and not problems:
        problems.append(Problem(place, said("'{all_but}' leaves nobody", all_but=ALL_BUT), said("leave out fewer")))
    return chosen, problems


def _eligible(design: Design, region: Region, where: str) -> tuple[NDArray[np.bool_], list[Problem]]:
    """The municipalities (N,) that are eligible, and what the region does not have; then all are."""
    place, given = inside(where, "boundary.eligible"), design.boundary.eligible
    everyone = np.ones(region.size, dtype=np.bool_)
    if given == "all":
        return everyone, []
    if not isinstance(given, str):
        chosen, problems = _named(given, region, place)
        return everyone if problems else chosen, problems
    if given in region.groups:
        return region.groups[given], []
    remedy = (
        said("write a list: [{name}]", name=given) if given in region.names else nearest(given, ["all", *region.groups])
    )
    what = said("the region '{region}' has no group '{name}'", region=region.name, name=given)
    return everyone, [Problem(place, what, remedy)]


def _board(design: Design, region: Region, where: str) -> tuple[NDArray[np.bool_], list[Problem]]:
    """The municipalities (N,) that the design puts on its board, eligible or not, and what the region does not have."""
    place, given = inside(where, "position.board"), design.position.board
    nobody = np.zeros(region.size, dtype=np.bool_)
    if given == "none":
        return nobody, []
    if not isinstance(given, str):
        return _named(given, region, place)
    group = region.centre if given == "centres" else region.groups.get("steering_group")
    if group is not None:
        return group, []
    remedy = said(
        "add it to groups in the region's file, or set position.board to centres, none or a list of municipalities"
    )
    return nobody, [
        Problem(
            place,
            said("the region '{region}' has no group '{name}'", region=region.name, name="steering_group"),
            remedy,
        )
    ]


def _themes(design: Design, names: Sequence[str], where: str) -> tuple[NDArray[np.bool_], list[Problem]]:
    """(K,) the themes of the region that are in its scope, and what is wrong with how they are named."""
    wanted = names if design.scope.themes == "all" else design.scope.themes
    problems = [
        Problem(inside(where, "scope.themes"), said("unknown theme '{name}'", name=theme), nearest(theme, names))
        for theme in wanted
        if theme not in names
    ]
    return np.array([name in wanted for name in names], dtype=np.bool_), problems


def _without_a_board(design: Design, where: str) -> list[Problem]:
    """What a design leaves to a board on which no municipality has a seat."""
    problems = []
    for field, what, other in (
        ("pooled_by", said("the board supplies the bureau, but no municipality has a seat on it"), "all"),
        ("services_by", said("the board supplies the services, but no municipality has a seat on it"), "members"),
    ):
        if getattr(design.choice, field) == "board":
            problems.append(
                Problem(
                    inside(where, f"choice.{field}"),
                    what,
                    said("set position.board, or choice.{field}: {other}", field=field, other=other),
                )
            )
    for field in ("board_partners", "board_province"):
        if getattr(design.position, field) > 0:
            problems.append(
                Problem(
                    inside(where, f"position.{field}"),
                    said("on a board on which no municipality has a seat others count for nothing"),
                    said("set position.board, or position.{field}: 0", field=field),
                )
            )
    return problems


def compile_design(design: Design, region: Region, where: str | None = None) -> Institution:
    """Turn a design into numbers for one region; raise InputError for what the region does not have.

    ``where`` is the file of the design, if it is the user's own.
    """
    where = where or said("design '{name}'", name=design.name)
    eligible, problems = _eligible(design, region, where)
    board, wrong = _board(design, region, where)
    board = board & eligible
    problems += wrong
    themes, unknown = _themes(design, [theme.name for theme in region.themes], where)
    problems += unknown
    if not board.any() and not wrong:
        problems += _without_a_board(design, where)
    if design.boundary.min_members > int(eligible.sum()):
        problems.append(
            Problem(
                inside(where, "boundary.min_members"),
                said(
                    "{needed} members are needed, {eligible} municipalities are eligible",
                    needed=design.boundary.min_members,
                    eligible=int(eligible.sum()),
                ),
                said("lower boundary.min_members or widen boundary.eligible"),
            )
        )
    problems += _beside(design, where)
    if problems:
        raise InputError(problems)
    services_by = [float(design.choice.services_by == supplier) for supplier in ("board", "province")]
    successor_if = [float(design.scope.successor_if == condition) for condition in ("agreed", "not_agreed")]
    weight, seats = PARTNER_SEATS[design.position.partners]
    numbers = [float(getattr(getattr(design, section), field)) for section, field in NUMBERS]
    return Institution(
        name=design.name,
        values=np.array(
            [*numbers, weight, seats, float(design.choice.pooled_by == "board"), *services_by, *successor_if]
        ),
        eligible=np.array(eligible),
        board=np.array(board),
        rotation=eligible & ~board,
        themes=themes,
        beside=design.boundary.beside,
    )
