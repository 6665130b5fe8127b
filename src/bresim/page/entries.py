"""What a page calls of the compiled model: a batch of families, and one run quarter by quarter.

A visitor's choice takes the place of the random draw that decides otherwise: no rule is touched, and a choice that the
rules leave no chance to is not taken.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bresim.kernel import draws
from bresim.kernel.jit import called, njit
from bresim.kernel.state import CLOSED
from bresim.kernel.structs import copy_state, one_of, parameter_set
from bresim.rules.initial import reset
from bresim.runner import changes, diary, logbook, outcomes
from bresim.runner.family import as_one, begin_family, end_family, pass_quarter
from bresim.runner.outcomes import RunRows
from bresim.runner.step import conclude, constitution, execute, negotiate, prepare

#: What is chosen: to be in an initiative or out of it, to mean to keep a promise or to break it.
IN, OUT, KEEP, BREAK = 0, 1, 2, 3
CHOICE_DTYPE = np.dtype(
    [("municipality", np.int64), ("arena", np.int64), ("theme", np.int64), ("decision", np.int64)], align=True
)
#: What is done about the time before policy start: it is run; it is run and kept; one that was kept is gone on from.
RUN, NOTE, RESUME = 0, 1, 2
#: Draws that always and never fall below a chance.
_ALWAYS, _NEVER = 0.0, 1.0


class Trace(NamedTuple):
    """Where a single run is recorded; T quarters, N municipalities, K themes."""

    runs: RunRows  # one row
    series: np.ndarray  # (T,) record of outcomes.STATE_DTYPE
    municipalities: np.ndarray  # (T, N) record of outcomes.MUNICIPALITY_DTYPE
    municipality_themes: np.ndarray  # (T, N, K)
    capacity: np.ndarray  # (T, N) record of outcomes.CAPACITY_DTYPE
    pairs: np.ndarray  # (T + 1, 2, N, N) trust and grievance, first those before the first quarter
    institutions: np.ndarray  # (T,) int16: diary.institution_events
    ballots: np.ndarray  # record of BALLOT_DTYPE
    cast: np.ndarray  # (1,) int64: rows of ``ballots`` in use
    shares: np.ndarray  # (N,) working memory
    subregion: np.ndarray  # (N,) int64


@njit
def _note_pairs(s, pairs):
    for i in range(s.trust.shape[0]):
        for j in range(s.trust.shape[0]):
            pairs[0, i, j] = s.trust[i, j]
            pairs[1, i, j] = s.grievance[i, j]


@njit
def _resume(s, w, design, kept):
    """Let the state be one that was kept at policy start, of a run of another design or with other measures."""
    copy_state(s, kept)
    s.drawn[:] = -1  # the draws that are at hand are those of another run
    for a in range(s.arena_slot.shape[0]):  # the same rules may have another number among those of this batch
        slot = s.arena_slot[a]
        s.held_content[a] = w.content[design, slot] if slot != CLOSED else CLOSED


@called
def run_families(states, w, work, first, last, room, tables, kept, histories):
    """As that of the ensemble, without logs; ``histories[f]`` says what is done about the time before policy start.

    Until then runs do not depend on their design, nor on measures if the ``history_is_free``, so that a
    page that asks for another design or measure goes on from state ``f`` of ``kept``.
    """
    for f in range(first, last):
        family = work.order[work.starts[f] : work.starts[f + 1]]
        job = work.jobs[family[0]]
        p = parameter_set(w.parameters, job.draw)
        s, start = one_of(states, 0), 0
        if histories[f] == RESUME:
            _resume(s, w, job.design, one_of(kept, f))
            start = w.policy_start
        else:
            begin_family(states, w, p, work, family)
        as_one(s, room.members, len(family))
        for t in range(start, w.election.shape[0]):
            if t == w.policy_start and histories[f] == NOTE:
                copy_state(one_of(kept, f), s)
            pass_quarter(states, w, p, t, work, family, room, tables)
        end_family(states, w, work, family, room, tables)


@called
def begin(states, w, jobs, keys, trace):
    """Set the first state to the start of the run of the first job."""
    s, job = one_of(states, 0), jobs[0]
    p = parameter_set(w.parameters, job.draw)
    reset(s, w, p, keys[0], job.design, job.solution, job.parochialism, job.cleavage, job.negativity)
    s.region.at_once = job.at_once
    changes.begin(s)
    trace.cast[0] = 0
    _note_pairs(s, trace.pairs[0])


@njit
def _choose(s, t, choice):
    """Let a choice take the place of a draw of this quarter."""
    a, k, i = choice.arena, choice.theme, choice.municipality
    cell = a * s.phase.shape[1] + k
    if choice.decision == IN or choice.decision == OUT:
        draws.fill_once(s.key, draws.COMMIT, t, cell, s.draws_commit[a, k], s.drawn)
        # the draw turns a municipality: from out to in, or from in to out
        turns = s.committed[a, k, i] == (choice.decision == OUT)
        s.draws_commit[a, k, i] = _ALWAYS if turns else _NEVER
    else:
        draws.fill_once(s.key, draws.DELIVER, t, cell, s.draws_delivery[a, k], s.drawn)
        s.draws_delivery[a, k, i] = _ALWAYS if choice.decision == KEEP else _NEVER


@njit
def _record(s, w, t, trace):
    """Note the state at the end of quarter ``t``, and the outcomes of the run so far."""
    outcomes.state_outcomes(s, w, trace.series[t])
    outcomes.note_capacity(s, w, t)
    outcomes.municipality_outcomes(s, w, t, trace.municipalities[t], trace.municipality_themes[t])
    outcomes.capacity_use(s, trace.capacity[t])
    outcomes.run_outcomes(s, w, trace.subregion, trace.shares, trace.runs, 0)
    _note_pairs(s, trace.pairs[t + 1])


@called
def play(states, w, jobs, choices, first, last, trace):
    """Play quarters ``first`` up to ``last`` with the first state; ``choices`` are those of the first quarter.

    They count once it is known what the quarter brings, before anyone decides.
    """
    s = one_of(states, 0)
    p = parameter_set(w.parameters, jobs[0].draw)
    for t in range(first, last):
        constitution(s, w, p, t)
        trace.institutions[t] = diary.institution_events(s, w)
        trace.cast[0] = logbook.note_ballots(s, t, 0, trace.ballots, trace.cast[0])
        prepare(s, w, p, t)
        if t == first:
            for choice in range(choices.shape[0]):
                _choose(s, t, choices[choice])
        negotiate(s, w, p, t)
        execute(s, w, p, t)
        conclude(s, w, p, t)
        _record(s, w, t, trace)


#: Name in the module → function.
ENTRIES = {"run_families": run_families, "begin": begin, "play": play}
