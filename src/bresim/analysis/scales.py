"""The difference of each design to the status quo at each scale: a sum hides what governance moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from bresim.common.text import Language
from bresim.conventions import FOUNDINGS, REFERENCE

Row = dict[Any, Any]


@dataclass(frozen=True)
class Scales:
    """``parts``: scale → design → its row of the summary, of one founding; ``headings`` name the scales in words."""

    title: str
    headings: tuple[str, ...]
    designs: tuple[str, ...]  # from the highest to the lowest regional value
    parts: dict[str, dict[str, Row]]
    caption: str


def apart(summary: pd.DataFrame, language: Language) -> Scales | None:
    """The scales apart, of both foundings that if founded; None where there is nothing to differ from."""
    _ = language.gettext
    founding = summary["founding"].iloc[-1]
    found = summary[summary["founding"] == founding]
    scales = {"regional": _("regional scale"), "subregional": _("subregional scale"), "local": _("local scale")}
    parts = {scale: _rows(found[found["outcome"] == f"public_value_{scale}"]) for scale in scales}
    regional = parts["regional"]
    if REFERENCE not in regional or len(regional) < 2:
        return None
    titles = {
        FOUNDINGS[0]: _("At each scale: difference to the status quo as decided by vote, in percentage points"),
        FOUNDINGS[1]: _("At each scale: difference to the status quo if founded, in percentage points"),
    }
    text = _("Of what is attainable at that scale the status quo realises {regional}%, {subregional}% and {local}%.")
    levels = {
        scale: language.number(100.0 * part[REFERENCE]["mean"] if REFERENCE in part else None)
        for scale, part in parts.items()
    }
    order = tuple(sorted(regional, key=lambda name: -float(regional[name]["mean"])))
    return Scales(titles[founding], tuple(scales.values()), order, parts, text.format(**levels))


def _rows(summary: pd.DataFrame) -> dict[str, Row]:
    known = summary.dropna(subset="difference")
    return dict(zip(known["design"].astype(str), known.to_dict("records"), strict=True))
