"""The table of what could favour a design by construction (section 10 of the ODD)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bresim import parameters
from bresim.analysis.changes import unchanged
from bresim.analysis.evidence import Sets
from bresim.governance import load_design
from experiments import advantages
from experiments.advantages import BEGIN, CHECKS, END, PAGE, Check, gained, made_of, page, with_fields

TESTS = Path(__file__).resolve().parents[1]


def test_the_table_is_of_this_model() -> None:
    shown = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert shown.endswith((made_of() + "\n", made_of())), "run python -m experiments.advantages --write"
    assert shown.count("\n| ") == 1 + len(CHECKS)  # and the head


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.looked_at)
def test_every_check_has_a_number_or_a_test(check: Check) -> None:
    gives = bool(check.fields or check.values or check.change is not unchanged)
    assert gives == (check.test == "")
    if check.test:
        assert (TESTS / check.test).is_file()
    else:
        design = load_design(check.design)
        assert not check.fields or with_fields(design, check.fields) != design
        assert set(check.values) <= set(parameters.PARAMETERS)


def test_what_is_given_back_makes_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """An advantage without content gives exactly nothing; services for free do not cost value."""
    monkeypatch.setattr(advantages, "REPLICATES", 12)
    sets = Sets.at_point(np.tile(parameters.defaults(), (4, 1)))
    assert gained(Check("nothing", "", "", "regiobureau"), sets) == pytest.approx((0.0, 0.0, 0.0), abs=0)
    free = next(check for check in CHECKS if check.values)
    assert gained(free, sets)[0] > 0.0


def test_a_page_keeps_what_stands_around_the_table() -> None:
    assert page(f"before\n{BEGIN}old\n{END}after", "new") == f"before\n{BEGIN}\nnew\n{END}after"
