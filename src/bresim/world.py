"""From configuration (region, scenario, designs) to the arrays of ``state.World``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bresim import parameters
from bresim.common.calendar import quarter_number
from bresim.common.errors import InputError, Problem, Said, inside, said
from bresim.config.schema import Variant
from bresim.governance import Design, Readings, compile_design, load_design, read_values, with_measures
from bresim.governance.codings import POINT
from bresim.governance.compile import DTYPE as INSTITUTION_DTYPE
from bresim.governance.compile import RAMPS, Institution, Measures
from bresim.kernel.state import ARENAS, FALLBACK, REGIONAL, SUBREGIONAL, World
from bresim.region.types import Arena, Region
from bresim.scenario import Scenario

#: Starting bad memory between two municipalities, share of ``grievance_start`` (judgement, after BRE 2.3: "we against
#: them" of centres and Middengebied, merger debates, competition between subregions): the same subregion, another
#: subregion, across the divide or between rival centres.
HISTORY_SAME, HISTORY_OTHER, HISTORY_DIVIDED = 0.25, 0.5, 1.0


#: Scale of an arena -> its number in the arrays.
SCALES = {"regional": REGIONAL, "subregional": SUBREGIONAL}


#: How often the exponent of coverage counts, by ``variant.coverage``.
COVERAGE_POWER = {"ignored": 0, "as_drawn": 1, "doubled": 2}

#: Name of the arena in which a design stands beside the region's own institution.
BESIDE = "beside"


@dataclass(frozen=True)
class Setting:
    """One design with all that a run under it needs: its successor, what held before, and the measures taken.

    Measures move the design, its successor and what it falls back to, not what held before policy start.
    """

    before: Design
    design: Design
    successor: Design | None
    measures: Measures = ()

    @property
    def slots(self) -> tuple[tuple[Design, Measures], ...]:
        """The design of each institution slot, in order, with the measures on it."""
        after = self.successor or self.before
        return (
            (self.before, ()),
            (self.before, self.measures),
            (self.design, self.measures),
            (after, self.measures),
        )


@dataclass(frozen=True)
class Rows:
    """The rows D of a world's table of designs: which setting, and which of C readings of its codings."""

    setting: NDArray[np.int64]  # (D,)
    reading: NDArray[np.int64]  # (D,)
    readings: Readings


def one_row_each(settings: Sequence[Setting]) -> Rows:
    """A row for each setting, every value as the files have it."""
    nothing = np.zeros(len(settings), dtype=np.int64)
    return Rows(np.arange(len(settings)), nothing, Readings(nothing[:1], np.full(1, POINT)))


def arena_names(region: Region) -> list[str]:
    """Names of the arenas of a run: those of the region, and last the one of a design that stands beside them."""
    return [*(arena.name for arena in region.arenas), BESIDE]


