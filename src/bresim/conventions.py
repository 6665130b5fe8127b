"""Names and levels shared by many modules: reference design, headline outcome, confidence, undercurrent."""

from __future__ import annotations

from typing import Literal, get_args

#: The design that the others are compared with.
REFERENCE = "status_quo"
#: The outcome by which designs are ranked, in figures, report and sweeps.
HEADLINE = "public_value_direct"
#: How a design comes to hold: a vote founds it, or it holds from policy start.
Founding = Literal["vote", "at_once"]
#: All, in the order of tables. Place 1 is that of a run that is ``at_once``.
FOUNDINGS: tuple[Founding, ...] = get_args(Founding)
#: Confidence of every interval of a mean, and of every sensitivity index.
CONFIDENCE = 0.95
#: Quantiles between which 90 % of the replicates lie.
SPREAD = (0.05, 0.95)
#: The parts of the undercurrent (Dutch: onderstroom), as the fields of ``config.schema.Undercurrent``.
UNDERCURRENT_PARTS = ("parochialism", "cleavage", "negativity")
