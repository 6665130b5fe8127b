from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.draws import make_key
from bresim.kernel.state import EXECUTING, IDLE, NEGOTIATING, OUTSIDE
from bresim.rules import turnover
from tests.rules.plain import changes, drawn, interpreted, plain, shares

chance_of = plain(turnover.turnover_chance)


def test_by_hand() -> None:
    assert chance_of(0.35, 0.25, 0.6, 1.0) == pytest.approx(0.5)
    assert chance_of(0.35, 0.25, 0.6, 0.0) == 0.0
    assert chance_of(0.35, 0.25, 0.6, 3.0) == 1.0


@given(shares, shares, shares)
def test_local_parties_bring_more_turnover(base: float, extra: float, local: float) -> None:
    assert 0.0 <= chance_of(base, extra, 0.0, 1.0) <= chance_of(base, extra, local, 1.0) <= 1.0


def _parameters(**values: float) -> SimpleNamespace:
    usual = {"turnover_base": 0.2, "turnover_local": 0.4, "resignation_share": 0.5, "turnover_pull": 0.4,
    "trust_grievance": 0.5,
             "trust_councils": 0.2}  # fmt: skip
    breach = {"visibility": 0.5, "trust_gain": 0.1, "trust_loss_ratio": 5.0, "grievance_rate": 0.5}
    return SimpleNamespace(**(usual | breach | {"exit_rate": 0.0} | values))


