"""The order of one quarter, and the only caller of the rules: every rule stands here where it happens.

 1. institutions         the design is founded, built up, ended, dissolved: which rules hold in every arena this quarter
 2. events               shocks, funding windows, elections, aldermen who leave, the province
 3. urgency              own severity and trusted others
 4. load and slack       collaborations and tables take capacity; in the first quarter, what is under way already
 5. agenda               which themes come on the table
 6. negotiation          what municipalities commit to; agreement, deadlock or imposition
 7. execution            which promises are kept; effort against transaction cost; done or failed; milestones
 8. learning             trust, grievance, divide, support, partners, acceptance
 9. value                work by law and local work; wear

A rule has the entry ``update(s, w, p, t)`` for what happens once a quarter and ``update_initiative(s, w, p, t, a, k)``
for what happens to one initiative (arena a, theme k), with the state and world of ``kernel.state``, the parameter set
and the quarter. Initiatives take their turn one after the other, by arena and theme or the other way round (rule
``turns``): what one does to trust, support, acceptance, grievance and the trust of partners is there for the next.

Institutions come first because events and load already need the rules of this quarter. After the vote and what
follows from it (``constitution``) a quarter has four parts (``prepare``, ``negotiate``, ``execute``, ``conclude``): a
family of runs goes through each together.
"""

from __future__ import annotations

from bresim.kernel.jit import called, njit, within_caller
from bresim.kernel.state import AGREED, NEGOTIATING, OPEN
from bresim.rules import (
    acceptance,
    adoption,
    agenda,
    aggregation,
    board,
    commitment,
    completion,
    delivery,
    divide,
    effort,
    elections,
    funding,
    grievance,
    inheritance,
    institution,
    joint_result,
    lifecycle,
    load,
    local,
    mandatory,
    milestones,
    partners,
    pledges,
    resentment,
    seats,
    services,
    shocks,
    signing,
    stance,
    steering,
    support,
    track_record,
    trust,
    turnover,
    turns,
    urgency,
    value,
    voting,
)
from bresim.rules.turns import in_execution, turn
from bresim.runner import changes, diary, logbook


@within_caller
def constitution(s, w, p, t):
    """What holds in the region is founded, ended or dissolved, by a vote or without (1)."""
    voting.update(s, w, p, t)
    adoption.update(s, w, p, t)


@within_caller
def institutions(s, w, p, t):
    """Let the institution of this quarter hold: rules, votes, boards, and the stick of the province (1)."""
    institution.update(s, w, p, t)
    seats.update(s, w, p, t)
    board.update(s, w, p, t)
    steering.update(s, w, p, t)
    services.update(s, w, p, t)
    changes.note_votes(s, t)
    changes.note_seats(s, t)


@within_caller
def events(s, w, p, t):
    """What the quarter brings, and in which order initiatives take their turn (2)."""
    turns.update(s, w, p, t)
    shocks.update(s, w, p, t)
    funding.update(s, w, p, t)
    elections.update(s, w, p, t)
    changes.note_surroundings(s, w, t)
    turnover.update(s, w, p, t)
    changes.note_turnover(s, t)
    stance.update(s, w, p, t)


@within_caller
def inherited(s, w, p, t):
    """In the first quarter: what is under way when the run begins, with the work and promises of what was agreed."""
    if t > 0:
        return
    arenas, themes = s.phase.shape
    inheritance.update(s, w, p, t)
    logbook.note_openings(s, t, True)
    for x in range(arenas):
        a = turn(s, x, arenas)
        for y in range(themes):
            k = turn(s, y, themes)
            if s.outcome[a, k] == AGREED:
                signing.update_initiative(s, w, p, t, a, k)
                inheritance.update_initiative(s, w, p, t, a, k)
                logbook.note_inherited(s, a, k)
    changes.note_inherited(s)


@called
def prepare(s, w, p, t):
    """What the quarter brings and what everyone has for it, under the institution that adoption chose (1 to 4)."""
    institutions(s, w, p, t)
    events(s, w, p, t)
    urgency.update(s, w, p, t)
    load.update(s, w, p, t)
    inherited(s, w, p, t)


@called
def respond(s, w, p, t, a, k):
    """What follows, for everyone, when initiative (a, k) is agreed, imposed, deadlocked, completed or failed."""
    resentment.update_initiative(s, w, p, t, a, k)
    changes.note_resentment(s, a, k)
    acceptance.update_initiative(s, w, p, t, a, k)
    support.update_initiative(s, w, p, t, a, k)
    partners.update_initiative(s, w, p, t, a, k)
    value.update_initiative(s, w, p, t, a, k)
    track_record.update_initiative(s, w, p, t, a, k)
    adoption.update_initiative(s, w, p, t, a, k)
    signing.update_initiative(s, w, p, t, a, k)
    steering.update_initiative(s, w, p, t, a, k)
    logbook.note_outcome(s, w, t, a, k)
    lifecycle.update_initiative(s, w, p, t, a, k)


