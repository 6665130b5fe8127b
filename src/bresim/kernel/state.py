"""The arrays and records of ONE run, and the world they live in.

Dimensions: N municipalities, K themes, A arenas (0 = the region), T quarters, S membership solutions,
D designs in the job, I institution slots a design needs, F fields of an institution. All state is in
[0, 1] unless a unit is given. ``World`` is read-only and shared by all runs of a job; a ``State`` is
allocated once per worker and reset for every run.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from bresim.columns.events import CAUSES
from bresim.governance.compile import DTYPE as INSTITUTION_DTYPE
from bresim.kernel.draws import N_STREAMS, room_for

# Scales of value, third index of ``direct`` and ``indirect``.
REGIONAL, SUBREGIONAL, LOCAL = 0, 1, 2
# Phases of an initiative (BRE 5.6: richten - inrichten - verrichten).
IDLE, NEGOTIATING, EXECUTING = 0, 1, 2
# What became of an initiative this quarter (``State.outcome``), and in the log at the end of the run.
OPEN, COMPLETED, FAILED, DEADLOCKED, AGREED, IMPOSED, LAPSED = 0, 1, 2, 3, 4, 5, 6
# What became of a member's promise at a milestone (``State.verdict``): kept, or not for want of capacity and said in
# time, or not kept.
KEPT, DELAYED, BROKEN = 0, 1, 2
# Where a municipality is no member (``State.entered``), and where nothing is under way (``State.log_row``).
OUTSIDE, NO_ROW = -1.0, -1
# Institution slots of a design: before policy start, when not (or no longer) in force, in force, its successor;
# after these come the institutions of the other arenas.
BEFORE, FALLBACK, DESIGN, SUCCESSOR, ARENAS = 0, 1, 2, 3, 4
# Where no institution holds: an arena before it begins and after it ended (``State.arena_slot``).
CLOSED = -1
# What is put to the vote (``region.question``): nothing, founding the design, founding its successor, or dissolving what
# holds.
NO_VOTE, FOUND, SUCCEED, DISSOLVE = 0, 1, 2, 3
# Partners, index of ``partner``.
ECONOMIC, SOCIETAL = 0, 1
# What the capacity of a municipality goes to, first index of ``spent`` (``columns.runs.CAPACITY_USE``).
COLLABORATIONS, MEETINGS, BUREAU, EXECUTION, OWN = 0, 1, 2, 3, 4

#: The numbers of a run that belong to the region as a whole.
REGION_DTYPE = np.dtype([
    ("design", np.int64),  # row of the design in ``World.institution``
    ("solution", np.int64),  # membership solution
    ("slot", np.int64),  # institution slot that holds this quarter in the region
    ("last_slot", np.int64),  # the one that held in the quarter before
    ("adopted_quarter", np.int64),  # quarter in which the design was founded for the first time
    ("dissolved_quarter", np.int64),  # quarter in which it, or its successor, was dissolved for the first time
    ("since", np.int64),  # quarter in which what holds in the region began to, from policy start on
    ("last_result", np.int64),  # quarter in which a regional initiative was completed last
    ("question", np.int64),  # number of what is put to the vote this quarter: NO_VOTE, FOUND, SUCCEED or DISSOLVE
    ("refusals", np.int64),  # number of votes to found that were lost
    ("agreed", np.int64),  # number of agreements that municipalities made where a design holds
    ("agreed_before", np.int64),  # of these, those made before the design was founded last
    ("quarters_without_agreement", np.int64),  # quarters since the last regional agreement, from policy start on
    ("initiatives", np.int64),  # rows of ``log`` in use
    ("happened", np.int64),  # rows of ``diary`` in use
    ("parochialism", np.float64),  # of the undercurrent, set at the start
    ("cleavage", np.float64),  # of the undercurrent, set at the start
    ("negativity", np.float64),  # of the undercurrent, set at the start
    ("kappa", np.float64),  # parochialism that counts this quarter: higher in campaigns
    ("divide", np.float64),  # how divided centres and the others are
    ("stance", np.float64),  # the province's readiness to act
    ("steering", np.float64),  # strength of provincial steering in force
    ("acts", np.float64),  # how far the province acts for what it supplies; 0 if it supplies nothing
    ("binding_supplied", np.float64),  # binding that it supplies if it acts in full, beyond that of the status quo
    ("refused", np.float64),  # memory of a vote that was lost, or of a dissolution
    ("at_once", np.bool_),  # whether the design is founded at policy start without a vote
    ("adopted", np.bool_),  # whether the design was founded
    ("carried", np.bool_),  # whether this quarter's vote was carried
    ("ended", np.bool_),  # whether the term of the design is over
    ("dissolved", np.bool_),  # whether the design or its successor was dissolved
    ("followed", np.bool_),  # whether the successor of the design was founded
    ("intervenes", np.bool_),  # whether the province steers without a mandate
    ("turned", np.bool_),  # whether initiatives take their turn the other way round this quarter
], align=True)  # fmt: skip
#: What is counted in the regional arena and the policy window; municipal contributions to mandatory work in all.
COUNTS_DTYPE = np.dtype([
    ("agreements", np.int64), ("deadlocks", np.int64), ("completed", np.int64), ("failed", np.int64),
    ("imposed", np.int64),
    ("enforced", np.int64),  # broken promises that the province saw to
    ("pledges", np.int64),  # promises that fell due at a milestone
    ("delays", np.int64),  # of these, announced to be late
    ("defaults", np.int64),  # of these, broken
    ("quarters_waited", np.int64),  # from opening to agreement, summed over agreements
    ("first_result", np.int64),  # quarters from policy start to the first completed initiative opened since; -1: none
    ("mandatory_due", np.int64), ("mandatory_done", np.int64),
])  # fmt: skip
#: One initiative in the log; -1 where there is no such quarter. Small: of many runs there are millions.
INITIATIVE_DTYPE = np.dtype([
    ("members", np.uint64),  # bit i: municipality i is a member
    ("run", np.int32),  # number of the run, when the logs of many runs are put together
    ("opened", np.int16), ("agreed", np.int16), ("ended", np.int16),  # quarters
    ("theme", np.int16), ("arena", np.int16),
    ("eligible", np.int16),  # municipalities that could take part when it opened
    ("coerced", np.int16),  # members bound against their vote
    ("outcome", np.int8),  # OPEN, COMPLETED, FAILED, DEADLOCKED or LAPSED
    ("imposed", np.bool_),  # agreed by imposition
    ("funded", np.bool_),  # there was a funding window for it while it was negotiated
    ("inherited", np.bool_),  # under way when the run began
], align=True)  # fmt: skip

#: What one municipality weighs in the vote of this quarter (logit), the chance of a yes, and its vote.
BALLOT_DTYPE = np.dtype([
    ("run", np.int64),  # number of the run, when the ballots of many runs are put together
    ("quarter", np.int64), ("municipality", np.int64),
    ("question", np.int64),  # FOUND, SUCCEED or DISSOLVE
    ("constant", np.float64), ("trust", np.float64), ("support", np.float64), ("orientation", np.float64),
    ("urgency", np.float64), ("interest", np.float64), ("money", np.float64), ("autonomy", np.float64),
    ("say", np.float64), ("refused", np.float64), ("results", np.float64), ("cost", np.float64),
    ("leaving", np.float64),
    ("chance", np.float64),
    ("votes", np.bool_),  # it has a vote
    ("yes", np.bool_),
    ("carried", np.bool_),
], align=True)  # fmt: skip

#: One thing that happened; -1 where there is no such arena, theme or municipality.
DIARY_DTYPE = np.dtype([
    ("amount", np.float64),  # height of a shock or window, fte of a promise, change of trust or grievance
    ("quarter", np.int16),
    ("kind", np.int8),  # place in ``columns.EVENTS``; behind these, in ``columns.CAUSES``
    ("arena", np.int8), ("theme", np.int8),
    ("municipality", np.int8), ("other", np.int8),  # that of which trust or grievance is, and the one that it is about
], align=True)  # fmt: skip

CACHE_LINE = 64  # bytes
#: Rows of working memory that one rule needs at most.
SCRATCH_ROWS = 3
#: Fields of a state that runs with the same random draws may share: what was drawn for one is there for all.
SHARED_DRAWS = (
    "draws_shock", "draws_window", "draws_turnover", "draws_urgency", "draws_agenda", "draws_commit",
    "draws_delivery", "draws_mandatory", "drawn",
)  # fmt: skip
#: Fields of a state that only a run that keeps a diary has; without one they have no rows.
DIARY_FIELDS = ("noted_pairs", "untold", "noted_seats", "noted_votes", "noted_themes", "diary")


class World(NamedTuple):
    """What does not change during a run: region, scenario, institutions, parameter sets."""

    population: np.ndarray  # (N,) share of the region's inhabitants
    size: np.ndarray  # (N,) inhabitants / 10,000
    centre: np.ndarray  # (N,) bool
    urban: np.ndarray  # (N,) bool, not rural
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
    overlaps: np.ndarray  # (A, A) bool: another arena at the same scale that shares municipalities
    within_subregion: np.ndarray  # (A,) bool: all its municipalities are of one subregion
    arena_record: np.ndarray  # (A,) track record at the start
    arena_from: np.ndarray  # (A,) int64, quarter in which the arena begins
    arena_until: np.ndarray  # (A,) int64, first quarter in which it is no more
    arena_beside: int  # the arena of designs that stand beside the region's own institution, -1: there is none
    same_subregion: np.ndarray  # (N, N) 0 or 1
    divided: np.ndarray  # (N, N) 1 between a centre and the Middengebied
    rivals: np.ndarray  # (N, N) 1 between two centres
    history: np.ndarray  # (N, N) how much bad memory there is to start with
    pair_record: np.ndarray  # (N, N) track record at the start of an arena below the region that two share; 0: none
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
    conjunctive: int  # whether joining needs all three conditions for success
    retold: int  # whether grievance is retold
    rounds: int  # number of rounds in which municipalities decide to join
    round_of: np.ndarray  # (N,) int64, number of the round in which a municipality decides, from 0
    coverage_power: int  # multiplies the exponent of coverage
    window_shared: np.ndarray  # (A, A) how far what another arena takes of a window is not there for this one, in [0, 1]
    weakest_link: int  # whether members deliver only as far as the weakest of them does
    institution: np.ndarray  # (D, I) record of governance.compile.DTYPE: the rules of an institution
    institution_values: np.ndarray  # (D, I, F) the same memory as plain numbers
    eligible: np.ndarray  # (D, I, N) bool
    board: np.ndarray  # (D, I, N) bool
    rotation: np.ndarray  # (D, I, N) bool
    in_scope: np.ndarray  # (D, I, K) bool
    beside: np.ndarray  # (D, I) bool: holds in an arena of its own, beside the region's institution
    has_successor: np.ndarray  # (D,) bool
    content: np.ndarray  # (D, I) int64, the same number for institutions that are the same in rules and masks
    ramps: np.ndarray  # (F,) bool
    parameters: np.ndarray  # (P,) record of parameters.DTYPE


class State(NamedTuple):
    """What changes during a run."""

    key: np.ndarray  # (3,) uint64, randomness of this replicate
    region: Any  # record of REGION_DTYPE: the numbers of the region as a whole
    counts: Any  # record of COUNTS_DTYPE: what is counted for the outcomes
    trust: np.ndarray  # (N, N) of i (row) in j (column); diagonal unused
    base_trust: np.ndarray  # (N, N) institutional baseline without a divide
    trust_gap: np.ndarray  # (N, N) what a full divide takes off the baseline
    trust_received: np.ndarray  # (N, N) trust in j (row) of i (column) as it was before negotiation and execution
    grievance: np.ndarray  # (N, N) remembered negative experience of i with j
    urgency: np.ndarray  # (K, N)
    interest: np.ndarray  # (K, N) own net stake in regional action
    base_capacity: np.ndarray  # (N,) fte before the scenario's factor
    meeting_size: np.ndarray  # (N,) work that a collaboration asks, relative to a municipality of 10,000
    capacity: np.ndarray  # (N,) fte
    slack: np.ndarray  # (N,) fte
    standing: np.ndarray  # (N,) fte of standing collaborations
    thinned: np.ndarray  # (N,) how far voluntary collaborations have been ended
    merged: np.ndarray  # (N,) how far structures have been merged
    load: np.ndarray  # (N,)
    support: np.ndarray  # (N,)
    involvement: np.ndarray  # (N,) how far its council is involved
    acceptance: np.ndarray  # (N,)
    recent_results: np.ndarray  # (N,) visible recent results
    recent_effort: np.ndarray  # (N,) recent effort per capacity
    tables: np.ndarray  # (N,) tables i sits at
    signed: np.ndarray  # (N,) fte a quarter promised to initiatives in execution, all arenas
    used: np.ndarray  # (N,) fte given this quarter
    completions: np.ndarray  # (N,) visible completions this quarter
    shock: np.ndarray  # (K,)
    window: np.ndarray  # (K,)
    partner: np.ndarray  # (2,) trust of economic and societal partners
    direct: np.ndarray  # (K, 3, N) realised share
    indirect: np.ndarray  # (K, 2, N) realised share
    arena_interest: np.ndarray  # (A, K) interest of the arena as a whole
    arena_capacity: np.ndarray  # (A,) fte of all its municipalities
    arena_pool: np.ndarray  # (A,) fte that they put in its bureau
    diversity: np.ndarray  # (A,) how mixed urban and rural inhabitants of the eligible are: 0 all of one kind, 1 half and half
    service_fte: np.ndarray  # (A,) fte that its members give for the services of its institution
    track_record: np.ndarray  # (A,) memory of initiatives completed in the arena
    members: np.ndarray  # (A, K, N) int64, indices of the members when execution begins, the first ``n_members``
    n_members: np.ndarray  # (A, K) int64
    executing: np.ndarray  # (A,) initiatives in execution, as listed when execution begins, less those that ended since
    ad_hoc: np.ndarray  # (A, N) fte of ad hoc help of i to each initiative of the arena
    phase: np.ndarray  # (A, K) int8: IDLE, NEGOTIATING or EXECUTING
    outcome: np.ndarray  # (A, K) int8: what became of the initiative this quarter, OPEN if nothing
    clock: np.ndarray  # (A, K) quarters in this phase
    rest: np.ndarray  # (A, K) quarters before it may reopen
    grant: np.ndarray  # (A, K) central money that the initiative holds
    applied: np.ndarray  # (A, K) highest funding window that the initiative met
    taken: np.ndarray  # (A, K) money of the present funding window that the initiative holds
    work: np.ndarray  # (A, K) fte quarters of work, fixed when it is agreed
    progress: np.ndarray  # (A, K) fte quarters of work done
    since_milestone: np.ndarray  # (A, K) quarters of execution since the last milestone
    due: np.ndarray  # (A, K) bool: a milestone falls in this quarter
    share_done: np.ndarray  # (A, K) share of its work that is done
    agreed_binding: np.ndarray  # (A, K) binding when it was agreed, without the province; those below are of then too
    agreed_supplied: np.ndarray  # (A, K) binding that the province adds to it if it acts in full
    agreed_exit_cost: np.ndarray  # (A, K) cost of leaving it
    agreed_sanction: np.ndarray  # (A, K) chance to lose the vote by a broken promise
    agreed_ratified: np.ndarray  # (A, K) how far councils decided on their own means
    agreed_cost_sharing: np.ndarray  # (A, K) how far cost is shared by capacity
    agreed_opt_out: np.ndarray  # (A, K) freedom in how to act
    agreed_autonomy: np.ndarray  # (A, K) autonomy of the alliance
    escalation: np.ndarray  # (A, K) how far bureau and board step in this quarter
    committed: np.ndarray  # (A, K, N) bool: committed, later member
    coerced: np.ndarray  # (A, K, N) bool: bound against its vote
    enforced: np.ndarray  # (A, K, N) bool: the province sees to it that it works on its promise until the next milestone
    willing: np.ndarray  # (A, K, N) bool: means to keep its promise until the next milestone, of the members
    promised: np.ndarray  # (A, K, N) fte a quarter that a member signed for
    offer: np.ndarray  # (A, K, N) fte that a member gives this quarter
    given: np.ndarray  # (A, K, N) fte quarters that a member gave since the last milestone
    entered: np.ndarray  # (A, K, N) share of the work that was done when a member joined, -1 for the others
    verdict: np.ndarray  # (A, K, N) int8: KEPT, DELAYED or BROKEN at this quarter's milestone, of the members
    running: np.ndarray  # (A K,) int64, initiatives in execution, a K + k, the first as many as there are
    institution: np.ndarray  # (A,) record of governance.compile.DTYPE: the rules in force
    institution_values: np.ndarray  # (A, F) the same memory as plain numbers
    arena_slot: np.ndarray  # (A,) int64, institution slot that holds in the arena, CLOSED if there is none
    taken_over: np.ndarray  # (A,) bool: another institution took over this quarter
    held_content: np.ndarray  # (A,) int64, ``World.content`` of the institution that holds, CLOSED if there is none
    eligible: np.ndarray  # (A, N) bool
    invited: np.ndarray  # (A, N) int64, indices of the eligible, the first ``n_invited``
    n_invited: np.ndarray  # (A,) int64
    vote_back: np.ndarray  # (A, N) int64, quarter from which a vote that was lost is back
    has_vote: np.ndarray  # (A, N) bool: eligible, and its vote counts this quarter
    seated: np.ndarray  # (A, N) bool: has a seat on the board by the rules, also without its vote
    board: np.ndarray  # (A, N) bool: decides on the board this quarter
    in_scope: np.ndarray  # (A, K) bool
    agreements: np.ndarray  # (N,) agreements in the policy window that it was a member of when they were made, all arenas
    pledged: np.ndarray  # (N,) promises that fell due in the policy window, all arenas
    delayed: np.ndarray  # (N,) of these, announced to be late
    defaulted: np.ndarray  # (N,) of these, broken
    spent: np.ndarray  # (5, N) fte that capacity went to in the policy window, summed over its quarters
    log_row: np.ndarray  # (A, K) int64, row of the initiative under way, -1 if there is none
    ballot: np.ndarray  # (N,) record of BALLOT_DTYPE: what each weighs in the vote of this quarter, if there is one
    scratch: np.ndarray  # (SCRATCH_ROWS, >= N and A K) working memory within one rule; means nothing to another
    log: np.ndarray  # (L,) record of INITIATIVE_DTYPE, in order of opening
    noted_pairs: np.ndarray  # (2, N, N) trust and grievance as the diary has noted them
    untold: np.ndarray  # (causes, N, N) changes of trust or grievance, too small to be told so far
    noted_seats: np.ndarray  # (A, K, N) int8, how far a municipality is in an initiative, as the diary has noted it
    noted_votes: np.ndarray  # (A, N) int8, 1: without its vote, as the diary has noted it
    noted_themes: np.ndarray  # (2, K) shock and funding window, as the diary has noted them
    diary: np.ndarray  # (B,) record of DIARY_DTYPE, in the order of happening
    draws_initial: np.ndarray  # (>= N,) draws of the start, of one municipality, theme or initiative at a time
    draws_shock: np.ndarray  # (>= K,) draws of this quarter: shocks
    draws_window: np.ndarray  # (>= K,) draws of this quarter: funding windows
    draws_turnover: np.ndarray  # (>= N,) draws of this quarter: aldermen who leave
    draws_urgency: np.ndarray  # (K, >= N) draws of this quarter: what an election does to urgency
    draws_agenda: np.ndarray  # (A, >= K) draws of this quarter: themes put on the agenda
    draws_commit: np.ndarray  # (A, K, >= N) draws of this quarter: joining and withdrawing
    draws_delivery: np.ndarray  # (A, K, >= N) draws of this quarter: meaning to keep a promise
    draws_mandatory: np.ndarray  # (>= N,) draws of this quarter: mandatory work
    drawn: np.ndarray  # (streams, A K) int64: quarter of which the draws are, by stream and what they are about


def _most_happenings(world: World) -> int:
    """Rows that a diary may need: eight for each seat at a table every quarter, one for each pair and cause."""
    themes, size = world.severity.shape
    cells = world.member.shape[0] * themes
    return int(world.election.shape[0] * (cells * (8 * size + 3) + 2 * themes + 2 + len(CAUSES) * size * size))


def _layout(world: World, diary: bool) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Shape and type of every array of a ``State``, in the order in which they lie in memory: log, diary and draws last."""
    themes, size = world.severity.shape
    arenas = world.member.shape[0]
    room_n, room_k = room_for(size), room_for(themes)
    pair, row, one, table = (size, size), (size,), (themes,), (themes, size)
    arena, seats, cell, cube = (arenas,), (arenas, size), (arenas, themes), (arenas, themes, size)
    shapes: dict[str, tuple[int, ...]] = {
        "key": (3,), "region": (1,), "counts": (1,), "trust": pair, "base_trust": pair, "trust_gap": pair,
        "trust_received": pair, "grievance": pair, "urgency": table, "interest": table, "base_capacity": row,
        "capacity": row, "slack": row, "standing": row, "thinned": row, "merged": row, "load": row, "support": row, "involvement": row, "acceptance": row, "recent_results": row,
        "recent_effort": row, "tables": row, "signed": row, "used": row, "meeting_size": row,
        "completions": row, "shock": one, "window": one, "partner": (2,), "direct": (themes, 3, size),
        "indirect": (themes, 2, size), "arena_interest": cell, "arena_capacity": arena,
        "arena_pool": arena, "diversity": arena, "service_fte": arena, "track_record": arena, "members": cube, "n_members": cell, "executing": arena,
        "ad_hoc": seats, "phase": cell, "work": cell, "since_milestone": cell, "due": cell, "willing": cube, "enforced": cube,
        "promised": cube, "offer": cube, "given": cube, "entered": cube, "verdict": cube, "running": (arenas * themes,),
        "outcome": cell, "clock": cell, "rest": cell, "grant": cell, "applied": cell, "taken": cell, "progress": cell, "share_done": cell,
        "agreed_binding": cell, "agreed_supplied": cell, "agreed_exit_cost": cell, "agreed_sanction": cell,
        "agreed_ratified": cell, "agreed_cost_sharing": cell, "agreed_opt_out": cell, "agreed_autonomy": cell,
        "escalation": cell, "committed": cube, "coerced": cube,
        "institution_values": (arenas, world.institution_values.shape[2]), "arena_slot": arena, "taken_over": arena,
        "held_content": arena, "vote_back": seats, "has_vote": seats, "seated": seats,
        "eligible": seats, "invited": seats,
        "n_invited": arena, "board": seats, "in_scope": cell, "agreements": row, "pledged": row, "delayed": row, "defaulted": row, "spent": (5, size), "log_row": cell,
        "draws_initial": (room_n,), "scratch": (SCRATCH_ROWS, max(size, arenas * themes)),
        "ballot": (size,),
        "log": (world.election.shape[0] * themes * arenas,),  # at most one opening a quarter
        "noted_pairs": (2, *pair), "untold": (len(CAUSES), *pair), "noted_seats": cube, "noted_votes": seats, "noted_themes": (2, themes),
        "diary": (_most_happenings(world),),
        "draws_shock": (room_k,), "draws_window": (room_k,), "draws_turnover": (room_n,),
        "draws_urgency": (themes, room_n), "draws_agenda": (arenas, room_k), "draws_commit": (*cell, room_n),
        "draws_delivery": (*cell, room_n), "draws_mandatory": (room_n,), "drawn": (N_STREAMS, arenas * themes),
    }  # fmt: skip
    if not diary:
        shapes |= {name: (0, *shapes[name][1:]) for name in DIARY_FIELDS}
    types: dict[str, Any] = {
        "key": np.uint64, "region": REGION_DTYPE, "counts": COUNTS_DTYPE, "log": INITIATIVE_DTYPE, "phase": np.int8, "ballot": BALLOT_DTYPE,
        "outcome": np.int8, "verdict": np.int8, "noted_seats": np.int8, "noted_votes": np.int8, "diary": DIARY_DTYPE,
    }  # fmt: skip
    types |= dict.fromkeys(("committed", "coerced", "enforced", "willing", "due", "eligible", "board", "in_scope", "taken_over",
                            "has_vote", "seated"), np.bool_)
    types |= dict.fromkeys(("invited", "n_invited", "members", "n_members", "running", "log_row", "drawn", "arena_slot",
                            "held_content", "vote_back"), np.int64)
    return {name: (shape, np.dtype(types.get(name, np.float64))) for name, shape in shapes.items()}


