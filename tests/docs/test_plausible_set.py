"""The page about the plausible set: it is of the shipped sets, and its statistics are right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bresim.parameters import PARAMETERS, defaults
from experiments import plausible_set
from experiments.named import DOCS
from experiments.pages import has_own_picture
from experiments.plausible_set import holm, moved, places, together


def test_the_page_and_its_picture_are_of_the_shipped_sets() -> None:
    written = DOCS / f"{plausible_set.NAME}.md"
    assert written.read_text(encoding="utf-8").startswith(plausible_set.page()), "python -m experiments.plausible_set"
    assert has_own_picture(written)


def test_a_value_lies_in_its_prior_where_its_quantile_is() -> None:
    """The ends of every range are 0 and 1; half a log-uniform range is its geometric mean."""
    names = list(PARAMETERS)
    rows = [[p.low for p in PARAMETERS.values()], [p.high for p in PARAMETERS.values()], defaults()]
    where = places(pd.DataFrame(rows, columns=names))
    assert where.iloc[0].tolist() == [0.0] * len(names)
    assert where.iloc[1].tolist() == pytest.approx([1.0] * len(names))
    work = PARAMETERS["work"]
    assert work.prior == "log_uniform"
    middle = places(pd.DataFrame(rows, columns=names).assign(work=(work.low * work.high) ** 0.5))
    assert middle["work"].tolist() == pytest.approx([0.5] * 3)


def test_holm_stops_at_the_first_that_does_not_pass() -> None:
    """Of four at 5 %: below 0.0125, 0.0167, 0.025, 0.05 in turn; the last would pass alone."""
    assert holm(pd.Series({"a": 0.001, "b": 0.016, "c": 0.03, "d": 0.04})).to_dict() == {
        "a": True, "b": True, "c": False, "d": False,
    }  # fmt: skip


def test_what_moved_and_what_depends_is_found_and_nothing_else() -> None:
    random = np.random.default_rng(3)
    where = pd.DataFrame(random.random((300, 20)), columns=[f"x{at}" for at in range(20)])
    assert moved(where).empty
    assert together(where).empty
    changed = where.assign(x3=where["x3"] ** 2, x5=(where["x4"] + 0.3 * where["x5"]) % 1.0)
    assert moved(changed).index.tolist() == ["x3"]
    assert [set(pair) for pair in together(changed).index] == [{"x4", "x5"}]