def _quarter(
    draw: list[float],
    *,
    election: bool,
    binding: float = 1.0,
    exit_cost: float = 0.0,
    agreed: float | None = None,
) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Three municipalities, trust 0.7 among all and a baseline of 0.7 - 0.5 x 0.2 - 0.5 x 0.2 + 0.2 x 0.5.

    One initiative is in each phase; agreements were made with the same binding, or with ``agreed``.
    """
    trust, committed = np.full((3, 3), 0.7), np.ones((1, 3, 3), np.bool_)
    np.fill_diagonal(trust, 0.0)
    s = SimpleNamespace(
        key=make_key(1, 0), drawn=drawn(0), draws_turnover=np.array(draw), region=SimpleNamespace(divide=0.5, acts=0.0),
        trust=trust, base_trust=np.full((3, 3), 0.7), trust_gap=np.full((3, 3), 0.2),
        grievance=np.full((3, 3), 0.2), involvement=np.full(3, 0.5),
        committed=committed, coerced=committed.copy(), phase=np.array([[NEGOTIATING, EXECUTING, IDLE]]),
        institution=[SimpleNamespace(binding=binding, monitoring=0.2)],
        agreed_binding=np.full((1, 3), binding if agreed is None else agreed),
        agreed_exit_cost=np.full((1, 3), exit_cost), agreed_supplied=np.zeros((1, 3)),
        enforced=committed.copy(), promised=np.full((1, 3, 3), 2.0), signed=np.full(3, 3.0),
        missed=np.zeros((1, 3, 3)),
    )  # fmt: skip
    w = SimpleNamespace(
        election=np.array([election]), turnover_factor=np.array([1.5]), local_party=np.array([0.0, 0.5, 1.0]),
        instability=np.array([0.1, 0.2, 0.0]), population=np.ones(3),
    )  # fmt: skip
    return s, w


def _moved(pull: float, changed: int) -> np.ndarray:
    trust = np.full((3, 3), 0.7)
    trust[changed, :] = trust[:, changed] = 0.7 - pull * (0.7 - 0.6)
    np.fill_diagonal(trust, 0.0)
    return trust


@given(shares, shares, shares)
def test_a_turnover_never_raises_trust(trust: float, rest: float, pull: float) -> None:
    """What was broken below the baseline is not repaired; what was earned above it falls to it at most."""
    after = plain(turnover.fallen_back)(trust, rest, pull)
    assert min(trust, rest) - 1e-12 <= after <= trust
    if trust <= rest:
        assert after == trust


def test_trust_below_the_baseline_stays_where_it_is() -> None:
    s, w = _quarter([0.0, 0.0, 0.0], election=True)
    s.trust[0, 1], s.trust[1, 0] = 0.3, 0.8
    with interpreted(turnover), changes(s, "trust"):
        turnover.update(s, w, _parameters(turnover_pull=1.0), 0)
    assert s.trust[0, 1] == 0.3
    assert s.trust[1, 0] == pytest.approx(0.6)


def test_no_turnover_changes_nothing() -> None:
    s, w = _quarter([0.16, 0.31, 0.0], election=False)  # chances 0.15, 0.3 and 0
    with interpreted(turnover), changes(s):
        turnover.update(s, w, _parameters(), 0)


def test_an_alderman_who_leaves_early_weighs_less() -> None:
    """Chance 0.2 x 1.5; half of the pull: trust of and in municipality 1 goes a fifth of the way to the baseline."""
    s, w = _quarter([0.16, 0.29, 0.0], election=False)
    with interpreted(turnover), changes(s, "trust"):
        turnover.update(s, w, _parameters(), 0)
    assert s.trust == pytest.approx(_moved(0.2, 1))


def test_an_election_changes_all_aldermen_sooner_with_local_parties() -> None:
    """Chances 0.3, 0.6 and 0.9."""
    s, w = _quarter([0.31, 0.61, 0.89], election=True)
    with interpreted(turnover), changes(s, "trust"):
        turnover.update(s, w, _parameters(), 0)
    assert s.trust == pytest.approx(_moved(0.4, 2))


#: What changes for a municipality that leaves an agreement.
AGREEMENT = ("coerced", "enforced", "promised", "signed", "missed")


@pytest.mark.parametrize(
    ("binding", "exit_cost", "fields", "left"),
    [
        (1.0, 0.0, (), [True, True, True]),
        (0.0, 0.0, ("committed", *AGREEMENT, "grievance"), [False, False, True]),
        (0.0, 1.0, ("committed",), [False, True, True]),  # to leave costs too much, to drop a commitment does not
    ],
)
def test_new_aldermen_reconsider_what_is_not_bound(
    binding: float, exit_cost: float, fields: tuple[str, ...], left: list[bool]
) -> None:
    """With every chance 1 if it is not bound; an idle theme has no members to leave."""
    s, w = _quarter([0.99, 0.99, 0.0], election=True, binding=binding, exit_cost=exit_cost)
    with interpreted(turnover), changes(s, "trust", *fields):
        turnover.update(s, w, _parameters(turnover_pull=1.0, exit_rate=1.0), 0)
    assert s.committed[0, :, 2].tolist() == left
    assert s.committed[0, :, :2].all(), "the others stay"
    assert s.coerced[0, :, 2].tolist() == s.enforced[0, :, 2].tolist() == [True, left[1], True]


@pytest.mark.parametrize(("now", "agreed", "left"), [(0.0, 1.0, [False, True, True]), (1.0, 0.0, [True, False, True])])
def test_an_agreement_binds_as_when_it_was_made(now: float, agreed: float, left: list[bool]) -> None:
    """Whatever holds now, which is what counts for what is still negotiated."""
    s, w = _quarter([0.99, 0.99, 0.0], election=True, binding=now, agreed=agreed)
    with interpreted(turnover):
        turnover.update(s, w, _parameters(turnover_pull=1.0, exit_rate=1.0), 0)
    assert s.committed[0, :, 2].tolist() == left


def test_who_leaves_an_agreement_breaks_its_promise() -> None:
    """The others see 0.5 + 0.5 x 0.2 of it: trust at the baseline of 0.6 falls by 0.1 x 5 x 0.6 of itself."""
    s, w = _quarter([0.99, 0.99, 0.0], election=True, binding=0.0)
    s.committed[0, 1, 0] = False  # only 1 stays
    with interpreted(turnover):
        turnover.update(s, w, _parameters(turnover_pull=1.0, exit_rate=1.0), 0)
    assert s.trust[:, 2] == pytest.approx([0.6, 0.6 * 0.7, 0.0]), "who was no member saw nothing"
    assert s.trust[2, :2] == pytest.approx([0.6, 0.6])
    assert s.grievance[:, 2] == pytest.approx([0.2, 0.2 + 0.5 * 0.6 * 0.8, 0.2])
    assert s.grievance[:, :2] == pytest.approx(0.2)
    assert s.promised[0, :, 2].tolist() == [2.0, 0.0, 2.0]
    assert s.signed.tolist() == [3.0, 3.0, 1.0]
    assert s.missed[0, :, 2].tolist() == [0.0, OUTSIDE, 0.0]
    assert (s.promised[0, :, :2] == 2.0).all(), "the others are held to theirs"
