"""The arrays and records of ONE run, and the world they live in.

Dimensions: N municipalities, K themes, A arenas (0 = the region), T quarters, S membership solutions,
D designs in the job, I institution slots a design needs, F fields of an institution. The unit of
each array stands beside it in [ ]; a share is in [0, 1], unless a special value is named. ``World`` is
read-only and shared by all runs of a job; a ``State`` is allocated once per worker and reset for every run.
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
# Where a municipality is no member (``State.missed``), and where nothing is under way (``State.log_row``).
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
    ("design", np.int64),  # [index] row of the design in ``World.institution``
    ("solution", np.int64),  # [index] membership solution
    ("slot", np.int64),  # [slot] institution slot that holds this quarter in the region
    ("last_slot", np.int64),  # [slot] the one that held in the quarter before
    ("adopted_quarter", np.int64),  # [quarter] quarter in which the design was founded for the first time
    ("dissolved_quarter", np.int64),  # [quarter] quarter in which it, or its successor, was dissolved first
    ("since", np.int64),  # [quarter] quarter in which what holds in the region began to, from policy start on
    ("last_result", np.int64),  # [quarter] quarter in which a regional initiative was completed last
    ("question", np.int64),  # [question] what is put to the vote this quarter: NO_VOTE, FOUND, SUCCEED, DISSOLVE
    ("refusals", np.int64),  # [count] number of votes to found that were lost
    ("agreed", np.int64),  # [count] number of agreements that municipalities made where a design holds
    ("agreed_before", np.int64),  # [count] of these, those made before the design was founded last
    ("quarters_without_agreement", np.int64),  # [quarters] time since the last regional agreement, from policy start on
    ("initiatives", np.int64),  # [count] rows of ``log`` in use
    ("happened", np.int64),  # [count] rows of ``diary`` in use
    ("n_running", np.int64),  # [count] initiatives in execution, as listed in ``running``
    ("parochialism", np.float64),  # [share] of the undercurrent, set at the start
    ("cleavage", np.float64),  # [share] of the undercurrent, set at the start
    ("negativity", np.float64),  # [share] of the undercurrent, set at the start
    ("kappa", np.float64),  # [share] parochialism that counts this quarter: higher in campaigns
    ("divide", np.float64),  # [share] how divided centres and the others are
    ("stance", np.float64),  # [share] the province's readiness to act
    ("steering", np.float64),  # [share] strength of provincial steering in force
    ("acts", np.float64),  # [share] part of what the province supplies that is there, as it acts and has staff; 0 if none
    ("binding_own", np.float64),  # [share] binding that the municipalities supply themselves where the province supplies
    ("binding_supplied", np.float64),  # [share] binding that it supplies beside theirs if it acts in full and has the staff
    ("refused", np.float64),  # [share] memory of a vote that was lost, or of a dissolution
    ("at_once", np.bool_),  # [0 or 1] whether the design is founded at policy start without a vote
    ("adopted", np.bool_),  # [0 or 1] whether the design was founded
    ("carried", np.bool_),  # [0 or 1] whether this quarter's vote was carried
    ("ended", np.bool_),  # [0 or 1] whether the term of the design is over
    ("dissolved", np.bool_),  # [0 or 1] whether the design or its successor was dissolved
    ("followed", np.bool_),  # [0 or 1] whether the successor of the design was founded
    ("intervenes", np.bool_),  # [0 or 1] whether the province steers without a mandate
    ("turned", np.bool_),  # [0 or 1] whether initiatives take their turn the other way round this quarter
], align=True)  # fmt: skip
#: What is counted in the regional arena and the policy window; municipal contributions to mandatory work in all.
COUNTS_DTYPE = np.dtype([
    ("agreements", np.int64),  # [count]
    ("deadlocks", np.int64),  # [count]
    ("completed", np.int64),  # [count]
    ("failed", np.int64),  # [count]
    ("imposed", np.int64),  # [count]
    ("enforced", np.int64),  # [count] broken promises that the province saw to
    ("pledges", np.int64),  # [count] promises that fell due at a milestone
    ("delays", np.int64),  # [count] of these, announced to be late
    ("defaults", np.int64),  # [count] of these, broken
    ("quarters_waited", np.int64),  # [quarters] from opening to agreement, summed over agreements
    ("first_result", np.int64),  # [quarters] from policy start to the first completed initiative opened since; -1: none
    ("mandatory_due", np.int64),  # [count]
    ("mandatory_done", np.int64),  # [count]
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
SCRATCH_ROWS = 5
#: Fields of a state that runs with the same random draws may share: what was drawn for one is there for all.
SHARED_DRAWS = (
    "draws_shock", "draws_window", "draws_turnover", "draws_urgency", "draws_agenda", "draws_commit",
    "draws_delivery", "draws_mandatory", "drawn",
)  # fmt: skip
#: Fields of a state that only a run that keeps a diary has; without one they have no rows.
DIARY_FIELDS = ("noted_pairs", "untold", "noted_seats", "noted_votes", "noted_themes", "diary")


class World(NamedTuple):
    """What does not change during a run: region, scenario, institutions, parameter sets."""

    population: np.ndarray  # (N,) [share] share of the region's inhabitants
    size: np.ndarray  # (N,) [10,000 inhabitants] inhabitants / 10,000
    centre: np.ndarray  # (N,), bool [0 or 1]
    urban: np.ndarray  # (N,), bool [0 or 1] not rural
    orientation: np.ndarray  # (N,) [share]
    support: np.ndarray  # (N,) [share] at the start
    instability: np.ndarray  # (N,) [1/quarter] chance that an alderman leaves early
    local_party: np.ndarray  # (N,) [share]
    acceptance: np.ndarray  # (N,) [share] at the start
    border: np.ndarray  # (N,) [share] share of the border that is national
    severity: np.ndarray  # (K, N) [share]
    contention: np.ndarray  # (K,) [share]
    money: np.ndarray  # (K,) [share]
    economic: np.ndarray  # (K,) [share]
    societal: np.ndarray  # (K,) [share]
    water_board: np.ndarray  # (K,) [share]
    border_theme: np.ndarray  # (K,) [share]
    attainable_direct: np.ndarray  # (K, 3, N) [share] sums to 1
    attainable_indirect: np.ndarray  # (K, 2, N) [share] sums to 1
    member: np.ndarray  # (A, N), bool [0 or 1]
    arena_scale: np.ndarray  # (A,) [scale] REGIONAL or SUBREGIONAL
    overlaps: np.ndarray  # (A, A), bool [0 or 1] another arena at the same scale that shares municipalities
    within_subregion: np.ndarray  # (A,), bool [0 or 1] all its municipalities are of one subregion
    arena_record: np.ndarray  # (A,) [share] track record at the start
    arena_from: np.ndarray  # (A,), int64 [quarter] quarter in which the arena begins
    arena_until: np.ndarray  # (A,), int64 [quarter] first quarter in which it is no more
    arena_beside: int  # [arena] the arena of designs that stand beside the region's own institution, -1: there is none
    same_subregion: np.ndarray  # (N, N) [0 or 1]
    divided: np.ndarray  # (N, N) [0 or 1] 1 between a centre and the Middengebied
    rivals: np.ndarray  # (N, N) [0 or 1] 1 between two centres
    history: np.ndarray  # (N, N) [share] how much bad memory there is to start with
    pair_record: np.ndarray  # (N, N) [share] track record at the start of a shared arena below the region; 0: none
    light_voluntary: np.ndarray  # (S, N) [count] number of light voluntary collaborations
    body_voluntary: np.ndarray  # (S, N) [count] number of voluntary bodies
    light_mandatory: np.ndarray  # (S, N) [count]
    body_mandatory: np.ndarray  # (S, N) [count]
    contact: np.ndarray  # (S, N, N) [share] collaborations in common, largest pair = 1
    mandatory: np.ndarray  # (S, K, N) [share] mandatory collaborations of a theme, largest theme = 1
    shock: np.ndarray  # (T, K) [share] scheduled shocks
    window: np.ndarray  # (T, K) [share] scheduled funding windows
    election: np.ndarray  # (T,), bool [0 or 1] municipal
    provincial_election: np.ndarray  # (T,), bool [0 or 1]
    province_stance: np.ndarray  # (T,) [share] value the province's stance is set to, -1 where it is left alone
    shock_factor: np.ndarray  # (T,) [factor] multiplies the chance of unscheduled shocks
    window_factor: np.ndarray  # (T,) [factor] multiplies the chance of funding windows
    turnover_factor: np.ndarray  # (T,) [factor] multiplies turnover of aldermen
    capacity_factor: np.ndarray  # (T,) [factor] multiplies execution capacity
    population_factor: np.ndarray  # (T,) [factor] multiplies inhabitants in what they mean for capacity
    severity_factor: np.ndarray  # (T,) [factor] multiplies severity
    policy_start: int  # [quarter]
    conjunctive: int  # [0 or 1] whether joining needs all three conditions for success
    retold: int  # [0 or 1] whether grievance is retold
    rounds: int  # [count] number of rounds in which municipalities decide to join
    round_of: np.ndarray  # (N,), int64 [index] round in which a municipality decides, from 0
    coverage_power: int  # [factor] multiplies the exponent of coverage
    window_shared: np.ndarray  # (A, A) [share] part of a window that is gone for this arena if another takes it
    weakest_link: int  # [0 or 1] whether members deliver only as far as the weakest of them does
    institution: np.ndarray  # (D, I) [record] record of governance.compile.DTYPE: the rules of an institution
    institution_values: np.ndarray  # (D, I, F) [unit of the field] the same memory as plain numbers
    eligible: np.ndarray  # (D, I, N), bool [0 or 1]
    board: np.ndarray  # (D, I, N), bool [0 or 1]
    rotation: np.ndarray  # (D, I, N), bool [0 or 1]
    in_scope: np.ndarray  # (D, I, K), bool [0 or 1]
    beside: np.ndarray  # (D, I), bool [0 or 1] holds in an arena of its own, beside the region's institution
    has_successor: np.ndarray  # (D,), bool [0 or 1]
    content: np.ndarray  # (D, I), int64 [index] the same number for institutions that are the same in rules and masks
    ramps: np.ndarray  # (F,), bool [0 or 1]
    parameters: np.ndarray  # (P,) [record] record of parameters.DTYPE


class State(NamedTuple):
    """What changes during a run."""

    key: np.ndarray  # (3,), uint64 [bits] randomness of this replicate
    region: Any  # [record] record of REGION_DTYPE: the numbers of the region as a whole
    counts: Any  # [record] record of COUNTS_DTYPE: what is counted for the outcomes
    trust: np.ndarray  # (N, N) [share] of i (row) in j (column); diagonal unused
    base_trust: np.ndarray  # (N, N) [share] institutional baseline without a divide
    trust_gap: np.ndarray  # (N, N) [share] what a full divide takes off the baseline
    trust_received: np.ndarray  # (N, N) [share] trust in j (row) of i (column) before negotiation and execution
    grievance: np.ndarray  # (N, N) [share] remembered negative experience of i with j
    urgency: np.ndarray  # (K, N) [share]
    interest: np.ndarray  # (K, N) [share] own net stake in regional action
    base_capacity: np.ndarray  # (N,) [fte] capacity before the scenario's factor
    meeting_size: np.ndarray  # (N,) [factor] work that a collaboration asks, relative to a municipality of 10,000
    capacity: np.ndarray  # (N,) [fte]
    slack: np.ndarray  # (N,) [fte]
    standing: np.ndarray  # (N,) [fte] work of standing collaborations
    thinned: np.ndarray  # (N,) [share] how far voluntary collaborations have been ended
    merged: np.ndarray  # (N,) [share] how far structures have been merged
    load: np.ndarray  # (N,) [share]
    support: np.ndarray  # (N,) [share]
    involvement: np.ndarray  # (N,) [share] how far its council is involved
    acceptance: np.ndarray  # (N,) [share]
    recent_results: np.ndarray  # (N,) [share] visible recent results
    recent_effort: np.ndarray  # (N,) [share] recent effort per capacity
    tables: np.ndarray  # (N,) [count] tables i sits at
    signed: np.ndarray  # (N,) [fte] promised a quarter to initiatives in execution, all arenas
    used: np.ndarray  # (N,) [fte] given this quarter
    completions: np.ndarray  # (N,) [count] visible completions this quarter
    shock: np.ndarray  # (K,) [share]
    window: np.ndarray  # (K,) [share]
    partner: np.ndarray  # (2,) [share] trust of economic and societal partners
    direct: np.ndarray  # (K, 3, N) [share] realised share
    indirect: np.ndarray  # (K, 2, N) [share] realised share
    arena_interest: np.ndarray  # (A, K) [share] interest of the arena as a whole
    arena_capacity: np.ndarray  # (A,) [fte] capacity of all its municipalities
    arena_pool: np.ndarray  # (A,) [fte] what its bureau has left for execution
    diversity: np.ndarray  # (A,) [share] how mixed urban and rural inhabitants are: 0 one kind, 1 half and half
    service_fte: np.ndarray  # (A,) [fte] what the services of its institution ask of bureau and members
    staffed: np.ndarray  # (A,) [share] part of the staff that its services asked last quarter and that was there
    track_record: np.ndarray  # (A,) [share] memory of initiatives completed in the arena
    members: np.ndarray  # (A, K, N), int64 [index] members when execution begins, the first ``n_members``
    n_members: np.ndarray  # (A, K), int64 [count]
    executing: np.ndarray  # (A,) [count] initiatives in execution, as listed when it begins, less those ended since
    phase: np.ndarray  # (A, K), int8 [phase] IDLE, NEGOTIATING or EXECUTING
    outcome: np.ndarray  # (A, K), int8 [outcome] what became of the initiative this quarter, OPEN if nothing
    clock: np.ndarray  # (A, K) [quarters] time in this phase
    rest: np.ndarray  # (A, K) [quarters] time before it may reopen
    grant: np.ndarray  # (A, K) [share] central money that the initiative holds
    applied: np.ndarray  # (A, K) [share] highest funding window that the initiative met
    taken: np.ndarray  # (A, K) [share] money of the present funding window that the initiative holds
    work: np.ndarray  # (A, K) [fte quarters] work, fixed when it is agreed
    progress: np.ndarray  # (A, K) [fte quarters] work done
    since_milestone: np.ndarray  # (A, K) [quarters] time in execution since the last milestone
    done_before: np.ndarray  # (A, K) [share] share of its work that was done at the last milestone, or when it was agreed
    due: np.ndarray  # (A, K), bool [0 or 1] a milestone falls in this quarter
    share_done: np.ndarray  # (A, K) [share] share of its work that is done
    agreed_binding: np.ndarray  # (A, K) [share] binding when agreed, without the province; those below are of then too
    agreed_supplied: np.ndarray  # (A, K) [share] binding that the province adds to it if it acts in full and has the staff
    agreed_exit_cost: np.ndarray  # (A, K) [share] cost of leaving it
    agreed_sanction: np.ndarray  # (A, K) [share] chance to lose the vote by a broken promise
    agreed_ratified: np.ndarray  # (A, K) [share] how far councils decided on their own means
    agreed_cost_sharing: np.ndarray  # (A, K) [share] how far cost is shared by capacity
    agreed_opt_out: np.ndarray  # (A, K) [share] freedom in how to act
    agreed_autonomy: np.ndarray  # (A, K) [share] autonomy of the alliance
    escalation: np.ndarray  # (A, K) [share] how far bureau and board step in this quarter
    in_work: np.ndarray  # (A, K, N), bool [0 or 1] the work of what is in execution holds its part
    committed: np.ndarray  # (A, K, N), bool [0 or 1] committed, later member
    coerced: np.ndarray  # (A, K, N), bool [0 or 1] bound against its vote
    enforced: np.ndarray  # (A, K, N), bool [0 or 1] the province enforces its promise until the next milestone
    willing: np.ndarray  # (A, K, N), bool [0 or 1] means to keep its promise until the next milestone, of the members
    promised: np.ndarray  # (A, K, N) [fte] what a member signed for, a quarter
    offer: np.ndarray  # (A, K, N) [fte] what a member gives this quarter
    given: np.ndarray  # (A, K, N) [fte quarters] what a member gave since the last milestone
    quarters_before: np.ndarray  # (A, K, N) [quarters] of those since the last milestone, the ones before the member signed
    missed: np.ndarray  # (A, K, N) [share] share of the work that was done without a member, -1 for the others
    broken_again: np.ndarray  # (A, K, N), bool [0 or 1] broke its promise at this milestone and at the one before
    verdict: np.ndarray  # (A, K, N), int8 [verdict] KEPT, DELAYED or BROKEN at this quarter's milestone, of the members
    running: np.ndarray  # (A K,), int64 [index] initiatives in execution, a K + k, the first ``n_running``
    institution: np.ndarray  # (A,) [record] record of governance.compile.DTYPE: the rules in force
    institution_values: np.ndarray  # (A, F) [unit of the field] the same memory as plain numbers
    arena_slot: np.ndarray  # (A,), int64 [slot] institution slot that holds in the arena, CLOSED if there is none
    taken_over: np.ndarray  # (A,), bool [0 or 1] another institution took over this quarter
    held_content: np.ndarray  # (A,), int64 [index] ``World.content`` of the institution that holds, CLOSED: none
    eligible: np.ndarray  # (A, N), bool [0 or 1]
    invited: np.ndarray  # (A, N), int64 [index] indices of the eligible, the first ``n_invited``
    n_invited: np.ndarray  # (A,), int64 [count]
    vote_back: np.ndarray  # (A, N), int64 [quarter] quarter from which a vote that was lost is back
    has_vote: np.ndarray  # (A, N), bool [0 or 1] eligible, and its vote counts this quarter
    seated: np.ndarray  # (A, N), bool [0 or 1] has a seat on the board by the rules, also without its vote
    board: np.ndarray  # (A, N), bool [0 or 1] decides on the board this quarter
    heard: np.ndarray  # (A, N), bool [0 or 1] is heard in the arena: its unequal say does not count
    in_scope: np.ndarray  # (A, K), bool [0 or 1]
    agreements: np.ndarray  # (N,) [count] agreements of the policy window that it was a member of when made, all arenas
    pledged: np.ndarray  # (N,) [count] promises that fell due in the policy window, all arenas
    delayed: np.ndarray  # (N,) [count] of these, announced to be late
    defaulted: np.ndarray  # (N,) [count] of these, broken
    spent: np.ndarray  # (5, N) [fte quarters] what capacity went to in the policy window
    log_row: np.ndarray  # (A, K), int64 [index] row of the initiative under way, -1 if there is none
    ballot: np.ndarray  # (N,) [record] record of BALLOT_DTYPE: what each weighs in this quarter's vote, if any
    scratch: np.ndarray  # (SCRATCH_ROWS, >= N and A K) [any] working memory within one rule; means nothing to another
    scratch_tables: np.ndarray  # (2, A K, N) [any] as ``scratch``
    log: np.ndarray  # (L,) [record] record of INITIATIVE_DTYPE, in order of opening
    noted_pairs: np.ndarray  # (2, N, N) [share] trust and grievance as the diary has noted them
    untold: np.ndarray  # (causes, N, N) [share] changes of trust or grievance, too small to be told so far
    noted_seats: np.ndarray  # (A, K, N), int8 [seat] what a municipality is in an initiative, as the diary noted it
    noted_votes: np.ndarray  # (A, N), int8 [0 or 1] 1: without its vote, as the diary has noted it
    noted_themes: np.ndarray  # (2, K) [share] shock and funding window, as the diary has noted them
    diary: np.ndarray  # (B,) [record] record of DIARY_DTYPE, in the order of happening
    draws_initial: np.ndarray  # (>= N,) [share] draws of the start, of one municipality, theme or initiative at a time
    draws_shock: np.ndarray  # (>= K,) [share] draws of this quarter: shocks
    draws_window: np.ndarray  # (>= K,) [share] draws of this quarter: funding windows
    draws_turnover: np.ndarray  # (>= N,) [share] draws of this quarter: aldermen who leave
    draws_urgency: np.ndarray  # (K, >= N) [share] draws of this quarter: what an election does to urgency
    draws_agenda: np.ndarray  # (A, >= K) [share] draws of this quarter: themes put on the agenda
    draws_commit: np.ndarray  # (A, K, >= N) [share] draws of this quarter: joining and withdrawing
    draws_delivery: np.ndarray  # (A, K, >= N) [share] draws of this quarter: meaning to keep a promise
    draws_mandatory: np.ndarray  # (>= N,) [share] draws of this quarter: mandatory work
    drawn: np.ndarray  # (streams, A K), int64 [quarter] of which the draws are, by stream and what they are about


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
        "arena_pool": arena, "diversity": arena, "service_fte": arena, "staffed": arena, "track_record": arena, "members": cube, "n_members": cell, "executing": arena,
        "phase": cell, "work": cell, "since_milestone": cell, "done_before": cell, "due": cell, "willing": cube, "enforced": cube,
        "promised": cube, "offer": cube, "given": cube, "quarters_before": cube, "missed": cube, "verdict": cube, "broken_again": cube, "running": (arenas * themes,),
        "outcome": cell, "clock": cell, "rest": cell, "grant": cell, "applied": cell, "taken": cell, "progress": cell, "share_done": cell,
        "agreed_binding": cell, "agreed_supplied": cell, "agreed_exit_cost": cell, "agreed_sanction": cell,
        "agreed_ratified": cell, "agreed_cost_sharing": cell, "agreed_opt_out": cell, "agreed_autonomy": cell,
        "escalation": cell, "committed": cube, "in_work": cube, "coerced": cube,
        "institution_values": (arenas, world.institution_values.shape[2]), "arena_slot": arena, "taken_over": arena,
        "held_content": arena, "vote_back": seats, "has_vote": seats, "seated": seats,
        "eligible": seats, "invited": seats,
        "n_invited": arena, "board": seats, "heard": seats, "in_scope": cell, "agreements": row, "pledged": row, "delayed": row, "defaulted": row, "spent": (5, size), "log_row": cell,
        "draws_initial": (room_n,), "scratch": (SCRATCH_ROWS, max(size, arenas * themes)),
        "scratch_tables": (2, arenas * themes, size),
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
    types |= dict.fromkeys(("committed", "in_work", "coerced", "enforced", "willing", "broken_again", "due", "eligible", "board", "heard", "in_scope", "taken_over",
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
