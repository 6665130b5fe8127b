"""The region as the model sees it, beside the figures that sources publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bresim.region.statistics import STATISTICS, subjects
from bresim.region.types import PublishedFigure, Region

if TYPE_CHECKING:
    import pandas as pd

#: Shown of every region; the kinds with a pair or a group only where a source publishes a figure.
_ALWAYS = (
    "municipalities", "population", "council_seats", "collaborations", "internal", "external", "with_all", "exclusive",
    "other_internal", "members_mean_internal", "collaborations_mean", "collaborations_of", "pair_most", "pair_least",
    "legal_form_share", "with_province", "with_water_board", "mandatory",
)  # fmt: skip


def published_figures(region: Region, lang: str = "en") -> pd.DataFrame:
    """One row for each figure, computed from the region's own arrays, in the order of ``STATISTICS``.

    Columns: ``statistic``, ``subject``, ``figure`` (in words, Dutch or English), ``unit``, ``published``
    (missing if no source publishes it), ``model`` (mean over the membership solutions),
    ``model_low`` and ``model_high`` (minimum and maximum over the solutions), ``difference`` (model −
    published), ``source``, ``note``. Shares lie in [0, 1].
    """
    import pandas as pd

    known: dict[tuple[str, str], list[PublishedFigure]] = {}
    for figure in region.published:
        known.setdefault((figure.statistic, figure.subject), []).append(figure)
    rows = []
    for name, statistic in STATISTICS.items():
        labels = subjects(region, statistic.subject)
        for subject, (dutch, english) in labels.items():
            figures: list[PublishedFigure | None] = list(known.get((name, subject), []))
            if not figures and name in _ALWAYS:
                figures = [None]
            for found in figures:
                values = statistic.compute(region, subject)
                words = (
                    statistic.label_nl.format(subject=dutch)
                    if lang == "nl"
                    else statistic.label_en.format(subject=english)
                )
                model = float(values.mean())
                rows.append(
                    {
                        "statistic": name,
                        "subject": subject,
                        "figure": words,
                        "unit": statistic.unit,
                        "published": found.value if found else np.nan,
                        "model": model,
                        "model_low": float(values.min()),
                        "model_high": float(values.max()),
                        "difference": model - found.value if found else np.nan,
                        "source": found.source if found else "",
                        "note": (found.note_nl if lang == "nl" else found.note_en) if found else "",
                    }
                )
    return pd.DataFrame(rows)
