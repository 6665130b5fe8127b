"""Names and levels shared by many modules: reference design, headline outcome, confidence, undercurrent."""

from __future__ import annotations

#: The design that the others are compared with.
REFERENCE = "status_quo"
#: The outcome by which designs are ranked, in figures, report and sweeps.
HEADLINE = "public_value_direct"
#: Confidence of every interval of a mean, and of every sensitivity index.
CONFIDENCE = 0.95
#: Quantiles between which 90 % of the replicates lie.
SPREAD = (0.05, 0.95)
#: The parts of the undercurrent (Dutch: onderstroom), as the fields of ``config.schema.Undercurrent``.
UNDERCURRENT_PARTS = ("parochialism", "cleavage", "negativity")
