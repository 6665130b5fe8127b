"""What the pages of the named experiments count with: means, paired differences, intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from bresim.analysis.summary import mean_interval
from bresim.conventions import HEADLINE, REFERENCE
from bresim.governance import load_design, measures
from bresim.governance.codings import value_of
from bresim.governance.schema import RULE_TYPES
from bresim.sweep.variants import fields_of

KNOBS = ["undercurrent.parochialism", "undercurrent.cleavage", "undercurrent.negativity"]
CAPACITY, LOAD = "parameters.capacity_scale", "parameters.collaboration_fte"
SIZE = "region.synthetic.n"
STEERING, MANDATE = (f"designs.provincial_steering.payoff.{field}" for field in ("steering", "mandate"))
LOSS = "parameters.acceptance_loss"
TERM = "governance.scope.term_quarters"
THINNING = "measures.thinning"
SET_BACK, NOTHING = "set_back", "nothing"
MEASURE, NO_MEASURE = "measure", "none"
CODING = "coding"
VARIANT, SHIPPED = "variant", "as_is"
REGIONAL = "public_value_regional"
#: Direct value by the scales that count, as a caption → column.
SCALES = {"Direct value at the scale of the region": REGIONAL, "Direct value over all scales": HEADLINE}
#: Smallest change that is said to be felt, as a share of attainable value.
FELT = 0.0005


def label(design: str) -> str:
    return load_design(design).label_en


def measure_label(measure: str) -> str:
    return measures()[measure].label_en


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def points(difference: float) -> str:
    return f"{100 * difference:+.2f}".replace("-", "−")


def means(runs: pd.DataFrame, *keys: str) -> pd.Series:
    return runs.groupby(list(keys), observed=True)[HEADLINE].mean()


def paired(runs: pd.DataFrame, keys: Sequence[str], column: str = HEADLINE) -> pd.DataFrame:
    """Each run's difference to the status quo at the same point with the same random draws."""
    at = [*keys, "replicate"]
    base = runs[runs["design"] == REFERENCE].set_index(at)[column]
    others = runs[runs["design"] != REFERENCE].set_index(at)
    return others.assign(difference=others[column] - base.reindex(others.index)).reset_index()


def against(runs: pd.DataFrame, key: str, first: Any, column: str = HEADLINE) -> pd.DataFrame:
    """Each run's difference to value ``first`` of ``key`` under the same design with the same random draws."""
    at = ["design", "replicate"]
    base = runs[runs[key] == first].set_index(at)[column]
    others = runs.set_index(at)
    return others.assign(difference=others[column] - base.reindex(others.index)).reset_index()


def against_first(runs: pd.DataFrame, key: str) -> pd.DataFrame:
    """``against`` the smallest value of ``key``."""
    return against(runs, key, runs[key].min())


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


def chosen(design: str, what: str) -> list[str]:
    """Of a field, or the fields of a rule type: those that the design codes and whose value is not the status quo's."""
    coded, quo = load_design(design), load_design(REFERENCE)
    return [path for path in fields_of(what) if path in coded.codings and value_of(coded, path) != value_of(quo, path)]


def kept(design: str) -> list[str]:
    """Fields in which a design differs from the status quo and that cannot be set back: members and themes."""
    own, quo = load_design(design), load_design(REFERENCE)
    paths = [f"{section}.{field}" for section, rules in RULE_TYPES.items() for field in rules.model_fields]
    return [path for path in paths if value_of(own, path) != value_of(quo, path) and path not in chosen(design, path)]


def held(design: str, measure: str) -> float:
    """How much of a measure the design has without it, against the status quo, from 0 to 1: mean over its fields."""
    own, quo, targets = load_design(design), load_design(REFERENCE), measures()[measure].targets
    shares = [
        (value_of(own, path) - value_of(quo, path)) / (target - value_of(quo, path))
        for path, target in targets.items()
        if target != value_of(quo, path)
    ]
    return float(np.clip(shares, 0.0, 1.0).mean())


