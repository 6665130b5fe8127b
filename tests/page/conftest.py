"""A page with every shipped region and scenario: made once a session, and its code once a machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import node
import pytest
from web_page import REGIONS, Page

from bresim import load
from bresim.common.progress import Silent
from bresim.common.text import language
from bresim.page.build import modules
from bresim.page.content import content
from bresim.page.document import document
from bresim.page.job import worlds
from tests.fixtures import firefox, web_server


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


@pytest.fixture(scope="session")
def files(page: Page, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page as a file, by language."""
    folder = tmp_path_factory.mktemp("files")
    found = {lang: folder / f"{lang}.html" for lang in ("nl", "en")}
    for lang, path in found.items():
        path.write_text(document(page.content, page.modules, lang), encoding="utf-8")
    return found


@pytest.fixture(scope="session")
def server(files: dict[str, Path]) -> Iterator[web_server.Server]:
    """A server on this machine that gives these files under a strict policy."""
    with web_server.served(files["nl"].parent) as started:
        yield started


@pytest.fixture(scope="session")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[firefox.Firefox]:
    """A real Firefox, started once."""
    with firefox.opened(tmp_path_factory.mktemp("firefox")) as opened:
        yield opened