def attainable(region: Region) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights of attainable direct (K, 3, N) and indirect (K, 2, N) value; each sums to 1, or 0 if none is there.

    A theme's weight is spread over inhabitants by severity and over scales by Tabel 6. What the table
    calls supraregional counts as regional: the region is the level at which the municipalities can act on it.
    """
    severity = region.severity
    share = region.population / region.population.sum()
    direct = np.zeros((len(region.themes), 3, region.size))
    indirect = np.zeros((len(region.themes), 2, region.size))
    for k, theme in enumerate(region.themes):
        supra, regional, subregional, local = theme.scale_share
        need = theme.weight * severity[k] * share
        for scale, part in enumerate((supra + regional, subregional, local)):
            direct[k, scale] = need * part * (1.0 - theme.indirect_share)
        for scale, part in enumerate((supra + regional, subregional)):
            indirect[k, scale] = need * part * theme.indirect_share
    return direct / (direct.sum() or 1.0), indirect / (indirect.sum() or 1.0)


def collaboration_arrays(region: Region) -> dict[str, NDArray[np.float64]]:
    """What the model takes from the memberships: counts by kind, contact between pairs, mandatory work by theme."""
    members = region.memberships.astype(np.float64)  # (S, C, N)
    body = np.array([c.legal_form in {"private_body", "wgr_body"} for c in region.collaborations], dtype=np.bool_)
    mandatory = np.array([c.mandatory for c in region.collaborations], dtype=np.bool_)
    arrays = {
        "light_voluntary": members[:, ~body & ~mandatory].sum(axis=1),
        "body_voluntary": members[:, body & ~mandatory].sum(axis=1),
        "light_mandatory": members[:, ~body & mandatory].sum(axis=1),
        "body_mandatory": members[:, body & mandatory].sum(axis=1),
    }
    pairs = np.einsum("sci,scj->sij", members, members)
    pairs[:, np.arange(region.size), np.arange(region.size)] = 0.0
    largest = pairs.max(axis=(1, 2), keepdims=True)
    arrays["contact"] = pairs / np.where(largest > 0, largest, 1.0)
    served = np.array(
        [[theme.name in c.themes and c.mandatory for c in region.collaborations] for theme in region.themes],
        dtype=np.float64,
    )
    work = np.einsum("kc,sci->ski", served.reshape(len(region.themes), -1), members)
    top = work.max(axis=(1, 2), keepdims=True)
    arrays["mandatory"] = work / np.where(top > 0, top, 1.0)
    return arrays


def numbered(*contents: np.ndarray) -> NDArray[np.int64]:
    """(D, I) numbers, the same for institutions of which all ``contents`` (D, I, ...) are the same bits."""
    designs, slots = contents[0].shape[:2]
    parts = [np.ascontiguousarray(part).reshape(designs, slots, -1).view(np.uint8) for part in contents]
    bits = np.concatenate(parts, axis=2)
    seen: dict[bytes, int] = {}
    numbers = np.zeros((designs, slots), np.int64)
    for place in np.ndindex(designs, slots):
        numbers[place] = seen.setdefault(bits[place].tobytes(), len(seen))
    return numbers


def _design_of(arena: Arena) -> Design:
    """The rules of an arena of the region, with its own programme money if it has any."""
    design = load_design(arena.institution)
    if arena.programme_money is not None:
        payoff = design.payoff.model_copy(update={"programme_money": arena.programme_money})
        design = design.model_copy(update={"payoff": payoff})
    return design


def _no_seat(institution: str, supplied: str) -> Said:
    """The board of an institution supplies something to an arena of which no member sits on it."""
    if supplied == "bureau":
        return said(
            "the board of '{institution}' supplies the bureau, but no member of this arena has a seat on it",
            institution=institution,
        )
    return said(
        "the board of '{institution}' supplies the services, but no member of this arena has a seat on it",
        institution=institution,
    )


def institutions(settings: Sequence[Setting], region: Region, rows: Rows) -> dict[str, np.ndarray]:
    """Rules and masks of every institution of every row: (D, I, ...)."""
    local: list[tuple[Design, Measures]] = [(_design_of(arena), ()) for arena in region.arenas[1:]]
    made: dict[tuple[int, int], tuple[Institution, NDArray[np.float64]]] = {}

    def of(design: Design, measures: Measures) -> tuple[Institution, NDArray[np.float64]]:
        """The institution of a design, and its numbers (C, F) under every reading; each is made once."""
        key = id(design), id(measures)
        if key not in made:
            institution = compile_design(with_measures(design, measures), region)
            made[key] = institution, read_values(institution, design, measures, rows.readings)
        return made[key]

    # kept, as their identity is the key; the last arena has no institution but the design's
    slots = [[*setting.slots, *local, setting.slots[FALLBACK]] for setting in settings]
    read = [[of(*slot) for slot in row] for row in slots]
    table = [[institution for institution, _ in row] for row in read]
    problems = [
        Problem(
            inside(said("region '{name}'", name=region.name), f"arenas.{arena.name}.institution"),
            said(
                "'{institution}' is open to none of the members of this arena (its boundary.eligible)",
                institution=arena.institution,
            ),
            said("take another institution, or other members"),
        )
        for arena, institution in zip(region.arenas[1:], table[0][ARENAS:-1], strict=True)
        if not (institution.eligible & arena.members).any()
    ]
    problems += [
        Problem(
            inside(said("region '{name}'", name=region.name), f"arenas.{arena.name}.institution"),
            _no_seat(arena.institution, institution.supplied_by_board),
            said("take another institution, or other members"),
        )
        for arena, institution in zip(region.arenas[1:], table[0][ARENAS:-1], strict=True)
        if institution.supplied_by_board and not (institution.board & arena.members).any()
    ]
    if problems:
        raise InputError(problems)
    numbers = np.array([[values for _, values in row] for row in read])  # (settings, I, C, F)
    values = np.ascontiguousarray(numbers[rows.setting, :, rows.reading])

    def masks(name: str) -> np.ndarray:
        found = np.array([[getattr(institution, name) for institution in row] for row in table], dtype=np.bool_)
        return found[rows.setting]

    eligible, themes, board, rotation = masks("eligible"), masks("themes"), masks("board"), masks("rotation")
    for a, arena in enumerate(region.arenas[1:]):
        board[:, ARENAS + a] &= arena.members
        rotation[:, ARENAS + a] &= arena.members
    return {
        "institution": values.view(INSTITUTION_DTYPE).reshape(values.shape[:2]).view(np.recarray),
        "institution_values": values,
        "eligible": eligible,
        "board": board,
        "rotation": rotation,
        "in_scope": themes,
        "has_successor": np.array([setting.successor is not None for setting in settings])[rows.setting],
        "beside": masks("beside"),
        "content": numbered(values, eligible, themes, board, rotation, masks("beside")),
        "ramps": RAMPS > 0.5,
    }


def _overlaps(region: Region) -> NDArray[np.bool_]:
    """(A, A) whether two arenas are others at the same scale that share municipalities."""
    arenas = [*region.arenas, region.arenas[0]]
    member = np.array([arena.members for arena in arenas])
    scale = np.array([SCALES[arena.scale] for arena in arenas])
    shared = (member[:, None] & member[None, :]).any(axis=2) & (scale[:, None] == scale[None, :])
    return np.asarray(shared & ~np.eye(len(arenas), dtype=np.bool_))


def _window_shared(region: Region, funding: str) -> NDArray[np.float64]:
    """(A, A) how far what arena b takes of a window is not there for arena a: in full if they overlap.

    With ``across_scales`` also at another scale: as far as the inhabitants of a live in b.
    """
    overlaps = _overlaps(region)
    if funding == "per_scale":
        return overlaps.astype(np.float64)
    arenas = [*region.arenas, region.arenas[0]]
    people = np.array([arena.members for arena in arenas]) * region.population  # (A, N)
    member = people > 0.0
    common = np.array([[people[a][member[b]].sum() for b in range(len(arenas))] for a in range(len(arenas))])
    scale = np.array([SCALES[arena.scale] for arena in arenas])
    other_scale = np.where(scale[:, None] == scale[None, :], 0.0, common / people.sum(axis=1)[:, None])
    return np.asarray(np.where(overlaps, 1.0, other_scale))


def _within_subregion(arena: Arena, region: Region) -> bool:
    """Whether all members of an arena are in one subregion; the region as a whole is not."""
    return arena.scale == "subregional" and len(set(region.subregion[arena.members])) == 1


def rounds_of_deciding(order: str, population: NDArray[np.float64]) -> NDArray[np.int64]:
    """(N,) round in which each municipality decides: 0 for all, or one each, by inhabitants if the largest do first."""
    by_size = np.argsort(np.argsort(-population, kind="stable"))
    return by_size if order == "largest_first" else np.zeros_like(by_size)


def build_world(
    region: Region,
    scenario: Scenario,
    settings: Sequence[Setting],
    parameter_values: NDArray[np.float64],
    policy_start: int,
    variant: Variant,
    rows: Rows | None = None,
) -> World:
    """Lay everything that does not change during a run out in arrays.

    ``parameter_values`` is (P, number of parameters), columns in the order of ``parameters.PARAMETERS``.
    ``variant`` are the structural variants; ``rows`` those of the table of designs, without it one for each setting.
    """
    across = (region.centre[:, None] & region.rural[None, :]) | (region.rural[:, None] & region.centre[None, :])
    rivals = region.centre[:, None] & region.centre[None, :] & ~np.eye(region.size, dtype=np.bool_)
    same = region.subregion[:, None] == region.subregion[None, :]
    together = np.zeros((region.size, region.size))
    for arena in region.arenas[1:]:
        if arena.begins and quarter_number(arena.begins) > scenario.start:
            continue  # it has no past yet
        pair = arena.members[:, None] & arena.members[None, :]
        together = np.maximum(together, np.where(pair, arena.track_record, 0.0))
    history = np.where(across | rivals, HISTORY_DIVIDED, np.where(same, HISTORY_SAME, HISTORY_OTHER))
    direct, indirect = attainable(region)
    themes = region.themes

    def of_themes(name: str) -> NDArray[np.float64]:
        return np.array([float(getattr(theme, name)) for theme in themes])

    def quarters(name: str, whole_run: int) -> NDArray[np.int64]:
        """(A,) when the arenas begin or end, counted from the start of the run."""
        dates = [getattr(arena, name) for arena in region.arenas]
        return np.array([*(quarter_number(date) - scenario.start if date else whole_run for date in dates), whole_run])

    round_of = rounds_of_deciding(variant.order, region.population)
    return World(
        population=region.population / region.population.sum(),
        size=region.population / 10_000.0,
        centre=np.array(region.centre),
        urban=~region.rural,
        orientation=np.array(region.orientation),
        support=np.array(region.support),
        instability=np.array(region.instability),
        local_party=np.array(region.local_party_share),
        acceptance=np.array(region.acceptance),
        border=np.array(region.border),
        severity=region.severity,
        contention=of_themes("contention"),
        money=of_themes("money"),
        economic=of_themes("economic"),
        societal=of_themes("societal"),
        water_board=of_themes("water_board"),
        border_theme=of_themes("border"),
        attainable_direct=direct,
        attainable_indirect=indirect,
        member=np.array([*(arena.members for arena in region.arenas), region.arenas[0].members]),
        arena_scale=np.array([*(SCALES[arena.scale] for arena in region.arenas), REGIONAL]),
        overlaps=_overlaps(region),
        within_subregion=np.array(
            [*(_within_subregion(arena, region) for arena in region.arenas), False], dtype=np.bool_
        ),
        arena_record=np.array([*(arena.track_record for arena in region.arenas), region.arenas[0].track_record]),
        arena_from=quarters("begins", 0),
        arena_until=quarters("ends", len(scenario.election)),
        arena_beside=len(region.arenas),
        same_subregion=same.astype(np.float64),
        divided=across.astype(np.float64),
        rivals=rivals.astype(np.float64),
        history=history,
        pair_record=together,
        **collaboration_arrays(region),
        shock=scenario.shock,
        window=scenario.window,
        election=scenario.election,
        provincial_election=scenario.provincial_election,
        province_stance=scenario.province_stance,
        shock_factor=scenario.shock_factor,
        window_factor=scenario.window_factor,
        turnover_factor=scenario.turnover_factor,
        capacity_factor=scenario.capacity_factor,
        population_factor=scenario.population_factor,
        severity_factor=scenario.severity_factor,
        policy_start=policy_start,
        conjunctive=int(variant.joining == "conjunctive"),
        retold=int(variant.retelling == "with"),
        rounds=int(round_of.max()) + 1,
        round_of=round_of,
        coverage_power=COVERAGE_POWER[variant.coverage],
        window_shared=_window_shared(region, variant.funding),
        weakest_link=int(variant.delivery == "weakest_link"),
        **institutions(settings, region, rows or one_row_each(settings)),
        parameters=parameters.records(parameter_values),
    )
