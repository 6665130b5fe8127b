"""The model in a page is the model: the same bits as the ensemble, in every region and scenario that is shipped."""

from __future__ import annotations

from pathlib import Path

import node
import numpy as np
import pytest
from web_page import REGIONS, Page, made, request_of

from bresim.config.schema import Undercurrent
from bresim.governance import load_design
from bresim.governance.schema import RULE_TYPES

REPORT = {"parochialism": 0.6, "cleavage": 0.6, "negativity": 0.6}
OTHER = {"parochialism": 0.93, "cleavage": 0.21, "negativity": 0.47}
#: Whole parameter sets and parts of one, far from the first.
FIRST, LAST = 1203, 1263


@pytest.mark.slow
@pytest.mark.parametrize("region", REGIONS)
def test_batches_are_those_of_the_ensemble(page: Page, region: str, tmp_path: Path) -> None:
    configs = [config for (name, _), config in page.worlds.items() if name == region]
    asked = [
        (request_of(config, knobs, FIRST, LAST), made(config, knobs, FIRST, LAST))
        for config in configs
        for knobs in (REPORT, OTHER)
    ]
    found = node.answer("batches.mjs", page.ask(tmp_path, asked))
    assert [one["scenario"] for one in found[::2]] == [config.scenario["name"] for config in configs]
    assert {one["columns"] for one in found} == {asked[0][1].shape[1]}
    assert sum(one["runs"] for one in found) == len(configs) * 2 * 60 * 24
    assert [one["same"] for one in found] == [one["runs"] for one in found]


def test_a_bit_that_differs_is_found(page: Page, tmp_path: Path) -> None:
    config = next(config for (name, _), config in page.worlds.items() if name == "teaching")
    values = np.array(made(config, REPORT, 0, 3))
    values[4, 0, 1] = np.nextafter(values[4, 0, 1], 1.0)
    values[5, 3, 1] = np.nan
    found = node.answer("batches.mjs", page.ask(tmp_path, [(request_of(config, REPORT, 0, 3), values)]))
    assert (found[0]["runs"], found[0]["same"]) == (72, 70)


def test_the_build_without_simd_and_another_seed(page: Page, tmp_path: Path) -> None:
    asked = []
    for region in ("zuid_limburg", "teaching"):
        config = page.worlds[region, "austerity"].model_copy(update={"seed": 2**52 + 12345})
        asked.append((request_of(config, OTHER, 31, 41), made(config, OTHER, 31, 41)))
    found = node.answer("batches.mjs", page.ask(tmp_path, asked), "plain")
    assert [one["same"] for one in found] == [240, 240]


def test_measures_and_a_design_of_the_visitor(page: Page, tmp_path: Path) -> None:
    """Values that were changed are certain; the others are read as those of the design it was made from."""
    taken = {"monitoring": 0.5, "facilitation": 1.0, "thinning": 0.35, "merging_structures": 0.8}
    asked = []
    for region in ("zuid_limburg", "teaching"):
        config = page.worlds[region, "water_crisis"]
        base = load_design("regiobureau")
        changed = {
            "payoff": base.payoff.model_copy(update={"binding": 0.77, "cost_sharing": 0.25}),
            "aggregation": base.aggregation.model_copy(update={"quota": 0.6}),
            "boundary": base.boundary.model_copy(update={"min_members": 3}),
        }
        moved = {"payoff.binding", "payoff.cost_sharing", "aggregation.quota", "boundary.min_members"}
        codings = {
            path: coding.model_copy(update={"origin": coding.origin or base.name})
            for path, coding in base.codings.items()
            if path not in moved
        }
        mine = base.model_copy(update={"name": "mine", "codings": codings, **changed})
        rules = {name: getattr(mine, name).model_dump(mode="json") for name in RULE_TYPES}
        own = {"name": "mine", "label": {"nl": "Mijn", "en": "Mine"}, "from": "regiobureau", "rules": rules}
        config = config.model_copy(update={"designs": (config.designs[0], mine), "measures": taken})
        request = request_of(config, OTHER, 0, 24, designs=["status_quo", own], measures=taken)
        asked.append((request, made(config, OTHER, 0, 24)))
    found = node.answer("batches.mjs", page.ask(tmp_path, asked))
    assert [one["same"] for one in found] == [96, 96]


def test_what_goes_on_from_a_kept_history(page: Page, tmp_path: Path) -> None:
    """Other measures and designs go on from the state at policy start; another world, or one too many, does not."""
    taken = {"monitoring": 0.5, "thinning": 0.35, "merging_structures": 0.8, "binding_agreements": 1.0}
    asked, resumed = [], []
    for region in ("zuid_limburg", "teaching"):
        for scenario in ("history", "province_withdraws"):
            config = page.worlds[region, scenario]
            chosen = [
                (config.designs[:3], {}),
                (config.designs[3:6], taken),
                (config.designs[:1], {}),
                (config.designs, taken),
            ]
            for designs, measures in chosen:
                one = config.model_copy(update={"designs": designs, "measures": measures})
                asked.append((request_of(one, OTHER, 3, 15, measures=measures), made(one, OTHER, 3, 15)))
            resumed += [0, 12, 12, 12]
    found = node.answer("batches.mjs", page.ask(tmp_path, asked), "simd", str(2**26))
    assert [one["same"] for one in found] == [one["runs"] for one in found]
    assert [one["resumed"] for one in found] == resumed


def test_levels_are_knobs(page: Page) -> None:
    levels = {one["name"]: one["knobs"] for one in page.content.catalogue["undercurrents"]}
    assert levels["report"] == Undercurrent.of_level("report").model_dump()
