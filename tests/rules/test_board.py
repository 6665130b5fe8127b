from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.governance import load_design
from bresim.kernel.state import ARENAS, CLOSED, DESIGN, FALLBACK
from bresim.rules import board
from tests.model.worlds import changed, founded, region_named
from tests.rules.plain import changes, interpreted, plain
from tests.rules.started import started

turn_of, set_heard = plain(board.turn_of), plain(board.set_heard)


def test_by_hand() -> None:
    assert [turn_of(year, 1, 0, 3) for year in range(5)] == [0, 1, 2, 0, 1]
    assert [[turn_of(year, 2, seat, 5) for seat in (0, 1)] for year in range(3)] == [[0, 1], [2, 3], [4, 0]]


@given(st.integers(1, 8), st.integers(1, 8))
def test_every_candidate_gets_as_many_years(candidates: int, seats: int) -> None:
    seats = min(seats, candidates)
    years = [[turn_of(year, seats, seat, candidates) for seat in range(seats)] for year in range(candidates)]
    assert all(len(set(year)) == seats for year in years), "nobody has two seats"
    assert np.bincount(np.concatenate(years), minlength=candidates).tolist() == [seats] * candidates


def _seats(slot: int, taken_over: bool, rotating: float) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Five municipalities. The design has fixed seats for 0 and 2; 1, 3 and 4 are candidates. The subregion has 4.

    Of the centres, 0 and 1, none takes part in the subregion. Before this quarter nobody had a seat.
    """
    fixed = np.zeros((1, 5, 5), np.bool_)
    fixed[0, DESIGN, [0, 2]] = True
    fixed[0, ARENAS, 4] = True
    rotation = np.zeros((1, 5, 5), np.bool_)
    rotation[0, :3, [1, 3, 4]] = True
    s = SimpleNamespace(
        region=SimpleNamespace(design=0), board=np.zeros((2, 5), np.bool_), seated=np.zeros((2, 5), np.bool_),
        has_vote=np.ones((2, 5), np.bool_), eligible=np.array([[True] * 5, [False, False, True, True, True]]),
        heard=np.array([[True, True, False, False, False], [False, False, True, True, True]]),
        arena_slot=np.array([slot, ARENAS]), taken_over=np.array([taken_over, False]),
        institution=[SimpleNamespace(rotating_seats=rotating), SimpleNamespace(rotating_seats=1.0)],
    )  # fmt: skip
    centre = np.array([True, True, False, False, False])
    return s, SimpleNamespace(board=fixed, rotation=rotation, member=np.ones((2, 5), np.bool_), centre=centre)


@pytest.mark.parametrize(
    ("t", "rotating", "seated"),
    [
        (0, 0.0, [0, 2]), (0, 1.0, [0, 1, 2]), (4, 1.0, [0, 2, 3]), (8, 1.0, [0, 2, 4]), (12, 1.0, [0, 1, 2]),
        (4, 2.0, [0, 1, 2, 4]), (4, 9.0, [0, 1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_seats_at_new_year(t: int, rotating: float, seated: list[int]) -> None:
    s, w = _seats(DESIGN, False, rotating)
    with interpreted(board), changes(s, "board", "seated", "heard"):
        board.update(s, w, None, t)
    assert np.flatnonzero(s.board[0]).tolist() == seated
    assert (s.heard == s.board).all(), "where there is a board, those on it are heard"
    assert np.flatnonzero(s.board[1]).tolist() == [4], "there are no candidates in the subregion"


def test_seats_change_within_a_year_only_when_another_institution_takes_over() -> None:
    s, w = _seats(DESIGN, False, 1.0)
    with interpreted(board), changes(s):
        board.update(s, w, None, 5)
    s, w = _seats(DESIGN, True, 1.0)
    with interpreted(board), changes(s, "board", "seated", "heard"):
        board.update(s, w, None, 5)
    assert np.flatnonzero(s.board[0]).tolist() == [0, 2, 3]
    assert not s.board[1].any()


def test_an_arena_that_begins_within_a_year_gets_its_board_and_one_that_is_closed_none() -> None:
    s, w = _seats(DESIGN, False, 1.0)
    s.taken_over[1] = True
    with interpreted(board), changes(s, "board", "seated", "heard"):
        board.update(s, w, None, 5)
    assert np.flatnonzero(s.board[1]).tolist() == [4]
    s, w = _seats(CLOSED, True, 1.0)
    s.arena_slot[1] = CLOSED
    with interpreted(board), changes(s):
        board.update(s, w, None, 8)  # at new year, and just ended


def test_who_lost_its_vote_leaves_its_seat_empty_until_it_has_it_back() -> None:
    s, w = _seats(DESIGN, False, 1.0)
    with interpreted(board):
        board.update(s, w, None, 4)
        assert np.flatnonzero(s.board[0]).tolist() == [0, 2, 3]
        s.has_vote[0, [2, 3]] = False
        with changes(s, "board", "heard"):
            board.update(s, w, None, 5)
        assert np.flatnonzero(s.board[0]).tolist() == [0], "neither a fixed nor a rotating seat"
        assert np.flatnonzero(s.heard[0]).tolist() == [0], "nor is it heard"
        assert np.flatnonzero(s.seated[0]).tolist() == [0, 2, 3], "it goes on to pay"
        s.has_vote[0, 0] = False
        board.update(s, w, None, 6)
        assert np.flatnonzero(s.board[0]).tolist() == [0, 2, 3], "all have lost it: all count"
        s.has_vote[0, [0, 3]] = True
        board.update(s, w, None, 7)
        assert np.flatnonzero(s.board[0]).tolist() == [0, 3]
        board.update(s, w, None, 8)
        assert np.flatnonzero(s.board[0]).tolist() == [0, 4], "the turn of the next one does not wait"


def test_without_a_board_there_are_no_rotating_seats() -> None:
    s, w = _seats(FALLBACK, True, 2.0)
    s.board[0] = s.seated[0] = s.heard[0] = True
    with interpreted(board), changes(s, "board", "seated", "heard"):
        board.update(s, w, None, 6)
    assert not s.board.any()
    assert [np.flatnonzero(row).tolist() for row in s.heard] == [[0, 1], [2, 3, 4]], "the centres; without these all"


@pytest.mark.parametrize(
    ("seats", "eligible", "centres", "heard"),
    [
        ([2, 3], [0, 1, 2, 3], [0, 1, 4], [2, 3]),  # a board, on which no centre sits
        ([0], [0, 1, 2, 3], [0, 1, 4], [0]),  # a centre without a seat is not heard
        ([], [0, 1, 2, 3], [0, 1, 4], [0, 1]),  # no board: the centres that take part
        ([], [2, 3], [0, 1, 4], [2, 3]),  # none of these takes part
        ([], [0, 1, 2, 3], [], [0, 1, 2, 3]),  # a region without centres
        ([], [], [0, 1, 4], []),
    ],
)  # fmt: skip
def test_who_is_heard_by_hand(seats: list[int], eligible: list[int], centres: list[int], heard: list[int]) -> None:
    for left in (np.zeros(5, np.bool_), np.full(5, np.nan)):  # a field of the state, and working memory
        set_heard(*(np.isin(range(5), some) for some in (seats, eligible, centres)), left)
        assert left.tolist() == [i in heard for i in range(5)]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_a_board_of_the_centres_is_heard_as_no_board_is(towns: list[tuple[bool, bool]]) -> None:
    eligible, centre = np.array(towns).T
    named, without = np.zeros_like(centre), np.zeros_like(centre)
    set_heard(eligible & centre, eligible, centre, named)
    set_heard(np.zeros_like(centre), eligible, centre, without)
    assert named.tolist() == without.tolist()
    assert without.any() == eligible.any(), "somebody is"


def test_naming_a_board_of_the_centres_relieves_nobody_in_the_real_region() -> None:
    """Two runs that differ in the board only: it decides, and yet the same municipalities are heard."""
    runs = [started(changed(founded(load_design("regiobureau")), "position", board=who)) for who in ("none", "centres")]
    centres = region_named("zuid_limburg").centre
    for t in range(24):
        for run in runs:
            run.institutions(t)
        none, named = (run.state for run in runs)
        assert (none.heard == named.heard).all()
        assert none.heard[0].tolist() == centres.tolist()
    assert not none.board[0].any()
    assert named.board[0].tolist() == centres.tolist()


def test_the_rotating_seat_passes_on_every_year() -> None:
    run = started(founded(load_design("regio_deal")))
    region = region_named("zuid_limburg")
    fixed = region.groups["steering_group"]
    guests = []
    for t in range(36):
        run.institutions(t)
        if t >= 20:
            board_of_the_deal = run.state.board[-1]  # it stands beside the region's own institution
            seated = np.flatnonzero(board_of_the_deal & ~fixed)
            assert (board_of_the_deal & fixed).sum() == 3
            assert len(seated) == 1
            assert region.groups["regio_deal"][seated[0]], "only one that takes part"
            guests.append(int(seated[0]))
    assert all(len(set(guests[year : year + 4])) == 1 for year in range(0, 16, 4))
    assert len(set(guests)) == 4, "four years, four guests"
