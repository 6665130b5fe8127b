"""What can happen in a run: every event and every cause of trust and grievance, with its sentence, written once.

The English sentence is the key of the Dutch one in ``locale/nl.po``. What stands in braces is filled in by
``bresim.story``: names of municipalities, theme, arena, design and what follows it, the quarter, and sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class EventKind:
    """A kind of row in ``events``: its name there, what it means, and its sentence."""

    name: str
    meaning: str
    sentence: str


@dataclass(frozen=True)
class Cause:
    """Why trust or grievance of one municipality towards another changed: a kind of row in ``trust_changes``."""

    quantity: Literal["trust", "grievance"]
    name: str
    meaning: str
    sentence: str

    @property
    def code(self) -> str:
        """A name that tells it from the other causes."""
        return f"{self.quantity}: {self.name}"


#: In the order of a quarter. What an institution goes through stands in ``INSTITUTIONAL``.
EVENTS = (
    EventKind("shock", "a shock to a theme began or grew", "A shock makes {theme} pressing (strength {size})."),
    EventKind("funding_window", "central money came free for a theme, or more of it",
              "Central money comes free for {theme} (strength {size})."),
    EventKind("municipal_election", "there were municipal elections", "Municipal elections are held."),
    EventKind("provincial_election", "there were provincial elections", "Provincial elections are held."),
    EventKind("term_ended", "the term of the design was over", "The term of ‘{design}’ is over."),
    EventKind("dissolved", "the municipalities dissolved the design for want of results",
              "The municipalities dissolve ‘{design}’, as they see no results."),
    EventKind("successor_dissolved", "the municipalities dissolved the successor of the design for want of results",
              "The municipalities dissolve ‘{successor}’, as they see no results."),
    EventKind("refused", "a vote to found the design was lost", "The municipalities vote on founding ‘{design}’, and refuse."),
    EventKind("successor_refused", "a vote to found its successor was lost",
              "The municipalities vote on founding ‘{successor}’, which would follow ‘{design}’, and refuse."),
    EventKind("not_followed", "the term of the design was over, and the condition of its successor was not met: there will be none",
              "Nothing follows ‘{design}’: the condition for a successor is not met."),
    EventKind("founded", "the design was founded: its rules hold from this quarter on", "The design ‘{design}’ is founded."),
    EventKind("successor_founded", "the successor of the design was founded: its rules hold from this quarter on",
              "‘{successor}’ is founded, after ‘{design}’."),
    EventKind("opened", "an initiative was put on the agenda", "{theme} is put on the agenda of {arena}."),
    EventKind("joined", "a municipality joined an initiative, in negotiation or in execution", "{municipality} joins the initiative on {theme} in {arena}."),
    EventKind("withdrew", "it withdrew before there was an agreement", "{municipality} withdraws from the talks about {theme} in {arena}."),
    EventKind("council_refused", "it had joined, and its council refused when there would be an agreement: it takes no part",
              "The council of {municipality} refuses to let it take part in the initiative on {theme} in {arena}."),
    EventKind("excluded", "it had to leave the talks, which go on: under the new rules it can no longer take part",
              "{municipality} has to leave the talks about {theme} in {arena}: under the new rules it can no longer take part."),
    EventKind("bound", "it was made a member against its vote", "{municipality} is bound to the initiative on {theme} in {arena} against its vote."),
    EventKind("agreed", "an initiative was agreed on", "There is an agreement on {theme} in {arena}."),
    EventKind("imposed", "the province imposed an agreement", "The province imposes an agreement on {theme} in {arena}."),
    EventKind("deadlocked", "negotiation ended without agreement", "The talks about {theme} in {arena} end without an agreement."),
    EventKind("lapsed", "negotiation ended because its arena ended", "The talks about {theme} lapse, as {arena} ends."),
    EventKind("signed", "a member promised staff", "{municipality} promises {fte} fte a quarter for {theme} in {arena}."),
    EventKind("enforced", "the province saw to it that a municipality, which had broken its promise twice in a row, works on the next one; whether it has the capacity for it is another matter",
              "The province sees to it that {municipality} works on its promise on {theme} in {arena}."),
    EventKind("delivered", "at a milestone it had kept its promise", "{municipality} has kept its promise on {theme} in {arena}."),
    EventKind("announced_late", "at a milestone it was late, for want of capacity, and had said so in time",
              "{municipality} says in time that what it promised on {theme} in {arena} will be late."),
    EventKind("broken", "at a milestone it had broken its promise", "{municipality} breaks its promise on {theme} in {arena}."),
    EventKind("lost_vote", "it lost its vote in the arena, as it had broken its promise",
              "{municipality} loses its vote in {arena}: it did not deliver what it promised on {theme}."),
    EventKind("regained_vote", "it has its vote in the arena back: it kept a promise, it took long enough, or other rules hold under which it takes part",
              "{municipality} has its vote in {arena} back."),
    EventKind("left", "a member left an initiative in execution", "{municipality} leaves the initiative on {theme} in {arena} before it is done."),
    EventKind("completed", "all work of an initiative was done", "The initiative on {theme} in {arena} is completed."),
    EventKind("failed", "it ended before all work was done", "The initiative on {theme} in {arena} fails."),
)  # fmt: skip
#: What an institution can go through in a quarter, in that order; the bits of ``runner.diary.institution_events``.
INSTITUTIONAL = ("term_ended", "dissolved", "successor_dissolved", "refused", "successor_refused", "not_followed", "founded", "successor_founded")  # fmt: skip

CAUSES = (
    Cause("trust", "kept_promise", "the other kept its promise at a milestone",
          "Trust of {source} in {target} rises by {change}: {target} kept what it promised."),
    Cause("trust", "broken_promise", "the other broke its promise at a milestone",
          "Trust of {source} in {target} falls by {change}: {target} broke its promise."),
    Cause("trust", "left", "the other left an agreement; what its new aldermen lost in the same quarter is in it",
          "Trust of {source} in {target} falls by {change}: {target} left what they had agreed on."),
    Cause("trust", "completed", "they completed an initiative together",
          "Trust of {source} in {target} rises by {change}: they completed something together."),
    Cause("trust", "failed", "their initiative failed", "Trust of {source} in {target} falls by {change}: what they had begun together failed."),
    Cause("trust", "turnover", "one of the two got new aldermen", "Trust of {source} in {target} falls by {change}: new aldermen know each other less well."),
    Cause("trust", "baseline", "it went back to what is usual between the two, which the divide and grievance lower",
          "Trust of {source} in {target} goes back to what is usual between the two (change {signed})."),
    Cause("grievance", "broken_promise", "the other broke its promise at a milestone",
          "{source} holds it against {target} that it broke its promise (grievance +{change})."),
    Cause("grievance", "left", "the other left an agreement", "{source} holds it against {target} that it left what they had agreed on (grievance +{change})."),
    Cause("grievance", "deadlocked", "the other held out, and the talks failed",
          "{source} holds it against {target} that the talks ended without an agreement (grievance +{change})."),
    Cause("grievance", "imposed", "it was bound against its vote, which the other wanted",
          "{source} holds it against {target} that it was bound against its vote (grievance +{change})."),
    Cause("grievance", "failed", "their initiative failed", "{source} holds it against {target} that what they had begun together failed (grievance +{change})."),
    Cause("grievance", "retold", "the bad experience of others with the other was retold, and more than faded",
          "{source} hears from others what went wrong with {target} (grievance +{change})."),
    Cause("grievance", "faded", "it faded, and more than was retold", "{source} remembers less of what went wrong with {target} (grievance −{change})."),
)  # fmt: skip

#: Smallest change of trust or grievance that is reported. Smaller ones of the same pair and cause are added up to it.
SMALLEST_CHANGE = 0.02
