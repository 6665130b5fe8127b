"""The points of a sweep: a design of experiments over configuration keys, checked before anything is run.

A point gives a value to every swept key. Grids are crossed, Latin hypercubes and Sobol sequences are drawn
by SciPy and mapped to the ranges given, or to the priors of the parameters; a list is read from a table (``listed``).
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim.common.errors import InputError, Problem, Said, said
from bresim.config.schema import SweepConfig
from bresim.config.vary import PRIOR
from bresim.conventions import UNDERCURRENT_PARTS
from bresim.parameters import PARAMETERS, Parameter
from bresim.sweep.checks import GROUPS, LARGEST, holds_numbers
from bresim.sweep.fields import kinds_of, takes_no_number, written_alike
from bresim.sweep.listed import Points, not_finite, read_list
from bresim.sweep.variants import MEASURE, SET_BACK, VARIANT, kind_of

#: Most points of a grid; a larger one is probably a typing error.
MAX_POINTS = 10_000_000
#: Most worlds that are tried, to find further problems in a sweep that has one.
MAX_TRIED = 200
#: Largest whole number that fits in a table.
_LARGEST = 2**63 - 1
#: Up to this every whole number is exact as a float.
_EXACT = 2**53


_Scale = Literal["linear", "log", "whole"]
#: Name of a distribution, as in the table of parameters → scale on which it is uniform.
_SCALES: dict[str, _Scale] = {"uniform": "linear", "log_uniform": "log"}


class Range(NamedTuple):
    """The distribution of a key; whole numbers are equally likely, ``low`` and ``high`` included."""

    low: float
    high: float
    scale: _Scale = "linear"


class Options(NamedTuple):
    """Names of which each is as likely."""

    values: tuple[Any, ...]


def lay_out(config: SweepConfig) -> Points:
    """The points that a configuration asks for; InputError if none can be made."""
    vary, method = config.vary, config.sweep.method
    if method == "list":
        return read_list(config)
    problems: list[Problem] = []
    if config.sweep.points is not None:
        problems.append(
            Problem(
                "sweep.points",
                said("is not read by sweep.method={method}", method=method),
                said("set sweep.method=list"),
            )
        )
    if not vary:
        remedy = said("say what varies: +vary.undercurrent.negativity=[0,0.5,1]")
        raise InputError(problems or Problem("vary", said("is empty"), remedy))
    return _grid(config, problems) if method == "grid" else _sampled(config, problems)


def _grid(config: SweepConfig, problems: list[Problem]) -> Points:
    """Every combination of the values given; the last key varies fastest."""
    axes: dict[str, list[Any]] = {}
    tried = {}
    for key, given in config.vary.items():
        values = [written_alike(key, value) for value in (given if isinstance(given, list) else [given])]
        where = f"vary.{key}"
        wrong = _not_values(where, values)
        tried[key] = [] if given == PRIOR else column_of([value for value in values if _is_value(value)])
        if given == PRIOR:
            problems.append(
                Problem(where, said("a grid has no values in a prior"), said("give a list, or sweep.method=lhs"))
            )
        elif not values:
            problems.append(Problem(where, said("has no values"), said("write +{where}=[a,b]", where=where)))
        elif wrong:
            problems.extend(wrong)
        elif len(set(column_of(values))) < len(values):  # 0 and 0.0 are one point
            problems.append(
                Problem(where, said("{given} holds a value twice", given=given), said("give each value once"))
            )
        else:
            axes[key] = values
    count = math.prod(len(values) for values in axes.values())
    if count > MAX_POINTS:
        problems.append(
            Problem(
                "vary",
                said("the grid has {count} points", count=f"{count:,}"),
                said("at most {max_points}; vary less", max_points=f"{MAX_POINTS:,}"),
            )
        )
    if problems:  # further problems can only be in single keys or in a world
        axes = {key: values if kind_of(key) == "world" else values[:1] for key, values in axes.items()}
        if math.prod(len(values) for values in axes.values()) > MAX_TRIED:
            axes = {key: values[:1] for key, values in axes.items()}
    rows = list(itertools.product(*axes.values()))
    table = pd.DataFrame({key: column_of([row[at] for row in rows]) for at, key in enumerate(axes)})
    return Points(table, tried, problems)


def _not_values(where: str, values: Sequence[Any]) -> list[Problem]:
    wrong = [value for value in values if not _is_value(value)]
    return [
        Problem(where, said("{value} is not a value", value=value), said("give numbers or names")) for value in wrong
    ]


def _is_value(value: Any) -> bool:
    return not isinstance(value, (list, dict)) and not not_finite(value)


def column_of(values: Sequence[Any]) -> Any:
    """The values of a column of points: numbers as floats unless all are whole, text as text."""
    if all(isinstance(value, bool) for value in values) or all(isinstance(value, str) for value in values):
        return values
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        whole = all(isinstance(value, int) for value in values)
        try:
            return np.array(values, dtype=np.int64 if whole else np.float64)
        except OverflowError:  # kept as text, reported later as out of range
            pass
    return [str(value) for value in values]


def _sampled(config: SweepConfig, problems: list[Problem]) -> Points:
    """A Latin hypercube or a scrambled Sobol sequence over ranges and priors, keyed by the job's seed."""
    ranges = ranges_of(config, problems, categories=True)
    samples = config.sweep.samples
    if config.sweep.method == "sobol" and samples & (samples - 1):
        low = 2 ** (samples.bit_length() - 1)
        problems.append(
            Problem(
                "sweep.samples",
                said("{samples} is not a power of two", samples=samples),
                said("a Sobol sequence has a power of two: {low} or {high}", low=low, high=2 * low),
            )
        )
    tried = {key: _ends(ranges[key]) if key in ranges else [] for key in config.vary}
    if problems:
        return Points(pd.DataFrame({key: tried[key][:1] for key in ranges}), tried, problems)
    from scipy.stats import qmc  # takes seconds to import

    random = np.random.Generator(np.random.Philox(np.random.SeedSequence([config.seed, 2**33])))
    sampler: Any = qmc.Sobol if config.sweep.method == "sobol" else qmc.LatinHypercube
    unit = sampler(d=len(ranges), rng=random).random(samples)
    return Points(pd.DataFrame({key: scaled(unit[:, at], ranges[key]) for at, key in enumerate(ranges)}), tried)


