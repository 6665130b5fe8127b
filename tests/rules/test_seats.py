from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel import draws
from bresim.kernel.state import BROKEN, DELAYED, KEPT
from bresim.rules import seats
from tests.rules.plain import changes, interpreted, listed, plain, shares

vote_back = plain(seats.vote_back)


def test_by_hand() -> None:
    """In quarter 9 with four quarters: without a vote in 10 to 13, back in 14."""
    assert vote_back(BROKEN, True, 0, 14) == 14
    assert vote_back(BROKEN, False, 0, 14) == 0, "the sanction does not strike"
    assert vote_back(BROKEN, False, 12, 14) == 12, "and leaves what was lost before"
    assert vote_back(BROKEN, True, 12, 14) == 14, "counted anew"
    assert vote_back(KEPT, True, 12, 14) == 0
    assert vote_back(KEPT, True, 14, 14) == 14, "lost this quarter, with another promise"
    assert vote_back(DELAYED, True, 0, 14) == 0
    assert vote_back(DELAYED, True, 12, 14) == 12


def _milestone(sanction: float, **changed: object) -> SimpleNamespace:
    """Members 0 to 3 of five in the second arena: 0 and 1 broke a promise, 2 kept it, 3 was late. 2 lost its vote.

    The sanction is that of the agreement: there is no institution to look it up in.
    """
    s = SimpleNamespace(
        key=draws.make_key(1, 0), phase=np.zeros((2, 2)), due=np.array([[False, False], [False, True]]),
        agreed_sanction=np.array([[1.0, 1.0], [1.0, sanction]]),
        eligible=np.ones((2, 5), np.bool_), vote_back=np.array([[7] * 5, [0, 0, 12, 0, 12]]),
        verdict=np.full((2, 2, 5), BROKEN), **listed(np.array([[[True] * 5] * 2, [[True] * 5, [True] * 4 + [False]]])),
    )  # fmt: skip
    s.verdict[1, 1] = [BROKEN, BROKEN, KEPT, DELAYED, BROKEN]
    vars(s).update(changed)
    return s


def _strike(s: SimpleNamespace, *fields: str, quarters: float = 4.4) -> list[int]:
    with interpreted(seats), changes(s, *fields):
        seats.update_initiative(s, None, SimpleNamespace(vote_lost_quarters=quarters), 9, 1, 1)
    assert s.vote_back[0].tolist() == [7] * 5, "a vote is that of one arena"
    return list(s.vote_back[1].tolist())


def test_a_milestone_by_hand() -> None:
    """With a sanction between the numbers of 0 and 1, one of the two loses its vote for four quarters."""
    luck = [float(draws.uniform(draws.make_key(1, 0), draws.LOSE_VOTE, 9, 3, i)) for i in (0, 1)]
    hit = [14, 0] if luck[0] < luck[1] else [0, 14]
    assert _strike(_milestone(sum(luck) / 2.0), "vote_back") == [*hit, 0, 0, 12]
    assert _strike(_milestone(1.0), "vote_back") == [14, 14, 0, 0, 12]
    assert _strike(_milestone(1.0), "vote_back", quarters=3.0) == [13, 13, 0, 0, 12]


def test_without_a_milestone_or_a_sanction_nobody_loses_it() -> None:
    s = _milestone(1.0)
    s.due[1, 1] = False
    assert _strike(s) == [0, 0, 12, 0, 12]
    s = _milestone(0.0)
    s.vote_back[1] = 0
    assert _strike(s) == [0] * 5


def test_who_is_not_eligible_any_more_has_no_vote_to_lose() -> None:
    s = _milestone(1.0)
    s.eligible[1, 0] = False
    assert _strike(s, "vote_back") == [0, 14, 0, 0, 12]


@given(shares, shares, st.integers(0, 9), st.lists(st.sampled_from([KEPT, DELAYED, BROKEN]), min_size=1, max_size=6))
def test_a_higher_sanction_never_gives_a_vote_back(one: float, other: float, start: int, verdicts: list[int]) -> None:
    """On the same luck and promises, milestone after milestone."""
    mild, hard = start, start
    for t, verdict in enumerate(verdicts, start=9):
        luck = float(draws.uniform(draws.make_key(1, 0), draws.LOSE_VOTE, t, 3, 0))
        mild = vote_back(verdict, luck < min(one, other), mild, t + 5)
        hard = vote_back(verdict, luck < max(one, other), hard, t + 5)
        assert hard >= mild


def _votes(taken_over: bool, **changed: object) -> SimpleNamespace:
    """Region of four, of which 3 is not eligible; under the design 1 is without its vote up to quarter 13."""
    s = SimpleNamespace(
        taken_over=np.array([taken_over]),
        eligible=np.array([[True, True, True, False]]), has_vote=np.zeros((1, 4), np.bool_),
        vote_back=np.array([[0, 14, 0, 0]]),
    )  # fmt: skip
    vars(s).update(changed)
    return s


def _look(t: int, taken_over: bool, *fields: str, **changed: object) -> SimpleNamespace:
    s = _votes(taken_over, **changed)
    with interpreted(seats), changes(s, "has_vote", *fields):
        seats.update(s, None, None, t)
    return s


@pytest.mark.parametrize(("t", "voters"), [(10, [0, 2]), (13, [0, 2]), (14, [0, 1, 2])])
def test_a_vote_is_back_after_its_time(t: int, voters: list[int]) -> None:
    assert np.flatnonzero(_look(t, False).has_vote[0]).tolist() == voters


def test_where_all_have_lost_their_vote_all_that_are_eligible_count() -> None:
    assert _look(10, False, vote_back=np.full((1, 4), 14)).has_vote[0].tolist() == [True, True, True, False]
    s = _votes(False, eligible=np.zeros((1, 4), np.bool_))
    with interpreted(seats), changes(s):
        seats.update(s, None, None, 10)


def test_under_other_rules_everyone_has_its_vote_back() -> None:
    s = _look(10, True, "vote_back")
    assert s.has_vote[0].tolist() == [True, True, True, False]
    assert not s.vote_back.any()