def allocate(world: World, sharing: State | None = None, *, diary: bool = False) -> State:
    """Allocate the state of one run (values are set by ``rules.initial.reset``), its draws shared with ``sharing``.

    With ``diary`` it has room to note what happens (``runner.diary``).

    Its arrays lie in one block, each from a cache line of its own, so that two workers never write to one line;
    first the key, last the log and behind it diary and draws: so arrays of states that share their draws have the same places,
    and a copy need not take all of the log along (``structs.copy_state``).
    """
    layout = _layout(world, diary)
    if sharing is not None:
        layout = {name: look for name, look in layout.items() if name not in SHARED_DRAWS}
    lengths = {name: int(np.prod(shape)) * dtype.itemsize for name, (shape, dtype) in layout.items()}
    starts = np.cumsum([0] + [-(-length // CACHE_LINE) * CACHE_LINE for length in lengths.values()])
    raw = np.zeros(starts[-1] + CACHE_LINE, np.uint8)
    block = raw[-raw.ctypes.data % CACHE_LINE :]
    arrays: dict[str, Any] = {
        name: block[start : start + lengths[name]].view(dtype).reshape(shape)
        for start, (name, (shape, dtype)) in zip(starts, layout.items(), strict=False)
    }
    for name in ("region", "counts"):
        arrays[name] = arrays[name].view(np.recarray)[0]  # a record, still in the block
    for name in ("ballot", "log", "diary"):
        arrays[name] = arrays[name].view(np.recarray)
    values = arrays["institution_values"]
    arrays["institution"] = values.view(INSTITUTION_DTYPE).reshape(len(values)).view(np.recarray)
    arrays |= {name: getattr(sharing, name) for name in SHARED_DRAWS if sharing is not None}
    return State(**arrays)
