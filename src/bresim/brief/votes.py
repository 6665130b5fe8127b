"""What each municipality thinks of founding: its chance of a yes in the first vote, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim import tabulate
from bresim.brief.rows import rows
from bresim.columns.runs import BALLOT_TERMS
from bresim.common.progress import Progress
from bresim.config.schema import BriefConfig
from bresim.jobs import run_plan
from bresim.plan import Case, make_plan

#: What may count against or for founding; the constant is the same for all.
TERMS = tuple(term.name for term in BALLOT_TERMS if term.name not in {"constant", "results", "cost", "leaving"})


def first_votes(
    config: BriefConfig, cases: Sequence[Case], replicates: NDArray[np.int64], progress: Progress
) -> pd.DataFrame:
    """Means over the futures of the first vote: a row a case and municipality, with its chance and terms.

    A case that no municipality votes on has no rows. Runs end with the quarter of that vote.
    """
    time = config.time.model_copy(update={"end": config.time.policy_start})
    short = config.model_copy(update={"time": time, "founding": "vote"})
    plan = make_plan(short, replicates, cases=cases)
    ballots = tabulate.votes_table(plan, run_plan(plan, progress, details=True))
    if ballots.empty:
        return pd.DataFrame(columns=["design", "municipality", "chance", *TERMS])
    ballots = ballots[ballots["question"] == "founding"]
    means = ballots.groupby(["design", "municipality"], observed=True, sort=False)[["chance", *TERMS]].mean()
    return means.reset_index().astype({"design": str, "municipality": str})


def with_reasons(votes: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """The votes with the strongest term against and for, and the measure that raises the chance most.

    ``measured`` has the same columns and ``measure``: the votes with each measure taken.
    """
    votes = votes.copy()
    terms = votes[list(TERMS)]
    votes["against"] = terms.idxmin(axis=1).where(terms.min(axis=1) < 0.0)
    votes["for"] = terms.idxmax(axis=1).where(terms.max(axis=1) > 0.0)
    votes["measure"], votes["with_measure"] = None, np.nan
    best = {key: rows(part) for key, part in measured.groupby(["design", "municipality"], sort=False)}
    for at, row in enumerate(rows(votes)):
        found = max(best.get((row["design"], row["municipality"]), []), key=lambda one: one["chance"], default=row)
        if found["chance"] > row["chance"]:
            votes.loc[votes.index[at], ["measure", "with_measure"]] = found["measure"], found["chance"]
    return votes
