"""A small brief of the teaching region, made once."""

from __future__ import annotations

from typing import Any

import pytest

from bresim.brief import packages
from bresim.brief.job import Brief, brief, check
from bresim.common.progress import Silent
from bresim.config import load
from bresim.config.schema import BriefConfig

DESIGNS = "designs=[status_quo,regiobureau,regio_deal,coalition_of_the_willing]"


def config_of(*overrides: str) -> BriefConfig:
    """The configuration of a brief of the teaching region, in ten futures with two parameter sets."""
    found: Any = load("brief", ["region=teaching", "replicates=10", DESIGNS, *overrides])
    assert isinstance(found, BriefConfig)
    return found


def made(config: BriefConfig, *rest: Any) -> Brief:
    """The whole brief."""
    return brief(config, check(config), Silent(), *rest)


@pytest.fixture(scope="session")
def small() -> Brief:
    """A brief with packages of one change."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packages, "LARGEST", 1)
        return made(config_of())
