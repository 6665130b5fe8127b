from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.state import AGREED, COMPLETED, DEADLOCKED, FAILED, IMPOSED, LAPSED, OPEN
from bresim.rules import support
from tests.rules.plain import changes, interpreted, plain, scratch, shares

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


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (DEADLOCKED, [0.4, 0.4, 0.5]),  # in all that could take part
        (FAILED, [0.4, 0.5, 0.4]),  # in the members, eligible or not any more
        (IMPOSED, [0.5, 0.5, 0.4]),  # in those bound against their vote
        *((other, [0.5, 0.5, 0.5]) for other in (OPEN, AGREED, COMPLETED, LAPSED)),
    ],
)
def test_a_deadlock_failure_or_imposition_costs_support(outcome: int, after: list[float]) -> None:
    s = SimpleNamespace(
        outcome=np.array([[outcome]]), support=np.full(3, 0.5), eligible=np.array([[True, True, False]]),
        committed=np.array([[[True, False, True]]]), coerced=np.array([[[False, False, True]]]),
    )  # fmt: skip
    with interpreted(support), changes(s, *["support"] * (after != [0.5] * 3)):
        support.update_initiative(s, None, SimpleNamespace(support_failure=0.2), 9, 0, 0)
    assert s.support == pytest.approx(after)


def test_support_moves_to_its_goal() -> None:
    """0 has results, 1 is involved by the further-going of two institutions, 2 has load only; half of the way."""
    s = SimpleNamespace(
        support=np.full(3, 0.5), completions=np.array([3.0, 0.0, 0.0]), recent_results=np.array([0.2, 0.0, 0.0]),
        load=np.array([0.0, 0.0, 0.5]), eligible=np.array([[False, True, False], [False, True, False]]),
        institution=[councils(0.5, 0.3, 0.0), councils(0.2, 0.0, 0.0)], involvement=np.zeros(3), **scratch(3),
    )  # fmt: skip
    p = SimpleNamespace(
        results_memory=0.75, support_results=0.5, support_involvement=0.5, support_load=0.4, support_rate=0.5
    )
    with interpreted(support), changes(s, "support", "recent_results", "involvement"):
        support.update(s, SimpleNamespace(support=np.full(3, 0.4)), p, 9)
    assert s.recent_results == pytest.approx([0.4, 0.0, 0.0])  # 3/4 of 0.2 and 1/4 of 1, the most that counts
    assert s.involvement == pytest.approx([0.0, 0.4, 0.0])
    assert s.support == pytest.approx([0.55, 0.55, 0.35])  # goals 0.6, 0.6 and 0.2
