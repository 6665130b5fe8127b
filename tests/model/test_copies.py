"""A copy of a model is a run of its own, from the quarter at which it was made: "what if from here"."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim.model import RegionModel

CHANGED = 23  # after the policy start
GO_ON = """
import json, pickle, sys
model = pickle.load(sys.stdin.buffer)
while model.running:
    model.step()
print(json.dumps(model.outcomes()))
"""


def started(quarters: int = CHANGED) -> RegionModel:
    config = bresim.load("compare", ["region=teaching", "parameters=point", "replicates=2"])
    model = RegionModel(config, replicate=1, design="regiobureau", founding="at_once")
    for _ in range(quarters):
        model.step()
    return model


def ended(model: RegionModel) -> RegionModel:
    while model.running:
        model.step()
    return model


@pytest.fixture(scope="module")
def whole() -> RegionModel:
    return ended(started(0))


@pytest.mark.parametrize("quarters", [0, 1, CHANGED, 60])
def test_a_copy_and_its_original_are_the_same_run(whole: RegionModel, quarters: int) -> None:
    original = started(quarters)
    copied = copy.deepcopy(original)
    kept = original.outcomes()
    end = ended(copied)
    np.testing.assert_equal(original.outcomes(), kept)  # it has not moved
    assert original.quarter == quarters
    for one in (end, ended(original)):
        np.testing.assert_equal(one.outcomes(), whole.outcomes())
        for name, table in one.result().tables().items():
            pd.testing.assert_frame_equal(table, whole.result().tables()[name])
    assert all(agent.model is copied for agent in copied.agents)
    assert [agent.name for agent in copied.municipalities] == [agent.name for agent in original.municipalities]


def test_branches_differ_only_by_what_is_changed_in_them(whole: RegionModel) -> None:
    trunk = started()
    branches = [copy.deepcopy(trunk) for _ in range(3)]
    branches[1].state.trust[...] = 0.0
    values = [ended(branch).outcomes()["public_value_direct"] for branch in branches]
    assert values[0] == values[2] == whole.outcomes()["public_value_direct"]
    assert values[1] != values[0]


def test_a_pickled_model_goes_on_in_another_process(whole: RegionModel) -> None:
    model = started()
    done = subprocess.run([sys.executable, "-c", GO_ON], input=pickle.dumps(model), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    np.testing.assert_equal(json.loads(done.stdout), whole.outcomes())


@pytest.mark.parametrize("act", [copy.copy, copy.deepcopy, pickle.dumps])
def test_addresses_are_not_copied(act: object) -> None:
    with pytest.raises(TypeError, match="cannot be copied or pickled"):
        act(started(0)._boxes[0])  # type: ignore[operator]
