"""What the pages of the named experiments count with: means, paired differences, intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from bresim.analysis.summary import mean_interval
from bresim.conventions import HEADLINE, REFERENCE
from bresim.governance import load_design
from bresim.governance.codings import value_of

KNOBS = ["undercurrent.parochialism", "undercurrent.cleavage", "undercurrent.negativity"]
CAPACITY, LOAD = "parameters.capacity_scale", "parameters.collaboration_fte"
SIZE = "region.synthetic.n"
STEERING, MANDATE = (f"designs.provincial_steering.payoff.{field}" for field in ("steering", "mandate"))
LOSS = "parameters.acceptance_loss"
TERM = "governance.scope.term_quarters"
THINNING = "measures.thinning"
SET_BACK = "set_back"
CODING = "coding"
VARIANT, SHIPPED = "variant", "as_is"
REGIONAL = "public_value_regional"
#: Smallest change that is said to be felt, as a share of attainable value.
FELT = 0.0005


def label(design: str) -> str:
    return load_design(design).label_en


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def points(difference: float) -> str:
    return f"{100 * difference:+.2f}".replace("-", "−")


def means(runs: pd.DataFrame, *keys: str) -> pd.Series:
    return runs.groupby(list(keys), observed=True)[HEADLINE].mean()


def paired(runs: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Each run's difference to the status quo at the same point with the same random draws."""
    at = [*keys, "replicate"]
    base = runs[runs["design"] == REFERENCE].set_index(at)[HEADLINE]
    others = runs[runs["design"] != REFERENCE].set_index(at)
    return others.assign(difference=others[HEADLINE] - base.reindex(others.index)).reset_index()


def against_first(runs: pd.DataFrame, key: str) -> pd.DataFrame:
    """Each run's difference to the first value of ``key`` under the same design with the same random draws."""
    at = ["design", "replicate"]
    base = runs[runs[key] == runs[key].min()].set_index(at)[HEADLINE]
    others = runs.set_index(at)
    return others.assign(difference=others[HEADLINE] - base.reindex(others.index)).reset_index()


def interval(runs: pd.DataFrame, column: str = HEADLINE) -> tuple[float, float, float]:
    """Mean and its 95 % interval. Runs of one parameter set hang together, at whatever points and replicates."""
    return mean_interval(runs[column].to_numpy(dtype=np.float64), runs["parameter_draw"].to_numpy(dtype=np.int64))


def intervals(runs: pd.DataFrame, key: str, column: str = HEADLINE) -> pd.DataFrame:
    """``interval`` for each value of ``key``: columns ``mean``, ``low``, ``high``."""
    found = {value: interval(part, column) for value, part in runs.groupby(key, observed=True)}
    return pd.DataFrame.from_dict(found, orient="index", columns=["mean", "low", "high"])


def spread(runs: pd.DataFrame, column: str) -> str:
    """Mean with its 95 % interval, in percentage points."""
    mean, low, high = interval(runs, column)
    return f"{points(mean)} ({points(low)} to {points(high)})"


def rankings(runs: pd.DataFrame, key: str = CODING) -> pd.DataFrame:
    """Rank of each design (column), 1 the highest mean, under each founding, seed and value of ``key`` (row)."""
    means = runs.groupby(["founding", "seed", key, "design"], observed=True)[HEADLINE].mean().unstack("design")
    return means.rank(axis=1, ascending=False)


def agreement(pairs: Sequence[tuple[pd.Series, pd.Series]]) -> tuple[float, float, float]:
    """Of pairs of rankings: how often the best is the same, how often the top three, and the mean of Kendall's tau."""
    best = np.mean([one.idxmin() == other.idxmin() for one, other in pairs])
    three = np.mean([set(one.nsmallest(3).index) == set(other.nsmallest(3).index) for one, other in pairs])
    tau = np.mean([kendalltau(one, other).statistic for one, other in pairs])
    return float(best), float(three), float(tau)


def perturbed(ranks: pd.DataFrame, founding: str) -> dict[str, tuple[float, float, float]]:
    """``agreement`` with the ranking of the files: of readings, and of the same readings with other random draws."""
    table = ranks.loc[founding]
    first, second = (table.loc[seed] for seed in table.index.unique("seed")[:2])
    drawn = [reading for reading in first.index if reading != "point"]
    return {
        "same": agreement([(first.loc[one], first.loc["point"]) for one in drawn]),
        "other": agreement([(second.loc[one], first.loc["point"]) for one in drawn]),
        "floor": agreement([(second.loc[one], first.loc[one]) for one in drawn]),
    }


def placed(runs: pd.DataFrame) -> pd.DataFrame:
    """Place of each design (column) under each structural variant (row), the shipped model first, of the first seed."""
    first = next(table for _, table in rankings(runs, VARIANT).groupby(["founding", "seed"], observed=True))
    table = first.droplevel(["founding", "seed"]).loc[list(dict.fromkeys(runs[VARIANT]))]
    return table[table.loc[SHIPPED].sort_values().index]


def moved(runs: pd.DataFrame) -> pd.DataFrame:
    """``agreement`` of each structural variant (row) with the shipped model: columns ``same``, ``other``, ``floor``.

    With the same random draws, with others, and of the variant itself under both.
    """
    ranks = rankings(runs, VARIANT).droplevel("founding")
    first, second = (ranks.loc[seed] for seed in ranks.index.unique("seed")[:2])
    of_shipped = first.loc[SHIPPED]
    return pd.DataFrame(
        {
            name: {
                "same": agreement([(first.loc[name], of_shipped)]),
                "other": agreement([(second.loc[name], of_shipped)]),
                "floor": agreement([(second.loc[name], first.loc[name])]),
            }
            for name in dict.fromkeys(runs[VARIANT])
        }
    ).T


def set_back(runs: pd.DataFrame, column: str) -> pd.DataFrame:
    """What setting a field back changes: design, field, mean, low, high; only of fields that the design codes."""
    at = ["design", "replicate"]
    base = runs[runs[SET_BACK] == "nothing"].set_index(at)[column]
    rows = []
    for (design, field), part in runs[runs[SET_BACK] != "nothing"].groupby(["design", SET_BACK], observed=True):
        name, path = str(design), str(field)
        coded = load_design(name)
        if path not in coded.codings or value_of(coded, path) == value_of(load_design(REFERENCE), path):
            continue
        changed = part.set_index(at)
        changed = changed.assign(difference=changed[column] - base.reindex(changed.index))
        rows.append((name, path, *interval(changed.reset_index(), "difference")))
    table = pd.DataFrame(rows, columns=["design", "field", "mean", "low", "high"])
    return table.sort_values("mean", key=abs, ascending=False).reset_index(drop=True)