def _ends(given: Range | Options) -> Any:
    """The values to check: all options, or the ends of a range."""
    return column_of(given.values if isinstance(given, Options) else given[:2])


def ranges_of(config: SweepConfig, problems: list[Problem], categories: bool = False) -> dict[str, Any]:
    """What each swept key is drawn from, in the order given.

    A ``Range`` for ``[low, high]``, that with a distribution, or its prior; with ``categories`` ``Options`` for
    ``[a, b, …]`` of a key that takes no numbers.
    """
    ranges: dict[str, Range | Options] = {}
    for key, given in config.vary.items():
        where = f"vary.{key}"
        prior = _prior(key)
        if given == PRIOR and prior is not None:
            ranges[key] = prior
        elif categories and _takes_names(key) and isinstance(given, list):
            ranges[key] = _options(key, given, problems)
        elif _takes_names(key):
            if key == "parameters":
                remedy = said("write +{where}=prior; a few by name: bresim sweep sweep.method=grid", where=where)
            else:
                remedy = said("a few by name: bresim sweep sweep.method=grid")
            what = said("has no prior") if given == PRIOR else said("{given} is not a range", given=given)
            problems.append(Problem(where, what, remedy))
        elif given == PRIOR:
            problems.append(
                Problem(where, said("has no prior"), said("give its range: +{where}=[low,high]", where=where))
            )
        elif not _is_range(given):
            remedy = said("write +{where}=[low,high], [low,high,uniform] or [low,high,log_uniform]", where=where)
            if prior:
                remedy = said("{remedy}, or +{where}=prior", remedy=remedy, where=where)
            problems.append(Problem(where, said("{given} is not a range", given=given), remedy))
        elif wrong := _wrong_range(key, given, *given):
            problems.append(Problem(where, *wrong))
        elif is_whole_number(key):
            ranges[key] = Range(int(given[0]), int(given[1]), "whole")
        else:
            asked = _SCALES[given[2]] if len(given) > 2 else "linear" if prior is None or given[0] <= 0 else prior.scale
            ranges[key] = Range(float(given[0]), float(given[1]), asked)
    return ranges


