from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given

from bresim.rules import support
from tests.rules.plain import plain, shares

target, involvement, weight = plain(support.target), plain(support.involvement), plain(support.council_weight)


def councils(information: float, group: float, ratification: float) -> SimpleNamespace:
    return SimpleNamespace(council_information=information, council_group=group, council_ratification=ratification)


def test_by_hand() -> None:
    # 0.5 + 0.35 x 0.4 + 0.2 x 0.5 - 0.15 x 0.6
    assert target(0.5, 0.35, 0.4, 0.2, 0.5, 0.15, 0.6) == pytest.approx(0.65)
    assert target(0.9, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0) == 1.0
    assert target(0.1, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0) == 0.0
    assert involvement(councils(0.5, 0.3, 0.0)) == pytest.approx(0.4)
    assert involvement(councils(1.0, 1.0, 1.0)) == 1.0
    assert weight(0.2, 0.75) == pytest.approx(1.1)
    assert weight(0.2, 0.5) == weight(0.0, 1.0) == 1.0


@given(shares, shares, shares, shares)
def test_directions(start: float, recent: float, involved: float, load: float) -> None:
    x = target(start, 0.35, recent, 0.2, involved, 0.15, load)
    assert 0.0 <= x <= 1.0
    assert target(start, 0.35, 1.0, 0.2, involved, 0.15, load) >= x
    assert target(start, 0.35, recent, 0.2, 1.0, 0.15, load) >= x
    assert target(start, 0.35, recent, 0.2, involved, 0.15, 1.0) <= x
