"""Sensitivity indices of one quantity by SALib, with bootstrap intervals.

Each function returns rows (key, other, index, value, low, high). Indices of Morris: ``mu_star`` and ``mu`` (mean
absolute and mean effect of a key over its whole range), ``sigma`` (how much it differs over the space), ``luck``
(the ``mu_star`` that stochastic uncertainty alone would give with these replicates). Of Sobol: ``S1``, ``ST``, ``S2``
(first-order, total and second-order shares of the variance).
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bresim.conventions import CONFIDENCE
from bresim.sensitivity.extras import load
from bresim.sensitivity.problem import LEVELS, Space
from bresim.sensitivity.quantities import Quantity

Floats = NDArray[np.float64]
Row = dict[str, Any]

#: Bootstrap samples.
RESAMPLES = 500
#: The index that ranks the keys, by method.
LEADING = {"morris": "mu_star", "sobol": "ST", "discovery": "score"}


def morris(space: Space, unit: Floats, quantity: Quantity, seed: int) -> list[Row]:
    """Elementary effects of trajectories (T (K + 1), K)."""
    values = quantity.values
    if np.isnan(values).any():
        return []
    analyze = load("SALib.analyze.morris").analyze
    found = analyze(
        space.salib, unit, values, num_levels=LEVELS, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=seed
    )
    noise = (
        _noise_level(space, unit, quantity.runs) if quantity.statistic == "mean" else np.full(len(space.keys), np.nan)
    )
    rows = []
    for at, key in enumerate(space.keys):
        value, half = float(found["mu_star"][at]), float(found["mu_star_conf"][at])
        rows.append(_row(key, "mu_star", value, half))
        rows += [_row(key, name, float(found[name][at])) for name in ("mu", "sigma")]
        rows.append(_row(key, "luck", float(noise[at])))
    return rows


def _noise_level(space: Space, unit: Floats, runs: Floats) -> Floats:
    """(K,) the mean absolute effect that a key without any effect would show, from the spread over replicates."""
    size = len(space.keys) + 1
    steps = unit.reshape(-1, size, size - 1)
    change = np.diff(steps, axis=1)  # (T, K, K): which key moves at each step, and how far
    moved = np.abs(change).argmax(axis=2)
    delta = np.abs(change).max(axis=2)
    effects = np.diff(runs.reshape(len(steps), size, -1), axis=1) / delta[..., None]  # (T, K, R)
    counts = np.maximum((~np.isnan(effects)).sum(axis=2), 1)
    centred = effects - np.nansum(effects, axis=2, keepdims=True) / counts[..., None]
    error = np.sqrt(np.nansum(centred**2, axis=2) / np.maximum(counts - 1, 1) / counts)
    absolute = error * np.sqrt(2 / np.pi)  # mean of |normal|
    return np.array([absolute[moved == at].mean() for at in range(size - 1)])


def sobol(space: Space, quantity: Quantity, seed: int, *, second_order: bool) -> list[Row]:
    """Shares of the variance of a Saltelli sample (N (2K + 2) or N (K + 2) points)."""
    values = quantity.values
    if np.isnan(values).any():
        return []
    keys = space.keys
    if np.ptp(values) <= np.finfo(np.float64).eps * max(1.0, float(np.abs(values).max())):  # nothing to share out
        return [_row(key, name, 0.0, 0.0) for key in keys for name in ("S1", "ST")]
    with warnings.catch_warnings():  # that its base sample is constant: the check of convergence says so
        warnings.simplefilter("ignore")
        found = load("SALib.analyze.sobol").analyze(
            space.salib,
            values,
            calc_second_order=second_order,
            num_resamples=RESAMPLES,
            conf_level=CONFIDENCE,
            seed=seed,
        )
    rows = [
        _row(key, name, float(found[name][at]), float(found[f"{name}_conf"][at]))
        for at, key in enumerate(keys)
        for name in ("S1", "ST")
    ]
    if second_order:
        for first in range(len(keys)):
            for second in range(first + 1, len(keys)):
                value, half = float(found["S2"][first, second]), float(found["S2_conf"][first, second])
                rows.append(_row(keys[first], "S2", value, half, keys[second]))
    return rows


def _row(key: str, index: str, value: float, half: float = np.nan, other: str | None = None) -> Row:
    low = value - half
    if index in LEADING.values():  # cannot be negative, though its interval is symmetric
        low = max(low, 0.0)
    return {"key": key, "other": other, "index": index, "value": value, "low": low, "high": value + half}
