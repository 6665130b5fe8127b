"""Scenario discovery by the EMA Workbench: in which part of the space one design does better than another.

PRIM (Friedman & Fisher 1999; Bryant & Lempert 2010) peels a box off the space, CART (Breiman et al. 1984) cuts it in
two repeatedly. A box is judged by its coverage (share of all points of interest that it holds) and its density
(share of its points that are of interest).
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim.sensitivity.extras import load
from bresim.sensitivity.problem import FEWEST

Bools = NDArray[np.bool_]
Row = dict[str, Any]

#: Significance level: a restriction with a larger quasi-p value (Bryant & Lempert 2010) is dropped.
SIGNIFICANT = 0.05
#: Density threshold for version 2 of the workbench, so low that it returns every box, as version 3 does; we choose
#: among them.
ANY = 1e-9
#: Trees of the forest that scores the keys.
TREES = 250


@dataclass(frozen=True)
class Box:
    """Bounds by key, infinite where open, and for PRIM the quasi-p value of each key's restriction."""

    bounds: dict[str, tuple[float, float]]
    quasi_p: dict[str, float] = field(default_factory=dict)

    def holds(self, points: pd.DataFrame) -> Bools:
        """(P,) which points lie inside."""
        inside = np.ones(len(points), dtype=np.bool_)
        for key, (low, high) in self.bounds.items():
            values = points[key].to_numpy(dtype=np.float64)
            inside &= (values >= low) & (values <= high)
        return inside

    def judged(self, points: pd.DataFrame, wins: Bools) -> tuple[float, float, float]:
        """(coverage, density, mass); density is NaN for a box that holds no point."""
        inside = self.holds(points)
        held = int(inside.sum())
        found = int((inside & wins).sum())
        return found / max(int(wins.sum()), 1), found / held if held else np.nan, held / len(points)


@contextmanager
def _quiet(seed: int) -> Iterator[None]:
    """Silence the workbench's warnings about its own use of pandas.

    Its trees draw from NumPy's global generator, which is seeded here and restored.
    """
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002


def prim(points: pd.DataFrame, wins: Bools, density: float, mass: float, seed: int) -> Box:
    """The box with the largest coverage among those dense enough (else the densest), significant bounds only."""
    if wins.all() or not wins.any():
        return Box({})
    with _quiet(seed):
        algorithm = load("ema_workbench.analysis.prim").Prim
        old = "threshold" in inspect.signature(algorithm).parameters
        found = algorithm(points, wins, mass_min=mass, **({"threshold": ANY} if old else {})).find_box()
        path = found.peeling_trajectory
        dense = path[path["density"] >= density]
        chosen = _best(path, dense)
        box, start, quasi_p = found.box_lims[chosen], found.box_lims[0], (found.qp if old else found.p_values)[chosen]
    bounds, chances = {}, {}
    for key, sides in quasi_p.items():
        significant = [float(value) if 0.0 <= value <= SIGNIFICANT else np.nan for value in sides]
        limits = [
            float(box.loc[side, key])
            if not np.isnan(significant[side]) and box.loc[side, key] != start.loc[side, key]
            else open_
            for side, open_ in ((0, -np.inf), (1, np.inf))
        ]
        if any(np.isfinite(limits)):
            bounds[key] = (limits[0], limits[1])
            chances[key] = float(np.nanmax(significant))
    return Box(bounds, chances)


def _best(boxes: pd.DataFrame, dense: pd.DataFrame) -> int:
    """Number of the box that covers most among the dense ones; without any, the densest of all."""
    judged = boxes["coverage"].where(boxes.index.isin(dense.index), -1.0) if len(dense) else boxes["density"]
    return int(judged.to_numpy(dtype=np.float64).argmax())


def cart(points: pd.DataFrame, wins: Bools, density: float, mass: float, seed: int) -> Box:
    """The leaf of a tree with the largest coverage among those dense enough, else the densest."""
    if wins.all() or not wins.any():
        return Box({})
    with _quiet(seed):
        tree = load("ema_workbench.analysis.cart").CART(points, wins, mass_min=mass)
        tree.build_tree()
        if tree.clf.tree_.node_count == 1:  # no cut leaves enough points on both sides
            return Box({})
        leaves, stats = tree.boxes, pd.DataFrame(tree.stats).astype(np.float64)
    dense = stats[stats["density"] >= density]
    box = leaves[_best(stats, dense)]
    bounds = {}
    for key in points.columns:
        low, high = float(box.loc[0, key]), float(box.loc[1, key])
        values = points[key]
        limits = (low if low > values.min() else -np.inf, high if high < values.max() else np.inf)
        if any(np.isfinite(limits)):
            bounds[str(key)] = limits
    return Box(bounds)


def scores(points: pd.DataFrame, wins: Bools, seed: int) -> dict[str, float]:
    """How much each key tells about which design wins (extra trees; the scores add up to 1), the highest first."""
    if wins.all() or not wins.any():
        return dict.fromkeys(map(str, points.columns), 0.0)
    with _quiet(seed):
        scored, _forest = load("ema_workbench.analysis.feature_scoring").get_ex_feature_scores(
            points, wins, nr_trees=TREES, random_state=seed
        )
    return {str(key): float(score) for key, score in scored.iloc[:, 0].items()}


METHODS = {"prim": prim, "cart": cart}


def discover(points: pd.DataFrame, wins: Bools, density: float, mass: float, seed: int) -> list[Row]:
    """One row per method and restricted key (one without a key if nothing is restricted), with the quality of the box.

    ``unseen`` is the out-of-sample density: of a box found on one half of the points (drawn by the seed), in the other
    half. With fewer points than the method needs (an outcome may be missing at the others) nothing is found.
    """
    if len(points) < FEWEST["discovery"]:
        nothing = dict.fromkeys(("coverage", "density", "mass", "unseen", "wins", "low", "high", "quasi_p"), np.nan)
        return [{"found_by": name, **nothing, "points": len(points), "key": None} for name in METHODS]
    order = np.random.default_rng(seed).permutation(len(points))
    here, there = np.sort(order[::2]), np.sort(order[1::2])
    rows: list[Row] = []
    for name, find in METHODS.items():
        box = find(points, wins, density, mass, seed)
        coverage, dense, share = box.judged(points, wins)
        trial = find(points.iloc[here].reset_index(drop=True), wins[here], density, mass, seed)
        unseen = trial.judged(points.iloc[there], wins[there])[1]
        held = {
            "found_by": name,
            "coverage": coverage,
            "density": dense,
            "mass": share,
            "unseen": unseen,
            "wins": float(wins.mean()),
            "points": len(points),
        }
        for key, (low, high) in box.bounds.items() or {None: (np.nan, np.nan)}.items():
            bounds = [value if np.isfinite(value) else np.nan for value in (low, high)]
            quasi_p = box.quasi_p.get(key, np.nan) if key else np.nan
            rows.append({**held, "key": key, "low": bounds[0], "high": bounds[1], "quasi_p": quasi_p})
    return rows
