"""Numbers that were computed before are drawn as they are, also where a mean lies outside its own spread."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from bresim.plots import intervals
from bresim.plots.style import canvas, styled

#: Design that is seldom founded: its mean lies above 95 % of the futures; then one below, and one without ends.
VALUES = pd.DataFrame([(0.4, 0.0, 0.1), (-0.3, -0.2, 0.2), (0.05, np.nan, np.nan)])
LOOK = ("#0072B2", "o", True)


def axis() -> Axes:
    with styled():
        return canvas(3.0).subplots()


@pytest.mark.parametrize("orient", ["x", "y"])
def test_dots_and_their_ends_are_those_given(orient: Literal["x", "y"]) -> None:
    with styled():
        drawn = axis()
        intervals.dots(drawn, [2.0, 0.5, 1.0], VALUES, LOOK, orient=orient)
    get = {"x": ("get_xdata", "get_ydata"), "y": ("get_ydata", "get_xdata")}[orient]
    (dots,) = (line for line in drawn.lines if line.get_marker() == "o")
    found = sorted(zip(*(np.asarray(getattr(dots, name)()).tolist() for name in get), strict=True))
    assert found == [(0.5, -0.3), (1.0, 0.05), (2.0, 0.4)]
    bars = [line for line in drawn.lines if line is not dots]
    ends = {float(getattr(bar, get[0])()[0]): tuple(getattr(bar, get[1])()) for bar in bars if len(bar.get_xdata())}
    assert {place: end for place, end in ends.items() if np.isfinite(end).all()} == {0.5: (-0.2, 0.2), 2.0: (0.0, 0.1)}


def test_a_line_and_its_band_are_those_given() -> None:
    with styled():
        drawn = axis()
        intervals.line(drawn, [2019.0, 2020.0], VALUES.iloc[:2], band=0.2, color="#0072B2")
    (line,) = drawn.lines
    assert line.get_xydata().tolist() == [[2019.0, 0.4], [2020.0, -0.3]]
    (band,) = drawn.collections
    corners = {tuple(point) for point in band.get_paths()[0].vertices.tolist()}
    assert corners == {(2019.0, 0.0), (2019.0, 0.1), (2020.0, -0.2), (2020.0, 0.2)}


def test_nothing_known_draws_nothing() -> None:
    with styled():
        drawn = axis()
        nothing = pd.DataFrame([(np.nan, np.nan, np.nan)])
        intervals.dots(drawn, [0.0], nothing, LOOK)
        intervals.line(drawn, [0.0], nothing, band=0.2)
    assert not drawn.lines
    assert not drawn.collections
