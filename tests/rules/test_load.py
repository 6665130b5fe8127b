from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.rules import load
from tests.rules.plain import changes, interpreted, plain, scratch, shares

capacity, work = plain(load.execution_capacity), plain(load.collaboration_work)


def test_by_hand() -> None:
    assert capacity(7.0, 1.0, 1.18) == 7.0
    assert capacity(2.0, 4.0, 1.5) == pytest.approx(16.0)
    # 0.05 x ((4 + 1.4 x 5) + 0.5 x (10 + 1.4 x 10))
    assert work(0.05, 1.4, 10.0, 10.0, 4.0, 5.0, 0.5) == pytest.approx(1.15)


@given(st.floats(0.1, 30.0), st.floats(1.08, 1.3))
def test_small_municipalities_have_less_for_each_inhabitant(size: float, exponent: float) -> None:
    assert capacity(7.0, 2.0 * size, exponent) > 2.0 * capacity(7.0, size, exponent)


@given(shares, st.floats(1.0, 2.0), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), shares)
def test_only_voluntary_work_can_be_thinned(
    fte: float, body: float, light: int, bodies: int, mandatory: int, kept: float
) -> None:
    x = work(fte, body, light, bodies, mandatory, 0, kept)
    assert fte * mandatory - 1e-9 <= x <= work(fte, body, light, bodies, mandatory, 0, 1.0) + 1e-9


def test_tables_by_hand() -> None:
    """One table, one agreement carried out, one theme idle; those that stay out sit in by half; 2 is not eligible."""
    committed = np.array([[[True, False, False], [True, False, True], [False, False, False]]])
    s = SimpleNamespace(
        committed=committed, phase=np.array([[1, 2, 0]]), tables=np.full(3, 9.0), **scratch(3),
        institution=[SimpleNamespace(open_tables=0.5)], eligible=np.array([[True, True, False]]),
    )  # fmt: skip
    with interpreted(load):
        load._count_tables(s)
    assert s.tables.tolist() == [2.0, 1.0, 1.0]


def test_capacity_load_and_pool_by_hand() -> None:
    """Two municipalities; the region reviews; an arena of the second merges, and its board supplies the bureau."""
    w = SimpleNamespace(
        capacity_factor=np.array([0.5]), population_factor=np.array([0.25]),
        member=np.array([[True, True], [False, True]]), light_voluntary=np.array([[10.0, 10.0]]),
        body_voluntary=np.zeros((1, 2)), light_mandatory=np.array([[2.0, 2.0]]), body_mandatory=np.zeros((1, 2)),
    )  # fmt: skip
    p = SimpleNamespace(
        capacity_exponent=1.5,
        thinning_reach=0.5,
        merging_saving=0.2,
        collaboration_fte=0.1,
        body_load=1.0,
        table_fte=0.5,
        thinning_return=0.25,
    )
    region = SimpleNamespace(
        thinning=1.0,
        merging=0.0,
        pooled_capacity=0.0,
        bureau_executes=1.0,
        pooled_by_board=0.0,
        services_by_board=0.0,
        open_tables=1.0,
    )
    formal = SimpleNamespace(
        thinning=0.0,
        merging=1.0,
        pooled_capacity=0.1,
        bureau_executes=1.0,
        pooled_by_board=1.0,
        services_by_board=0.0,
        open_tables=1.0,
    )
    s = SimpleNamespace(
        region=SimpleNamespace(solution=0), committed=np.zeros((2, 1, 2), dtype=bool), phase=np.array([[1], [0]]),
        tables=np.zeros(2), institution=[region, formal], eligible=np.array([[True, True], [False, True]]),
        seated=np.array([[False, False], [False, True]]),
        base_capacity=np.array([160.0, 320.0]), meeting_size=np.array([1.0, 2.0]), service_fte=np.array([3.0, 0.5]),
        thinned=np.zeros(2), merged=np.zeros(2),
        capacity=np.zeros(2), standing=np.zeros(2), load=np.zeros(2), slack=np.zeros(2),
        **scratch(2), arena_capacity=np.zeros(2), arena_pool=np.zeros(2), staffed=np.full(2, -9.0),
    )  # fmt: skip
    with (
        interpreted(load),
        changes(
            s,
            "tables",
            "thinned",
            "merged",
            "capacity",
            "standing",
            "load",
            "slack",
            "arena_capacity",
            "arena_pool",
            "staffed",
        ),
    ):
        load.update(s, w, p, 0)
    # 0.5 x 0.25 ^ 1.5 = 1/16
    assert s.capacity == pytest.approx([10.0, 20.0])
    # 0.1 x (2 + 0.5 x 10) + 0.5; and with merging, twice as large, 2 x (0.1 x (2 + 0.5 x 0.8 x 10) + 0.5 x 0.8)
    assert s.standing == pytest.approx([0.7, 1.2])
    assert s.load == pytest.approx([0.12, 0.1])
    # of the region's services each does a part; the subregion's are done by its bureau of 2 fte, which has 1.5 left
    assert s.slack == pytest.approx([8.8 - 1.0, 18.0 - 2.0 - 2.0])
    assert s.arena_capacity == pytest.approx([30.0, 20.0])
    assert s.arena_pool == pytest.approx([0.0, 1.5])


