"""Hybrids of a design and today's way: what they hold, and what comes of them."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from bresim.brief.rule_types import CHOICES, contributions, differing, hybrid, run_hybrids
from bresim.brief.runs import MEASURED, NAMES, cases_of, draws_of, run_cases
from bresim.common.progress import Silent
from bresim.config import load
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE
from bresim.costs import FTE
from bresim.governance import Readings, compile_design, load_design, read_values
from bresim.governance.compile import PLACES
from bresim.governance.library import design_names
from bresim.governance.schema import RULE_TYPES
from bresim.plan import Case
from bresim.region import load_region
from tests.brief.conftest import config_of

ALL = frozenset(RULE_TYPES)
QUOTA = "aggregation.adoption_quota"


@functools.cache
def region_of(name):
    return load_region(load("compare", [f"region={name}"]).region)


def today():
    return load_design(REFERENCE)


@pytest.mark.parametrize("region", ["zuid_limburg", "teaching"])
@pytest.mark.parametrize("name", design_names())
def test_every_hybrid_of_every_shipped_design_compiles(name, region):
    design, own = load_design(name), set(differing(load_design(name), today()))
    choices = [choice for choice in CHOICES if choice <= own]
    assert len(choices) == 2 ** len(own)
    for choice in choices:
        compile_design(hybrid(design, today(), choice), region_of(region))


@pytest.mark.parametrize("name", design_names())
def test_all_is_the_design_and_none_is_today(name):
    design = load_design(name)
    whole, none = hybrid(design, today(), ALL), hybrid(design, today(), frozenset())
    for section in RULE_TYPES:
        assert getattr(whole, section) == getattr(design, section)
        if section != "aggregation":
            assert getattr(none, section) == getattr(today(), section)
    assert none.aggregation.adoption_quota == design.aggregation.adoption_quota
    assert none.aggregation.model_copy(update={"adoption_quota": 0.0}) == today().aggregation


def numbers(design, region, readings):
    return read_values(compile_design(design, region), design, (), readings)


@pytest.mark.parametrize("name", ["joint_arrangement", "regio_deal_continued", "provincial_steering_mandated"])
def test_a_hybrid_draws_what_its_sources_draw(name):
    """Under every reading each field is what the design that it is from has in that reading."""
    design, region = load_design(name), region_of("zuid_limburg")
    readings = Readings(np.full(6, 1), np.arange(-1, 5))
    theirs, ours = numbers(design, region, readings), numbers(today(), region, readings)
    spread = 0
    for choice in CHOICES[::9]:
        found = numbers(hybrid(design, today(), choice), region, readings)
        for path, at in PLACES.items():
            taken = path.split(".")[0] in choice or path == QUOTA
            np.testing.assert_array_equal(found[:, at], (theirs if taken else ours)[:, at], err_msg=path)
            spread += np.ptp(found[:, at]) > 0.0
    assert spread > 10  # the test looks at values that differ between readings


def test_where_there_is_no_board_all_supply_what_it_would():
    design = today().model_copy(
        update={
            "name": "own",
            "position": today().position.model_copy(update={"board": "centres"}),
            "choice": today().choice.model_copy(
                update={"pooled_by": "board", "services_by": "board", "pooled_capacity": 0.1}
            ),
        }
    )
    without = hybrid(design, today(), frozenset({"choice"}))
    assert (without.choice.pooled_by, without.choice.services_by) == ("all", "members")
    assert without.choice.pooled_capacity == 0.1
    whole = hybrid(design, today(), frozenset({"choice", "position"}))
    assert (whole.choice.pooled_by, whole.choice.services_by) == ("board", "board")
    province = design.model_copy(update={"choice": design.choice.model_copy(update={"services_by": "province"})})
    assert hybrid(province, today(), frozenset({"choice"})).choice.services_by == "province"


@pytest.mark.parametrize("coding", ["drawn", "point"])
@pytest.mark.parametrize("measures", [(), ("measures.monitoring=1", "measures.thinning=0.5")])
def test_all_seven_give_the_design_and_none_today_bit_for_bit(coding, measures):
    config = config_of(f"coding={coding}", *measures)
    kept = {name: strength for name, strength in config.measures.items() if strength}
    main = {case.name: case for case in cases_of(config)}
    quo = MEASURED if measures else REFERENCE
    hybrids = {
        name: Case(f"hybrid of {name}", hybrid(main[name].design, today(), ALL), kept)
        for name in ("regiobureau", "regio_deal")
    }
    none = Case("none", hybrid(main["regio_deal"].design, today(), frozenset()), kept)
    cases = [*main.values(), *hybrids.values(), none]
    found = run_cases(config, cases, range(6), Silent())
    names = [case.name for case in cases]
    for outcome in (HEADLINE, "adopted"):
        for name, case in hybrids.items():
            np.testing.assert_array_equal(
                found[outcome][names.index(case.name)], found[outcome][names.index(name)], err_msg=f"{name} {outcome}"
            )
    at = FOUNDINGS.index("at_once")
    np.testing.assert_array_equal(found[HEADLINE][names.index("none"), at], found[HEADLINE][names.index(quo), at])
    designs = found[HEADLINE][[names.index(name) for name in ("regiobureau", "regio_deal")], at]
    assert (designs != found[HEADLINE][names.index(quo), at]).any()


@pytest.mark.parametrize("measures", [(), ("measures.binding_agreements=1",)])
def test_contributions_are_of_the_rules_alone(measures):
    """With measures on both sides, what the seven add up to is not what the measures do."""
    config = config_of("designs=[status_quo,informal_centre]", *measures)
    cases = cases_of(config)
    names = [case.name for case in cases]
    run = run_cases(config, cases, range(config.replicates), Silent(), names=(*NAMES, FTE))
    main = {name: outcome[:, :, 0] for name, outcome in run.items()}
    draws = draws_of(config, range(config.replicates))
    design = load_design("informal_centre")
    hybrids = run_hybrids(config, design, today(), main, names, Silent())
    at = FOUNDINGS.index("at_once")
    value = main[HEADLINE][:, at]
    whole = value[names.index("informal_centre")] - value[names.index(MEASURED if measures else REFERENCE)]
    table = contributions(hybrids, draws)
    assert table["value"].sum() == pytest.approx(whole.mean(), abs=1e-12)
    staff = main[FTE][:, at]
    more = staff[names.index("informal_centre")] - staff[names.index(MEASURED if measures else REFERENCE)]
    assert table["fte"].sum() == pytest.approx(more.mean(), abs=1e-9)
    same = [name for name in RULE_TYPES if name not in differing(design, today())]
    assert len(same) == 3
    assert (table.set_index("rule_type").loc[same, "value"].abs() < 1e-12).all()
    if measures:
        gain = value[names.index("informal_centre")] - value[names.index(REFERENCE)]
        assert abs(gain.mean() - whole.mean()) > 0.001  # so the test can tell the two apart
