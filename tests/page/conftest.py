"""A page with every shipped region and scenario: made once a session, and its code once a machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures"))

import node
from web_page import REGIONS, Page

from bresim import load
from bresim.common.progress import Silent
from bresim.common.text import language
from bresim.page.build import modules
from bresim.page.content import content
from bresim.page.job import worlds


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A page with every shipped region and scenario."""
    node.program()
    config = load("page", [f"regions=[{','.join(REGIONS)}]"])
    every = worlds(config)
    code = modules(("any", "default"), Silent(), language("en"))
    carried = content(every)
    folder = tmp_path_factory.mktemp("page")
    (folder / "content.json").write_text(json.dumps(carried.catalogue, allow_nan=False), encoding="utf-8")
    (folder / "arrays.bin").write_bytes(carried.arrays)
    for kind, builds in code.items():
        for build, module in builds.items():
            (folder / f"{kind}-{build}.wasm").write_bytes(module)
    return Page(folder, every, carried, code)
