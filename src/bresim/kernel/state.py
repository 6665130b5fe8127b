"""The arrays of ONE run, and the world they live in.

Dimensions: N municipalities, K themes, A arenas (0 = the region), T quarters, S membership solutions,
D designs in the job, I institution slots a design needs, F fields of an institution. All state is in
[0, 1] unless a unit is given. ``World`` is read-only and shared by all runs of a job; a ``State`` is
allocated once per worker and reset for every run.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from bresim.governance.compile import DTYPE as RULES_DTYPE
from bresim.kernel.draws import N_STREAMS, room_for

# Scales of value, third index of ``direct`` and ``indirect``.
REGIONAL, SUBREGIONAL, LOCAL = 0, 1, 2
# Phases of an initiative (BRE 5.6: richten - inrichten - verrichten).
IDLE, NEGOTIATING, EXECUTING = 0, 1, 2
# Outcomes in the log of initiatives.
OPEN, COMPLETED, FAILED, DEADLOCKED = 0, 1, 2, 3
# Institution slots of a design: before policy start, when not (or no longer) in force, in force, its successor;
# after these come the institutions of the other arenas.
BEFORE, FALLBACK, DESIGN, SUCCESSOR, ARENAS = 0, 1, 2, 3, 4
# Counters, regional arena, policy window.
(
    N_AGREEMENTS, N_DEADLOCKS, N_COMPLETED, N_FAILED, N_IMPOSED, N_PLEDGES, N_DEFAULTS, SUM_WAIT, FIRST_RESULT,
    N_MANDATORY_DUE, N_MANDATORY_DONE, N_COUNTERS,
) = range(12)
# Columns of the log of initiatives.
(L_THEME, L_ARENA, L_OPENED, L_AGREED, L_ENDED, L_OUTCOME, L_IMPOSED, L_FUNDED, L_ELIGIBLE, L_COERCED, N_LOG) = range(11)
# Slots of ``scalars``.
PAROCHIALISM, CLEAVAGE, NEGATIVITY, KAPPA, DIVIDE, STANCE, STEERING, DROUGHT, ADOPTED, ADOPTED_QUARTER, SLOT, INTERVENES, N_SCALARS = range(13)

CACHE_LINE = 64  # bytes
#: Fields of a state that runs with the same luck may have in common: what was drawn for one is there for all.
COMMON = (
    "luck_shock", "luck_window", "luck_turnover", "luck_jolt", "luck_agenda", "luck_commit", "luck_deliver",
    "luck_mandatory", "filled",
)  # fmt: skip


class World(NamedTuple):
    """What does not change during a run: region, scenario, institutions, parameter sets."""

    population: np.ndarray  # (N,) share of the region's inhabitants
    size: np.ndarray  # (N,) inhabitants / 10,000
    centre: np.ndarray  # (N,) bool
    rural: np.ndarray  # (N,) bool
    orientation: np.ndarray  # (N,)
    support: np.ndarray  # (N,) at the start
    instability: np.ndarray  # (N,) chance per quarter
    local_party: np.ndarray  # (N,)
    acceptance: np.ndarray  # (N,) at the start
    border: np.ndarray  # (N,) share of the border that is national
    severity: np.ndarray  # (K, N)
    contention: np.ndarray  # (K,)
    money: np.ndarray  # (K,)
    economic: np.ndarray  # (K,)
    societal: np.ndarray  # (K,)
    water_board: np.ndarray  # (K,)
    border_theme: np.ndarray  # (K,)
    attainable_direct: np.ndarray  # (K, 3, N) sums to 1
    attainable_indirect: np.ndarray  # (K, 2, N) sums to 1
    member: np.ndarray  # (A, N) bool
    arena_scale: np.ndarray  # (A,) REGIONAL or SUBREGIONAL
    same_subregion: np.ndarray  # (N, N) 0 or 1
    divided: np.ndarray  # (N, N) 1 between a centre and the Middengebied
    rivals: np.ndarray  # (N, N) 1 between two centres
    history: np.ndarray  # (N, N) how much bad memory there is to start with
    light_voluntary: np.ndarray  # (S, N) number of light voluntary collaborations
    body_voluntary: np.ndarray  # (S, N) number of voluntary bodies
    light_mandatory: np.ndarray  # (S, N)
    body_mandatory: np.ndarray  # (S, N)
    contact: np.ndarray  # (S, N, N) collaborations in common, largest pair = 1
    mandatory: np.ndarray  # (S, K, N) mandatory collaborations of a theme, largest theme = 1
    shock: np.ndarray  # (T, K) scheduled shocks
    window: np.ndarray  # (T, K) scheduled funding windows
    election: np.ndarray  # (T,) bool, municipal
    provincial_election: np.ndarray  # (T,) bool
    province_stance: np.ndarray  # (T,) value the province's stance is set to, -1 where it is left alone
    shock_factor: np.ndarray  # (T,) multiplies the chance of unscheduled shocks
    window_factor: np.ndarray  # (T,) multiplies the chance of funding windows
    turnover_factor: np.ndarray  # (T,) multiplies turnover of aldermen
    capacity_factor: np.ndarray  # (T,) multiplies execution capacity
    population_factor: np.ndarray  # (T,) multiplies inhabitants in what they mean for capacity
    severity_factor: np.ndarray  # (T,) multiplies severity
    policy_start: int
    rules: np.ndarray  # (D, I) record of RULES_DTYPE
    rule_values: np.ndarray  # (D, I, F) the same memory as plain numbers
    eligible: np.ndarray  # (D, I, N) bool
    board: np.ndarray  # (D, I, N) bool
    rotation: np.ndarray  # (D, I, N) bool
    in_scope: np.ndarray  # (D, I, K) bool
    has_successor: np.ndarray  # (D,) bool
    content: np.ndarray  # (D, I) int64, the same number for institutions that are the same in rules and masks
    ramps: np.ndarray  # (F,) bool
    parameters: np.ndarray  # (P,) record of parameters.DTYPE


class State(NamedTuple):
    """What changes during a run."""

    key: np.ndarray  # (3,) uint64, randomness of this replicate
    design: np.ndarray  # (1,) int64, row of the design in ``World.rules``
    solution: np.ndarray  # (1,) int64, membership solution
    scalars: np.ndarray  # (N_SCALARS,)
    trust: np.ndarray  # (N, N) of i (row) in j (column); diagonal unused
    base_trust: np.ndarray  # (N, N) institutional baseline without a divide
    trust_gap: np.ndarray  # (N, N) what a full divide takes off the baseline
    grievance: np.ndarray  # (N, N) remembered negative experience of i with j
    urgency: np.ndarray  # (K, N)
    pulls: np.ndarray  # (K,) scratch: pull of the themes on the agenda
    interest: np.ndarray  # (K, N) own net stake in regional action
    capacity: np.ndarray  # (N,) fte
    slack: np.ndarray  # (N,) fte
    load: np.ndarray  # (N,)
    support: np.ndarray  # (N,)
    acceptance: np.ndarray  # (N,)
    recent: np.ndarray  # (N,) visible recent results
    carried: np.ndarray  # (N,) recent effort per capacity
    used: np.ndarray  # (N,) fte delivered this quarter
    harvest: np.ndarray  # (N,) visible completions this quarter
    tables: np.ndarray  # (N,) tables i sits at
    pledges: np.ndarray  # (N,) executing initiatives i is a member of
    shock: np.ndarray  # (K,)
    window: np.ndarray  # (K,)
    partner: np.ndarray  # (2,) trust of economic and societal partners
    direct: np.ndarray  # (K, 3, N) realised share
    indirect: np.ndarray  # (K, 2, N) realised share
    arena_trust: np.ndarray  # (A, N) mean trust of i in the others eligible in a
    arena_interest: np.ndarray  # (A, K) interest of the arena as a whole
    arena_capacity: np.ndarray  # (A,) fte of all its municipalities
    arena_pool: np.ndarray  # (A,) fte that they put in its bureau
    phase: np.ndarray  # (A, K) int8
    clock: np.ndarray  # (A, K) quarters in this phase
    rest: np.ndarray  # (A, K) quarters before it may reopen
    grant: np.ndarray  # (A, K) central money that the initiative holds
    share: np.ndarray  # (A, K) of its work that is done
    progress: np.ndarray  # (A, K) fte quarters of work done
    committed: np.ndarray  # (A, K, N) bool: committed, later member
    coerced: np.ndarray  # (A, K, N) bool: bound against its vote
    delivered: np.ndarray  # (N,) bool, scratch of one initiative
    luck: np.ndarray  # (>= N,) scratch of the start: one draw a municipality
    trusted: np.ndarray  # (N, N) trust by who is trusted (row) and who trusts, from urgency to execution
    mixed: np.ndarray  # (N,) scratch: urgency of the trusted others, or trust in fellow members, or mandatory work
    spare: np.ndarray  # (N,) scratch: free capacity per pledge
    offer: np.ndarray  # (N,) scratch: fte for each initiative a municipality delivers on
    lead_room: np.ndarray  # (N,) scratch: fte a lead could take over on top
    help: np.ndarray  # (N,) scratch: fte of ad hoc help to each initiative
    chances: np.ndarray  # (N,) scratch: inclinations and chances; gains in learning
    told: np.ndarray  # (N,) scratch: one over trust in all; seats at own tables; losses in learning; mean grievance; local work
    standing: np.ndarray  # (N,) scratch: inclination that does not depend on the theme; grievance in learning
    base_capacity: np.ndarray  # (N,) fte before the scenario's factor
    rules: np.ndarray  # (A,) record: the rules in force
    rule_values: np.ndarray  # (A, F) the same memory
    eligible: np.ndarray  # (A, N) bool
    invited: np.ndarray  # (A, N) int64, indices of the eligible, the first ``n_invited``
    n_invited: np.ndarray  # (A,) int64
    party: np.ndarray  # (N,) int64 scratch: indices of the members of one initiative
    board: np.ndarray  # (A, N) bool
    in_scope: np.ndarray  # (A, K) bool
    counts: np.ndarray  # (N_COUNTERS,)
    pledged: np.ndarray  # (N,) quarterly pledges in the policy window, all arenas
    defaulted: np.ndarray  # (N,) of these, not kept
    log: np.ndarray  # (L, N_LOG) initiatives
    log_members: np.ndarray  # (L,) uint64 bit masks
    log_row: np.ndarray  # (A, K) row of the initiative under way
    log_size: np.ndarray  # (1,) rows in use
    luck_shock: np.ndarray  # (>= K,) draws of this quarter: shocks
    luck_window: np.ndarray  # (>= K,) draws of this quarter: funding windows
    luck_turnover: np.ndarray  # (>= N,) draws of this quarter: aldermen who leave
    luck_jolt: np.ndarray  # (K, >= N) draws of this quarter: what an election does to urgency
    luck_agenda: np.ndarray  # (A, >= K) draws of this quarter: themes put on the agenda
    luck_commit: np.ndarray  # (A, K, >= N) draws of this quarter: joining and withdrawing
    luck_deliver: np.ndarray  # (A, K, >= N) draws of this quarter: keeping a pledge
    luck_mandatory: np.ndarray  # (>= N,) draws of this quarter: mandatory work
    filled: np.ndarray  # (streams, A K) int64: quarter of which the draws are, by stream and what they are about


def allocate(world: World, kin: State | None = None) -> State:
    """Allocate the state of one run (values are set by ``rules.initial.reset``), its luck in common with ``kin``.

    Its arrays lie in one block, each from a cache line of its own, so that two workers never write to one line;
    first the key, last the log, so that a copy need not take all of the log along (``structs.copy_state``).
    """
    themes, size = world.severity.shape
    arenas = world.member.shape[0]
    fields = world.rule_values.shape[2]
    rows = world.election.shape[0] * themes * arenas  # at most one opening a quarter
    towns, subjects = (room_for(size),), (room_for(themes),)
    pair, row, one, cell, seats, table = (size, size), (size,), (themes,), (arenas, themes), (arenas, size), (themes, size)
    shapes: dict[str, tuple[int, ...]] = {
        "key": (3,), "design": (1,), "solution": (1,), "scalars": (N_SCALARS,), "trust": pair, "base_trust": pair,
        "trust_gap": pair, "grievance": pair, "urgency": table, "pulls": one, "interest": table, "capacity": row,
        "slack": row, "load": row, "support": row, "acceptance": row, "recent": row, "carried": row, "used": row,
        "harvest": row, "pledges": row, "tables": row, "shock": one, "window": one, "partner": (2,),
        "direct": (themes, 3, size), "indirect": (themes, 2, size), "arena_trust": seats, "arena_interest": cell,
        "arena_capacity": (arenas,), "arena_pool": (arenas,), "phase": cell, "clock": cell, "rest": cell, "grant": cell,
        "share": cell, "progress": cell, "committed": (*cell, size), "coerced": (*cell, size), "delivered": row,
        "luck": towns, "trusted": pair, "mixed": row, "spare": row, "offer": row, "lead_room": row, "help": row, "chances": row, "told": row,
        "standing": row, "base_capacity": row, "rule_values": (arenas, fields), "eligible": seats, "invited": seats,
        "n_invited": (arenas,), "party": row, "board": seats, "in_scope": cell, "counts": (N_COUNTERS,), "pledged": row,
        "defaulted": row, "log_row": cell, "log_size": (1,), "log": (rows, N_LOG), "log_members": (rows,),
        "luck_shock": subjects, "luck_window": subjects, "luck_turnover": towns, "luck_jolt": (themes, *towns),
        "luck_agenda": (arenas, *subjects), "luck_commit": (*cell, *towns), "luck_deliver": (*cell, *towns),
        "luck_mandatory": towns, "filled": (N_STREAMS, arenas * themes),
    }  # fmt: skip
    kinds: dict[str, Any] = {"key": np.uint64, "log_members": np.uint64, "phase": np.int8}
    kinds |= dict.fromkeys(("committed", "coerced", "delivered", "eligible", "board", "in_scope"), np.bool_)
    kinds |= dict.fromkeys(("design", "solution", "invited", "n_invited", "party", "log_row", "log_size", "filled"), np.int64)
    if kin is not None:
        shapes = {name: shape for name, shape in shapes.items() if name not in COMMON}
    lengths = {name: int(np.prod(shape)) * np.dtype(kinds.get(name, float)).itemsize for name, shape in shapes.items()}
    starts = np.cumsum([0] + [-(-length // CACHE_LINE) * CACHE_LINE for length in lengths.values()])
    spare = np.zeros(starts[-1] + CACHE_LINE, np.uint8)
    block = spare[-spare.ctypes.data % CACHE_LINE :]
    arrays = {
        name: block[start : start + lengths[name]].view(kinds.get(name, float)).reshape(shape)
        for start, (name, shape) in zip(starts, shapes.items(), strict=False)
    }
    arrays["rules"] = arrays["rule_values"].view(RULES_DTYPE).reshape(arenas).view(np.recarray)
    arrays |= {name: getattr(kin, name) for name in COMMON if kin is not None}
    return State(**arrays)