def _takes_names(key: str) -> bool:
    """Whether the values of a key are names, true and false, or lists: nothing that has a range."""
    named = (*GROUPS, SET_BACK, MEASURE, VARIANT)
    return key in named or key.startswith(("time.", f"{VARIANT}.")) or takes_no_number(key)


def _options(key: str, given: list[Any], problems: list[Problem]) -> Options:
    """The values of a key that takes no numbers; each must be there once."""
    values = [written_alike(key, value) for value in given]
    problems.extend(wrong := _not_values(f"vary.{key}", values))
    if not wrong and len({str(value) for value in values}) < max(len(values), 1):
        what = said("{given} holds a value twice", given=given) if values else said("has no values")
        problems.append(Problem(f"vary.{key}", what, said("give each value once")))
    return Options(tuple(value for value in values if _is_value(value)))


def _is_range(given: Any) -> bool:
    """Whether it is ``[low, high]`` or ``[low, high, distribution]``."""
    if not isinstance(given, list) or not all(map(_is_number, given[:2])):
        return False
    return len(given) == 2 or (len(given) == 3 and str(given[2]) in _SCALES)


def _wrong_range(
    key: str, given: Any, low: float, high: float, distribution: str | None = None
) -> tuple[Said, Said] | None:
    """What is wrong with a range (``given``, as the user wrote it), and what to do; None if nothing is."""
    if low >= high:
        return said("{given} is empty or reversed", given=given), said("the first must be below the second")
    if not math.isfinite(high - low):
        return said("{given} is too wide", given=given), said("give its ends so that their difference is a number")
    if is_whole_number(key) and not all(number == int(number) for number in (low, high)):
        return said("{given} holds numbers that are not whole", given=given), said("give the first and the last")
    if is_whole_number(key) and not all(0 <= number <= _LARGEST for number in (low, high)):
        return said("{value} is out of range", value=given), said(
            "allowed: {low} to {high}", low=0, high=f"{_LARGEST:g}"
        )
    if is_whole_number(key) and distribution is not None:
        what = said("{given} names a distribution, and of whole numbers each is as likely", given=given)
        return what, said("leave '{name}' out", name=distribution)
    if distribution == "log_uniform" and low <= 0:
        return said("{given} cannot be log-uniform", given=given), said("its low must be above 0")
    return None


def scaled(unit: NDArray[np.float64], given: Range | Options) -> Any:
    """Points of [0, 1) mapped to a range, on its scale; or to options, in equal parts."""
    if isinstance(given, Options):
        last = len(given.values) - 1
        return column_of([given.values[min(int(part * (last + 1)), last)] for part in unit])
    low, high, scale = given
    if scale == "whole":
        count = float(high - low + 1)
        steps = np.floor(np.minimum(unit * count, np.nextafter(count, 0.0)))
        return np.asarray(int(low) + steps.astype(np.int64))
    return np.asarray(low * (high / low) ** unit if scale == "log" else low + unit * (high - low))


def _prior(key: str) -> Range | None:
    """The prior of a parameter; a knob of the undercurrent and the strength of a measure may be anything in [0, 1]."""
    section, _, name = key.partition(".")
    parameter: Parameter | None = PARAMETERS.get(name) if section == "parameters" else None
    if parameter is not None:
        return Range(parameter.low, parameter.high, "log" if parameter.prior == "log_uniform" else "linear")
    if (section == "undercurrent" and name in UNDERCURRENT_PARTS) or (section == "measures" and name):
        return Range(0.0, 1.0)
    return None


def is_whole_number(key: str) -> bool:
    """Whether a key is a whole number: a seed, a draw of codings, or such a field of a design or invented region."""
    return key in LARGEST or key == "coding" or int in kinds_of(key)


def as_stored(key: str, column: pd.Series) -> pd.Series:
    """A column of points with the type of its key: 2 and 2.0 are the same number."""
    if not holds_numbers(column):
        return column
    if not is_whole_number(key):
        return column.astype(np.float64)
    exact = pd.api.types.is_integer_dtype(column.dtype) or bool(
        ((column == column.round()) & (column.abs() < _EXACT)).all()
    )
    return column.astype(np.int64) if exact else column  # invalid values are reported by the later checks


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