def test_who_has_more_work_than_capacity_has_no_slack_and_supplies_nothing() -> None:
    """1 has 1.5 fte of collaborations for 1 of its own; 0 has 10 for the same work, and gives the tenth it set aside.

    The bureau would have 1.1 fte, and needs 0.4 of it for services: 0.7 is left of it, of which 0.1 is not there.
    """
    w = SimpleNamespace(
        capacity_factor=np.ones(1), population_factor=np.ones(1), member=np.array([[True, True]]),
        light_voluntary=np.array([[15.0, 15.0]]), body_voluntary=np.zeros((1, 2)), light_mandatory=np.zeros((1, 2)),
        body_mandatory=np.zeros((1, 2)),
    )  # fmt: skip
    p = SimpleNamespace(capacity_exponent=1.0, thinning_reach=0.0, merging_saving=0.0, collaboration_fte=0.1,
                        body_load=1.0, table_fte=0.0, thinning_return=1.0)  # fmt: skip
    own = {"thinning": 0.0, "merging": 0.0, "pooled_capacity": 0.1, "bureau_executes": 1.0, "pooled_by_board": 0.0,
           "services_by_board": 0.0, "open_tables": 0.0}  # fmt: skip
    s = SimpleNamespace(
        region=SimpleNamespace(solution=0), committed=np.zeros((1, 1, 2), np.bool_), phase=np.zeros((1, 1)),
        tables=np.zeros(2), institution=[SimpleNamespace(**own)], eligible=np.ones((1, 2), np.bool_),
        seated=np.zeros((1, 2), np.bool_), base_capacity=np.array([10.0, 1.0]), meeting_size=np.ones(2),
        service_fte=np.array([0.4]), thinned=np.zeros(2), merged=np.zeros(2), capacity=np.zeros(2),
        standing=np.zeros(2), load=np.zeros(2), slack=np.full(2, -9.0), **scratch(2), arena_capacity=np.zeros(1),
        arena_pool=np.full(1, -9.0), staffed=np.full(1, -9.0),
    )  # fmt: skip
    with interpreted(load):
        load.update(s, w, p, 0)
    assert s.load == pytest.approx([0.15, 1.0])
    assert s.slack == pytest.approx([7.5, 0.0])
    assert s.arena_pool == pytest.approx([0.6])


