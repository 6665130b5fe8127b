"""The name of a folder that the user did not choose: when the job was made, and what it is about."""

from __future__ import annotations

import re

import pytest

from bresim.config import load

TIME = r"results/{command}/\d{{4}}-\d\d-\d\d_\d{{6}}_\d{{6}}"
FOUR = ("monitoring", "thinning", "facilitation", "letting_go")


@pytest.mark.parametrize(
    ("command", "overrides", "about"),
    [
        ("compare", (), ""),
        ("compare", ("scenario=water_crisis", "undercurrent=strong"), "-water_crisis-strong"),
        ("compare", ("undercurrent.negativity=0.25",), "-0.6_0.6_0.25"),
        ("compare", ("region=teaching", "measures.monitoring=1", "measures.thinning=0"), "-teaching-monitoring"),
        ("compare", [f"measures.{name}=1" for name in FOUR], "-4_measures"),
        ("brief", ("municipality='Beekdaelen'",), "-Beekdaelen"),
        ("run", ("governance=regiobureau",), "-regiobureau"),
        ("region", (), ""),
    ],
)  # fmt: skip
def test_a_folder_of_which_nothing_is_said(command: str, overrides: tuple[str, ...], about: str) -> None:
    assert re.fullmatch(TIME.format(command=command) + re.escape(about), load(command, list(overrides)).out.as_posix())


def test_a_folder_that_is_given_keeps_its_name() -> None:
    assert load("compare", ["out=mine", "scenario=water_crisis"]).out.as_posix() == "mine"