def shared_fields() -> dict[str, list[str]]:
    """Fields that several measures move → those measures."""
    by_field: dict[str, list[str]] = {}
    for name, measure in measures().items():
        for path in measure.targets:
            by_field.setdefault(path, []).append(name)
    return {path: names for path, names in by_field.items() if len(names) > 1}


def set_back(runs: pd.DataFrame, column: str) -> pd.DataFrame:
    """What setting a field back changes: design, field, mean, low, high; only of fields that the design codes."""
    changed = set_back_runs(runs, column)
    rows = [
        (str(design), str(field), *interval(part, "difference"))
        for (design, field), part in changed.groupby(["design", SET_BACK], observed=True)
    ]
    table = pd.DataFrame(rows, columns=["design", "field", "mean", "low", "high"])
    return table.sort_values("mean", key=abs, ascending=False).reset_index(drop=True)


def set_back_runs(runs: pd.DataFrame, column: str = HEADLINE) -> pd.DataFrame:
    """Each run's change when a field or rule type is set back, where the design's file has another value there."""
    changed = against(runs, SET_BACK, NOTHING, column)
    pairs = changed[["design", SET_BACK]].drop_duplicates().astype(str).itertuples(index=False)
    touched = pd.MultiIndex.from_tuples([pair for pair in pairs if chosen(*pair)], names=["design", SET_BACK])
    there = pd.MultiIndex.from_frame(changed[["design", SET_BACK]].astype(str))
    return changed[there.isin(touched)].reset_index(drop=True)


def measure_runs(runs: pd.DataFrame, column: str = HEADLINE) -> pd.DataFrame:
    """Each run's change when a measure is taken."""
    changed = against(runs, MEASURE, NO_MEASURE, column)
    return changed[changed[MEASURE] != NO_MEASURE].reset_index(drop=True)


def cells(changed: pd.DataFrame, key: str) -> pd.DataFrame:
    """``interval`` of the change for each value of ``key`` and design: a row for each pair there is."""
    found = {
        pair: interval(part, "difference") for pair, part in changed.groupby([key, "design"], observed=True, sort=False)
    }
    index = pd.MultiIndex.from_tuples(found, names=[key, "design"])
    return pd.DataFrame(list(found.values()), index=index, columns=["mean", "low", "high"])


def significance(table: pd.DataFrame) -> pd.Series:
    """Sign of each interval (row) of the table: 1 above zero, -1 below, 0 if zero lies in it."""
    return (table["low"] > 0).astype(int) - (table["high"] < 0).astype(int)


def added_up(runs: pd.DataFrame, column: str = HEADLINE) -> pd.DataFrame:
    """Each design's difference to the status quo (``whole``), what its rule types lose alone, added up (``parts``).

    Rows: designs, besides the status quo. ``apart``: whole minus parts, with its interval ``low`` to ``high``.
    """
    whole = paired(runs[runs[SET_BACK] == NOTHING], [], column).set_index(["design", "replicate"])
    lost = -set_back_runs(runs, column).groupby(["design", "replicate"], observed=True)["difference"].sum()
    whole = whole.assign(parts=lost.reindex(whole.index).fillna(0.0))
    whole = whole.assign(apart=whole["difference"] - whole["parts"]).reset_index()
    rows = {}
    for design, part in whole.groupby("design", observed=True):
        apart, low, high = interval(part, "apart")
        rows[str(design)] = part["difference"].mean(), part["parts"].mean(), apart, low, high
    return pd.DataFrame.from_dict(rows, orient="index", columns=["whole", "parts", "apart", "low", "high"])


def beside_quo(changed: pd.DataFrame) -> pd.DataFrame:
    """How much more a measure changes under a design than under the status quo: ``cells`` of the other designs."""
    at = [MEASURE, "replicate"]
    quo = changed[changed["design"] == REFERENCE].set_index(at)["difference"]
    others = changed[changed["design"] != REFERENCE].set_index(at)
    more = others.assign(difference=others["difference"] - quo.reindex(others.index)).reset_index()
    return cells(more, MEASURE)