def _reviewed(thinning: list[list[float]], rate: float, begun: float = 0.0) -> SimpleNamespace:
    """Quarters in which the region of two, and an arena of the second alone, review this far; 10 voluntary ones each.

    ``over`` (T, 2) is how far they have been ended after every quarter, and ``standing`` (T, 2) the work that is left.
    """
    w = SimpleNamespace(
        capacity_factor=np.ones(len(thinning)), population_factor=np.ones(len(thinning)),
        light_voluntary=np.array([[10.0, 10.0]]), body_voluntary=np.zeros((1, 2)), light_mandatory=np.zeros((1, 2)),
        body_mandatory=np.zeros((1, 2)), member=np.array([[True, True], [False, True]]),
    )  # fmt: skip
    p = SimpleNamespace(capacity_exponent=1.0, thinning_reach=0.5, merging_saving=0.0, collaboration_fte=0.1,
                        body_load=1.0, table_fte=0.0, thinning_return=rate)  # fmt: skip
    nothing = {"merging": 0.0, "pooled_capacity": 0.0, "bureau_executes": 1.0,
               "pooled_by_board": 0.0, "services_by_board": 0.0,
               "open_tables": 0.0}  # fmt: skip
    s = SimpleNamespace(
        region=SimpleNamespace(solution=0), committed=np.zeros((2, 1, 2), np.bool_), phase=np.zeros((2, 1)),
        tables=np.zeros(2), institution=[SimpleNamespace(**nothing), SimpleNamespace(**nothing)],
        eligible=np.array([[True, True], [False, True]]), seated=np.zeros((2, 2), np.bool_),
        base_capacity=np.array([10.0, 10.0]), meeting_size=np.ones(2), service_fte=np.zeros(2),
        thinned=np.full(2, begun), merged=np.full(2, 0.5 * begun),
        capacity=np.zeros(2), standing=np.zeros(2), load=np.zeros(2), slack=np.zeros(2),
        **scratch(2), arena_capacity=np.zeros(2), arena_pool=np.zeros(2), staffed=np.full(2, -9.0),
    )  # fmt: skip
    over, standing, merged = [], [], []
    with interpreted(load):
        for t, quarter in enumerate(thinning):
            for institution, value in zip(s.institution, quarter, strict=True):
                institution.thinning, institution.merging = value, 0.5 * value
            load.update(s, w, p, t)
            over.append(s.thinned.tolist())
            merged.append(s.merged.tolist())
            standing.append(s.standing.tolist())
    assert np.array(merged) == pytest.approx(0.5 * np.array(over)), "what was merged comes apart as slowly"
    return SimpleNamespace(over=np.array(over), standing=np.array(standing))


def test_what_was_ended_comes_back_slowly_by_hand() -> None:
    """A review of 0.8 for a quarter, and of 1 alone of 0.4 after it; of 0.1 x 10 half of what is ended is gone."""
    found = _reviewed([[0.8, 0.0], [0.0, 0.4], [0.0, 0.4], [0.0, 0.4]], 0.5)
    assert found.over == pytest.approx(np.array([[0.8, 0.8], [0.4, 0.4], [0.2, 0.4], [0.1, 0.4]]))
    assert found.standing == pytest.approx(1.0 - 0.5 * found.over)


def test_what_was_ended_never_comes_back_at_a_rate_of_nothing() -> None:
    found = _reviewed([[0.8, 0.0], *[[0.0, 0.0]] * 5], 0.0)
    assert found.over == pytest.approx(np.full((6, 2), 0.8))
    back = _reviewed([[0.8, 0.0], [0.0, 0.0]], 1.0)
    assert back.over[1].tolist() == [0.0, 0.0], "and at a rate of 1 at once"
    assert back.standing[1] == pytest.approx([1.0, 1.0])


@given(st.lists(st.lists(shares, min_size=2, max_size=2), min_size=1, max_size=6), shares, shares, st.floats(0.0, 0.1))
def test_it_never_comes_back_faster_than_at_its_rate_or_while_it_is_reviewed(
    thinning: list[list[float]], begun: float, one: float, other: float
) -> None:
    slow, fast = min(one, other), max(one, other)
    found, quicker = _reviewed(thinning, slow, begun).over, _reviewed(thinning, fast, begun).over
    assert (quicker <= found + 1e-12).all(), "a higher rate leaves less ended"
    before = np.vstack([np.full((1, 2), begun), found[:-1]])
    assert (found >= before * (1.0 - slow) - 1e-12).all()
    reviews = np.array(thinning)
    assert (found[:, 0] >= reviews[:, 0] - 1e-12).all()
    assert (found[:, 1] >= reviews.max(axis=1) - 1e-12).all(), "the institution that goes furthest"
    assert (found <= 1.0).all()
    # no more is ended than a review that held now or before
    assert (found <= np.maximum.accumulate(np.maximum(begun, reviews.max(axis=1)))[:, None] + 1e-12).all()


