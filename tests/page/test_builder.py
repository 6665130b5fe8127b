"""The cards for a design in a real browser: words for every field, and an answer that is the model's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import browser
import numpy as np
import pytest
from web_page import Page

from bresim.brief.runs import staff
from bresim.governance import load_design
from bresim.plan import make_plan
from bresim.runner.ensemble import simulate

WAIT = 120_000
ANSWER = ".answer:not([aria-busy]) table"


def built(screen: browser.Screen, file: Path, link: str) -> Any:
    screen.page.goto("about:blank")
    screen.page.goto(f"{file.as_uri()}#v=1&at=build&{link}")
    screen.page.wait_for_selector(ANSWER, timeout=WAIT)
    screen.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    return screen.page


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_field_is_explained_in_the_language_of_the_page(
    page: Page, files: dict[str, Path], chromium: Any, lang: str
) -> None:
    fields = page.content.catalogue["fields"]
    assert not any(one["meaning"]["nl"] == one["meaning"]["en"] for one in fields)
    with browser.screen(chromium, files["nl"], 1280) as screen:
        shown = built(screen, files["nl"], f"lang={lang}")
        meanings = shown.locator(".meaning").all_inner_texts()
        wanted = [one["meaning"][lang] for one in fields]
        assert sorted(one.lower().removesuffix(".") for one in meanings) == sorted(one.lower() for one in wanted)
        raw = {one["name"] for one in fields} | {word for one in fields for word in (*one["words"], *one["wordLabels"])}
        told = shown.locator(".cards option, .cards label").all_inner_texts()
        assert len(told) > 90
        assert not {one.strip() for one in told} & {word for word in raw if "_" in word}


def test_whom_one_picks_stands_in_the_file_and_has_no_vote(
    files: dict[str, Path], chromium: Any, tmp_path: Path
) -> None:
    with browser.screen(chromium, files["nl"], 1280) as screen:
        shown = built(screen, files["nl"], "lang=en&region=teaching")
        shown.get_by_label("Who may take part").select_option(label="choose yourself …")
        shown.get_by_label("Rietwaard").uncheck()
        shown.get_by_label("Name in English").fill("Without the marsh")
        shown.get_by_label("Name in English").blur()
        shown.wait_for_selector(f"{ANSWER}:has-text('Without the marsh')", timeout=WAIT)
        votes = {
            row.locator("th").inner_text(): row.locator("td").first.inner_text()
            for row in shown.locator(".answer table").first.locator("tbody tr").all()
        }
        assert votes.pop("Rietwaard") == "–"
        assert len(votes) == 4
        assert all(re.fullmatch(r"\d+% \(\d+% to \d+%\)", one) for one in votes.values())
        with shown.expect_download() as download:
            shown.get_by_role("button", name="Save as a file").click()
        download.value.save_as(tmp_path / "my_design.yaml")
        shown.get_by_label("Name in Dutch").fill("")
        shown.get_by_label("Name in Dutch").blur()
        assert shown.inner_text(".problems") == "Name in Dutch: '' is not allowed; must not be empty"
        assert shown.locator(".answer table").count() == 0
    design = load_design(tmp_path / "my_design.yaml")
    assert design.boundary.eligible == ("Torenhaven", "Molenkade", "Steenrug", "Heidekamp")
    assert design.label_en == "Without the marsh"


def test_value_and_price_are_those_of_python(page: Page, files: dict[str, Path], chromium: Any) -> None:
    """Of the whole design as it is shipped, against today, if founded."""
    config = page.worlds["teaching", "history"]
    designs = tuple(one for one in config.designs if one.name in ("status_quo", "regiobureau"))
    plan = make_plan(config.model_copy(update={"designs": designs, "founding": "at_once"}), range(100))
    made = simulate(plan.world, plan.jobs, config.seed, plan.region.subregion, workers=1, details=True)
    value, fte = made.runs[:, 0].reshape(2, 100), np.asarray(staff(made)).reshape(2, 100)
    names = [one.name for one in designs]
    own, now = names.index("regiobureau"), names.index("status_quo")
    gain, more = 100 * (value[own] - value[now]).mean(), fte[own] - fte[now]
    with browser.screen(chromium, files["nl"], 1280) as screen:
        told = built(screen, files["nl"], "lang=en&region=teaching").inner_text(".answer .caption")
    found = re.search(r"value ([+−\d.]+) .* price of ([+−\d]+) \(([+−\d]+) to ([+−\d]+)\) fte", told)
    assert found is not None, told
    numbers = [float(one.replace("−", "-")) for one in found.groups()]
    assert numbers[0] == pytest.approx(gain, abs=0.0501)
    assert numbers[1:] == pytest.approx([more.mean(), *np.quantile(more, [0.05, 0.95])], abs=0.501)
