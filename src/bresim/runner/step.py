"""The order of one quarter, and the only caller of the rules.

 1. institutions         the design is founded, built up, ended: which rules hold in every arena this quarter
 2. events and funding   shocks, windows, elections, resignations (lobby and binding are those of the rules in force)
 3. urgency              own severity and trusted others
 4. load and slack       collaborations and tables take capacity
 5. agenda               which themes come on the table
 6. negotiation          who commits; what counts as agreement; deadlock or imposition
 7. execution            who delivers; effort against transaction cost; done or failed
 8. learning             trust, grievance, divide, support, partners, acceptance
 9. value                local and mandatory work; wear

Adoption comes first, not fourth, because events and load already need the rules of this quarter. The quarter has
four parts (``prepare``, ``negotiate``, ``execute``, ``conclude``): a family of runs goes through each together.
"""

from __future__ import annotations

from bresim.kernel.jit import called, njit
from bresim.rules import (
    acceptance,
    adoption,
    agenda,
    aggregation,
    commitment,
    divide,
    effort,
    events,
    grievance,
    load,
    partners,
    support,
    trust,
    urgency,
    value,
)


@njit
def learning(s, w, p, t):
    """Everything that municipalities, councils, partners and memories take from this quarter."""
    trust.settle(s, p)
    grievance.update(s, p)
    divide.update(s, w, p)
    support.update(s, w, p)
    partners.update(s, w, p)
    acceptance.recover(s, w, p)


#: (name, rule) in order; every rule has the signature (state, world, parameters, quarter).
PHASES = (
    ("institutions", adoption.update),
    ("events", events.happen),
    ("urgency", urgency.update),
    ("load", load.update),
    ("agenda", agenda.update),
    ("commitment", commitment.update),
    ("aggregation", aggregation.update),
    ("execution", effort.update),
    ("learning", learning),
    ("value", value.update),
)


@called
def prepare(s, w, p, t, slot):
    """What the quarter brings and what everyone has for it, under institution ``slot`` of the design (1 to 4)."""
    adoption.govern(s, w, p, t, slot)
    events.happen(s, w, p, t)
    urgency.update(s, w, p, t)
    load.update(s, w, p, t)


@called
def negotiate(s, w, p, t):
    """What is put on the table and agreed (5 and 6)."""
    agenda.update(s, w, p, t)
    commitment.update(s, w, p, t)
    aggregation.update(s, w, p, t)


@called
def execute(s, w, p, t):
    """What is delivered and done (7)."""
    effort.update(s, w, p, t)


@called
def conclude(s, w, p, t):
    """What is learned, and what happens beside working together (8 and 9)."""
    learning(s, w, p, t)
    value.update(s, w, p, t)


@njit
def step(s, w, p, t):
    """One quarter; the compiled twin of walking through ``PHASES`` (a test holds them together)."""
    prepare(s, w, p, t, adoption.found(s, w, p, t))
    negotiate(s, w, p, t)
    execute(s, w, p, t)
    conclude(s, w, p, t)