def _supplied(
    service_fte: float,
    pooled_by_board: float,
    services_by_board: float,
    executes: float = 1.0,
    slack: tuple[float, ...] = (10.0, 30.0, 10.0),
    arenas: int = 1,
) -> SimpleNamespace:
    """A bureau of a tenth of capacity, of municipalities with nothing else to do; 0 is on the board, 2 not eligible.

    With ``slack`` they have something else to do; with more ``arenas`` these are all alike.
    """
    own = SimpleNamespace(
        pooled_capacity=0.1,
        pooled_by_board=pooled_by_board,
        services_by_board=services_by_board,
        bureau_executes=executes,
    )
    s = SimpleNamespace(
        institution=[own] * arenas, eligible=np.array([[True, True, False]] * arenas),
        seated=np.array([[True, False, False]] * arenas), capacity=np.array([10.0, 30.0, 10.0]), slack=np.array(slack),
        service_fte=np.full(arenas, service_fte), arena_capacity=np.zeros(arenas), arena_pool=np.full(arenas, -9.0),
        staffed=np.full(arenas, -9.0), **scratch(3),
    )  # fmt: skip
    with interpreted(load):
        load._pool(s, SimpleNamespace(member=np.ones((arenas, 3), np.bool_)))
    return s


@pytest.mark.parametrize(
    ("service_fte", "pooled_by_board", "services_by_board", "pool", "slack"),
    [
        (0.0, 0.0, 0.0, 4.0, [9.0, 27.0, 10.0]),
        (3.0, 0.0, 0.0, 1.0, [9.0, 27.0, 10.0]),  # the bureau does the services first
        (8.0, 0.0, 0.0, 0.0, [8.0, 24.0, 10.0]),  # what is beyond it, all that take part
        (8.0, 0.0, 1.0, 0.0, [5.0, 27.0, 10.0]),  # or the board alone
        (3.0, 1.0, 0.0, 0.0, [8.5, 28.5, 10.0]),  # the board has a bureau of 1 fte
        (99.0, 1.0, 1.0, 0.0, [0.0, 30.0, 10.0]),  # nobody gives more than it has
    ],
)
def test_services_come_out_of_the_bureau_and_then_out_of_capacity(
    service_fte: float, pooled_by_board: float, services_by_board: float, pool: float, slack: list[float]
) -> None:
    s = _supplied(service_fte, pooled_by_board, services_by_board)
    assert s.arena_pool[0] == pytest.approx(pool)
    assert s.slack == pytest.approx(slack)


@pytest.mark.parametrize(
    ("service_fte", "executes", "pool", "slack"),
    [
        (0.0, 0.0, 0.0, [10.0, 30.0, 10.0]),  # with nothing to do it asks nobody
        (3.0, 0.0, 0.0, [9.25, 27.75, 10.0]),  # no more than the services need
        (3.0, 0.4, 0.4, [9.15, 27.45, 10.0]),  # and part of what they leave of its 4 fte
        (8.0, 0.0, 0.0, [8.0, 24.0, 10.0]),  # services beyond it are supplied all the same
    ],
)
def test_a_bureau_that_does_not_execute_asks_only_for_its_services(
    service_fte: float, executes: float, pool: float, slack: list[float]
) -> None:
    s = _supplied(service_fte, 0.0, 0.0, executes)
    assert s.arena_pool[0] == pytest.approx(pool)
    assert s.slack == pytest.approx(slack)