@within_caller
def opening(s, w, p, t):
    """What is put on the agenda (5)."""
    agenda.update(s, w, p, t)
    logbook.note_openings(s, t, False)


@within_caller
def deciding(s, w, p, t):
    """Municipalities join, stay out and withdraw (6)."""
    commitment.update(s, w, p, t)
    changes.note_seats(s, t)


@within_caller
def decisions(s, w, p, t):
    """Every initiative under negotiation is agreed, imposed, deadlocked or goes on (6)."""
    arenas, themes = s.phase.shape
    for x in range(arenas):
        a = turn(s, x, arenas)
        for y in range(themes):
            k = turn(s, y, themes)
            if s.phase[a, k] == NEGOTIATING:
                funding.update_initiative(s, w, p, t, a, k)
                aggregation.update_initiative(s, w, p, t, a, k)
                changes.note_decision(s, t, a, k)
                logbook.note_funding(s, w, a, k)
                if s.outcome[a, k] != OPEN:
                    respond(s, w, p, t, a, k)


@within_caller
def execution(s, w, p, t):
    """Every initiative in execution: members give, work is done, promises are kept or not, it ends or goes on (7)."""
    signing.update(s, w, p, t)
    changes.note_newcomers(s, t)
    for n in range(s.region.n_running):
        a, k = in_execution(s, n)
        funding.update_initiative(s, w, p, t, a, k)
        delivery.update_initiative(s, w, p, t, a, k)
        diary.note_enforced(s, t, a, k)
    pledges.update(s, w, p, t)
    for n in range(s.region.n_running):
        a, k = in_execution(s, n)
        effort.update_initiative(s, w, p, t, a, k)
    # all work is done before anything ends: what ends leaves no more bureau and partners to the others this quarter
    for n in range(s.region.n_running):
        a, k = in_execution(s, n)
        completion.update_initiative(s, w, p, t, a, k)
        milestones.update_initiative(s, w, p, t, a, k)
        seats.update_initiative(s, w, p, t, a, k)
        trust.update_initiative(s, w, p, t, a, k)
        changes.note_trust(s, changes.TRUST_KEPT, changes.TRUST_BROKEN)
        joint_result.update_initiative(s, w, p, t, a, k)
        changes.note_trust(s, changes.TRUST_COMPLETED, changes.TRUST_FAILED)
        grievance.update_initiative(s, w, p, t, a, k)
        changes.note_grievance(s, changes.GRIEVANCE_BROKEN, changes.GRIEVANCE_BROKEN)
        logbook.note_pledges(s, w, t, a, k)
        if s.outcome[a, k] != OPEN:
            respond(s, w, p, t, a, k)


@within_caller
def learning(s, w, p, t):
    """What municipalities, councils, partners and memories take from this quarter (8)."""
    trust.update(s, w, p, t)
    changes.note_trust(s, changes.TRUST_BASELINE, changes.TRUST_BASELINE)
    grievance.update(s, w, p, t)
    changes.note_grievance(s, changes.GRIEVANCE_RETOLD, changes.GRIEVANCE_FADED)
    changes.tell_changes(s, t)
    divide.update(s, w, p, t)
    support.update(s, w, p, t)
    partners.update(s, w, p, t)
    acceptance.update(s, w, p, t)
    track_record.update(s, w, p, t)


@within_caller
def realised(s, w, p, t):
    """What municipalities realise by law and alone, and the wear of all value (9)."""
    mandatory.update(s, w, p, t)
    local.update(s, w, p, t)
    value.update(s, w, p, t)


@called
def negotiate(s, w, p, t):
    """What is put on the table and agreed (5 and 6)."""
    opening(s, w, p, t)
    deciding(s, w, p, t)
    decisions(s, w, p, t)


@called
def execute(s, w, p, t):
    """What is delivered and done (7)."""
    execution(s, w, p, t)


@called
def conclude(s, w, p, t):
    """What is learned, and what happens beside working together (8 and 9)."""
    learning(s, w, p, t)
    realised(s, w, p, t)


#: (name, phase) in order; a phase has the signature (state, world, parameters, quarter).
PHASES = (
    ("adoption", constitution),
    ("institutions", institutions),
    ("events", events),
    ("urgency", urgency.update),
    ("load", load.update),
    ("inheritance", inherited),
    ("agenda", opening),
    ("commitment", deciding),
    ("aggregation", decisions),
    ("execution", execution),
    ("learning", learning),
    ("value", realised),
)


@njit
def step(s, w, p, t):
    """One quarter; the compiled twin of walking through ``PHASES`` (a test holds them together)."""
    constitution(s, w, p, t)
    prepare(s, w, p, t)
    negotiate(s, w, p, t)
    execute(s, w, p, t)
    conclude(s, w, p, t)
