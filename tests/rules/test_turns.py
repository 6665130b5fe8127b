from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bresim.kernel.draws import make_key
from bresim.rules import turns
from tests.rules.plain import changes, interpreted, plain


@pytest.mark.parametrize(("turned", "order"), [(False, [0, 1, 2, 3]), (True, [3, 2, 1, 0])])
def test_by_hand(turned: bool, order: list[int]) -> None:
    s = SimpleNamespace(region=SimpleNamespace(turned=turned))
    assert [plain(turns.turn)(s, n, 4) for n in range(4)] == order


def test_the_order_is_drawn_every_quarter_and_each_comes_first_as_often() -> None:
    s = SimpleNamespace(key=make_key(1, 0), region=SimpleNamespace(turned=False))
    seen = []
    with interpreted(turns):
        for t in range(400):
            turns.update(s, None, None, t)
            seen.append(s.region.turned)
        s.region.turned = not seen[7]
        with changes(s, "region.turned"):
            turns.update(s, None, None, 7)  # of the same quarter the same
    assert s.region.turned == seen[7]
    assert np.mean(seen) == pytest.approx(0.5, abs=0.1)
    assert np.mean(np.array(seen[1:]) == seen[:-1]) == pytest.approx(0.5, abs=0.1), "not by turns"
