"""What the model is given: facts, calendar, institutions and parameters, as plain Python values.

A Mesa user would read these from files of their own. Here they come from bresim's configuration, so that both models
are told the same; this is done once for all runs of a comparison and stands outside the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

from bresim.config.schema import Variant
from bresim.governance.compile import FIELDS, RAMPS
from bresim.kernel.state import ARENAS, BEFORE, DESIGN, FALLBACK, SUCCESSOR
from bresim.parameters import PARAMETERS
from bresim.plan import Plan

#: Fields of an institution that grow over its set-up time.
GROWING = [field for field, grows in zip(FIELDS, RAMPS.tolist(), strict=True) if grows]

_MUNICIPALITY = (
    "population", "size", "centre", "orientation", "support", "instability", "local_party", "acceptance",
    "border",
)  # fmt: skip
_THEME = ("contention", "money", "economic", "societal", "water_board", "border_theme")
_QUARTER = (
    "shock", "window", "election", "provincial_election", "province_stance", "shock_factor", "window_factor",
    "turnover_factor", "capacity_factor", "population_factor", "severity_factor",
)  # fmt: skip


class Institution:
    """The rules of an arena as attributes, and what takes part: indices of municipalities and of themes."""

    def __init__(self, fields, eligible, board, rotation, themes, beside):
        self.__dict__.update(fields)
        self.eligible = eligible
        self.board = board
        self.rotation = rotation
        self.themes = themes
        self.beside = beside


#: Rules of an arena in which no institution held yet: nothing, for nobody.
NOTHING = Institution(dict.fromkeys(FIELDS, 0.0), [], [], [], [], False)


@dataclass
class DesignData:
    """A design under test as it is read in a run: what holds before it, without it, after it, and in the arenas."""

    before: Institution
    fallback: Institution
    design: Institution
    successor: Institution | None
    arenas: list[Institution]  # of the arenas below the region


@dataclass
class RegionData:
    """The region and the calendar; the same for every run."""

    municipalities: list[SimpleNamespace]
    themes: list[SimpleNamespace]
    arenas: list[SimpleNamespace]  # the whole region first
    quarters: list[SimpleNamespace]
    policy_start: int
    designs: list[DesignData]
    parameters: list[SimpleNamespace]  # one a parameter set
    variant: Variant  # the structural variants of the model


def _records(world, names, count):
    columns = {name: getattr(world, name).tolist() for name in names}
    return [SimpleNamespace(**{name: column[at] for name, column in columns.items()}) for at in range(count)]


def _where(mask):
    return [at for at, marked in enumerate(mask.tolist()) if marked]


def read(plan: Plan) -> RegionData:
    """Everything of a plan that does not differ between its runs, in plain Python."""
    world = plan.world

    def institution(design, slot):
        fields = dict(zip(FIELDS, world.institution_values[design, slot].tolist(), strict=True))
        masks = (world.eligible, world.board, world.rotation, world.in_scope)
        return Institution(fields, *(_where(mask[design, slot]) for mask in masks), bool(world.beside[design, slot]))

    count, size = world.severity.shape
    municipalities = _records(world, _MUNICIPALITY, size)
    for i, (facts, name) in enumerate(zip(municipalities, plan.region.names, strict=True)):
        facts.name = name
        facts.rural = bool(plan.region.rural[i])
        facts.subregion = int(plan.region.subregion[i])
        facts.severity = world.severity[:, i].tolist()
        facts.same_subregion = world.same_subregion[i].tolist()
        facts.divided = world.divided[i].tolist()
        facts.rivals = world.rivals[i].tolist()
        facts.history = world.history[i].tolist()
        facts.pair_record = world.pair_record[i].tolist()
        facts.attainable_direct = world.attainable_direct[:, :, i].tolist()
        facts.attainable_indirect = world.attainable_indirect[:, :, i].tolist()
        # one entry a membership solution
        facts.contact = world.contact[:, i].tolist()
        facts.mandatory = world.mandatory[:, :, i].tolist()
        kinds = (world.light_voluntary, world.body_voluntary, world.light_mandatory, world.body_mandatory)
        facts.collaborations = list(zip(*(kind[:, i].tolist() for kind in kinds), strict=True))
    arenas = [
        SimpleNamespace(
            members=_where(world.member[a]),
            scale=int(world.arena_scale[a]),
            track_record=float(world.arena_record[a]),
            begins=int(world.arena_from[a]),
            ends=int(world.arena_until[a]),
            institution=None,
        )
        for a in range(len(world.member))
    ]
    themes = _records(world, _THEME, count)
    for facts, theme in zip(themes, plan.region.themes, strict=True):
        facts.name = theme.name
    return RegionData(
        municipalities=municipalities,
        themes=themes,
        arenas=arenas,
        quarters=_records(world, _QUARTER, len(world.election)),
        policy_start=int(world.policy_start),
        designs=[
            DesignData(
                before=institution(d, BEFORE),
                fallback=institution(d, FALLBACK),
                design=institution(d, DESIGN),
                successor=institution(d, SUCCESSOR) if world.has_successor[d] else None,
                arenas=[institution(d, ARENAS + a) for a in range(len(arenas) - 1)],
            )
            for d in range(len(world.institution))
        ],
        parameters=[
            SimpleNamespace(**dict(zip(PARAMETERS, record.tolist(), strict=True))) for record in world.parameters
        ],
        variant=plan.config.variant,
    )
