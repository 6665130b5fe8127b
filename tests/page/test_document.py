"""The page itself: one file, small, closed to the network, and it runs in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import browser
import pytest
from web_page import Page

from bresim import load
from bresim.common.errors import InputError
from bresim.page.document import LARGEST, document
from bresim.page.job import worlds


def test_it_is_one_small_file_that_refers_to_nothing(files: dict[str, Path]) -> None:
    text = files["nl"].read_text("utf-8")
    assert len(text.encode()) < LARGEST
    text = text.replace("http://www.w3.org/2000/svg", "")  # the name of a namespace: nothing is fetched from there
    assert not re.findall(r"""(?:src|href)=["'](?!data:)[^"']+["']|https?://""", text)
    assert "default-src 'none'" in text


def test_it_runs_from_a_disk_and_checks_itself(files: dict[str, Path], chromium: Any) -> None:
    with browser.screen(chromium, files["nl"], 1280) as screen:
        errors: list[str] = []
        screen.page.on("pageerror", lambda error: errors.append(str(error)))
        screen.page.wait_for_selector(".status[data-same=true]", timeout=120_000)
        assert screen.page.locator("[role=radio]").count() == 16
        assert "geeft dezelfde getallen als in Python" in screen.page.inner_text(".status")
        assert [url for url in screen.requests if not url.startswith("blob:")] == []
        assert errors == []


def test_a_browser_that_differs_is_told(page: Page, files: dict[str, Path], chromium: Any, tmp_path: Path) -> None:
    """One bit of one number that the page carries is turned."""
    from dataclasses import replace

    place = page.content.catalogue["checks"][0]["values"][0]
    arrays = bytearray(page.content.arrays)
    arrays[place] ^= 1
    other = tmp_path / "page.html"
    other.write_text(document(replace(page.content, arrays=bytes(arrays)), page.modules, "en"), encoding="utf-8")
    with browser.screen(chromium, other, 390) as screen:
        screen.page.wait_for_selector(".status[data-same=false]", timeout=120_000)
        assert "numbers differ from those of Python" in screen.page.inner_text(".status")


def test_worlds_are_every_region_and_scenario() -> None:
    config = load("page", ["region=teaching", "scenario=austerity"])
    every = list(worlds(config))
    assert every[0] == ("teaching", "austerity")
    assert {region for region, _ in every} == {"teaching", "zuid_limburg"}
    assert len(every) == 2 * 7


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("parameters=prior", "leave parameters out"),
        ("measures.monitoring=0.5", "leave measures out"),
        ("founding=vote", "founding"),
        ("coding=point", "coding"),
    ],
)
def test_what_a_page_does_not_have_is_refused(override: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        load("page", [override])


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean 'teaching'"):
        worlds(load("page", ["regions=[teachng]"]))
