"""The columns of what a job leaves."""

from __future__ import annotations

from bresim import columns
from tools.parts.markdown import code, table


def outcomes() -> str:
    """Every outcome column."""
    sign = {1: "more is better", -1: "less is better", 0: "neither"}
    rows = [
        (code(o.name), o.unit, sign[o.direction], o.window, o.label_nl, o.meaning)
        for o in (*columns.STATE_OUTCOMES, *columns.RUN_OUTCOMES)
    ]
    for kind in ("theme", "subregion"):
        name = code(f"public_value_<{kind}>")
        rows.append((name, "share", sign[1], "end", "directe waarde: …", f"direct value of one {kind}"))
    return table(("column", "unit", "direction", "window", "Dutch label", "meaning"), rows)