@pytest.mark.parametrize(
    ("service_fte", "slack", "pool", "left", "staffed"),
    [
        (3.0, (1.0, 3.0, 10.0), 1.0, [0.0, 0.0, 10.0], 1.0),  # just enough for the 4 fte of the bureau
        (3.0, (0.5, 27.0, 10.0), 0.5, [0.0, 24.0, 10.0], 1.0),  # half an fte short, and nobody makes up for it
        (3.0, (0.5, 1.0, 10.0), 0.0, [0.0, 0.0, 10.0], 0.5),  # not even for services: 1.5 of 3
        (0.0, (0.5, 0.0, 10.0), 0.5, [0.0, 0.0, 10.0], 1.0),  # what there is executes
        (8.0, (0.5, 27.0, 10.0), 0.0, [0.0, 21.0, 10.0], 0.8125),  # 0 gives 0.5 of 2, 1 all of 6: 6.5 of 8
        (3.0, (0.0, 0.0, 10.0), 0.0, [0.0, 0.0, 10.0], 0.0),  # 2 takes no part, and gives nothing for the others
        (0.0, (0.0, 0.0, 10.0), 0.0, [0.0, 0.0, 10.0], 1.0),
        (1e-12, (0.0, 0.0, 10.0), 0.0, [0.0, 0.0, 10.0], 0.0),  # of hardly anything, too, nothing is not all
    ],
)
def test_no_municipality_supplies_more_than_it_has_left(
    service_fte: float, slack: tuple[float, ...], pool: float, left: list[float], staffed: float
) -> None:
    """The bureau asks 1 of the first and 3 of the second; what it lacks after its services it lacks for execution."""
    s = _supplied(service_fte, 0.0, 0.0, slack=slack)
    assert s.arena_pool[0] == pytest.approx(pool)
    assert s.slack == pytest.approx(left)
    assert s.staffed[0] == pytest.approx(staffed)


def test_arenas_get_the_same_part_of_what_they_ask() -> None:
    """Each asks 1 of the first, that has 1.5, and 3 of the second; 1 fte of it is for services."""
    s = _supplied(1.0, 0.0, 0.0, slack=(1.5, 30.0, 10.0), arenas=2)
    assert s.arena_pool == pytest.approx([2.75, 2.75])
    assert s.slack == pytest.approx([0.0, 24.0, 10.0])
    assert s.staffed.tolist() == [1.0, 1.0]


@given(
    st.floats(0.0, 20.0), st.booleans(), st.booleans(), shares,
    st.lists(st.floats(0.0, 6.0), min_size=3, max_size=3), st.integers(1, 4),
)  # fmt: skip
def test_all_that_bureaus_are_given_was_left_to_someone(
    service_fte: float, pooled_by_board: bool, services_by_board: bool, executes: float, slack: list[float], arenas: int
) -> None:
    """Also with hardly any left: what bureaus have for execution, and what is kept, is no more than there was."""
    s = _supplied(service_fte, float(pooled_by_board), float(services_by_board), executes, tuple(slack), arenas)
    assert (s.slack >= 0.0).all()
    assert (s.slack <= slack).all()
    assert (s.arena_pool >= 0.0).all()
    assert (s.arena_pool <= executes * 4.0 + 1e-9).all()
    assert s.slack.sum() + s.arena_pool.sum() <= sum(slack) + 1e-9
    assert s.slack[2] == slack[2]
    assert ((s.staffed >= 0.0) & (s.staffed <= 1.0)).all()
    if not any(slack[:2]):
        assert not s.arena_pool.any()
        assert (s.staffed == float(service_fte == 0.0)).all()


@given(st.floats(0.0, 60.0), st.booleans(), st.booleans())
def test_nothing_is_free(service_fte: float, pooled_by_board: bool, services_by_board: bool) -> None:
    """What bureau and municipalities keep is less by what services ask, as far as there is staff for them."""
    s = _supplied(service_fte, float(pooled_by_board), float(services_by_board))
    left = float(s.slack.sum() + s.arena_pool[0])
    assert (s.slack >= 0.0).all()
    assert left >= 50.0 - service_fte - 1e-9
    assert left == pytest.approx(50.0 - service_fte * float(s.staffed[0]))
    assert s.slack[:2].min() < 1e-9 or s.staffed[0] == 1.0
