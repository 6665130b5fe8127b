"""A job says whether its parameter sets were judged with what it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from command import bresim as call

import bresim
from bresim import judged, plausible
from bresim.analysis.names import judgement
from bresim.common.text import language
from bresim.governance import load_design
from bresim.results.manifest import read_manifest
from bresim.results.tables import read_result
from bresim.runner import step

SMALL = ["replicates=2", "designs=[status_quo,regio_deal]", "undercurrent_replicates=0"]


def reasons(*overrides: str, **asked: Any) -> tuple[str, ...]:
    return judged.not_judged(bresim.load("compare", [*SMALL, *overrides]), **asked)


def own_design(folder: Path) -> Path:
    path = folder / "mine.yaml"
    content = load_design("regiobureau").model_dump(mode="json")
    path.write_text(yaml.safe_dump({**content, "name": "mine"}), encoding="utf-8")
    return path


def test_the_note_beside_the_sets_is_of_this_model() -> None:
    """After a change of a rule that changes numbers: a new search, or ``--describe`` if its fingerprint is the same."""
    noted = judged.noted_with_sets()
    assert noted["touchstone"] == judged.touchstone() == judged.touchstone(alone=True)
    assert noted["table"] == judged.table_hash()


def test_a_job_of_what_is_shipped_was_judged() -> None:
    assert reasons() == ()
    assert reasons("parameters=prior") == reasons("parameters=point", "variant.retelling=without") == ()


@pytest.mark.parametrize(
    ("overrides", "found"),
    [
        (["region=teaching"], ("region",)),
        (["region.themes.housing.severity=0.9"], ("region",)),
        (["parameters.cooldown=7"], ("fixed",)),
        (["variant.order=largest_first"], ("variant",)),
        (["variant.order=largest_first", "region=teaching"], ("variant", "region")),
    ],
)
def test_what_differs_is_named(overrides: list[str], found: tuple[str, ...]) -> None:
    assert reasons(*overrides) == found


def test_designs_phases_and_swept_keys_are_named_too(tmp_path: Path) -> None:
    assert reasons(f"designs=[status_quo,{own_design(tmp_path)}]") == ("designs",)
    assert reasons(own=True) == ("phases",)
    swept = ["governance.payoff.binding", "parameters.cooldown", "region.themes.housing.severity", "variant.order"]
    assert reasons(swept=swept) == ("variant", "fixed", "region", "designs")
    assert reasons(swept=["scenario", "seed"]) == ()


def test_a_changed_rule_and_a_changed_table_are_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    table = pd.read_parquet(plausible.TABLE)
    table["cooldown"] += 1.0
    changed = tmp_path / "plausible.parquet"
    table.to_parquet(changed)
    assert judged.table_hash(changed) != judged.table_hash()
    assert judged.touchstone(changed) != judged.touchstone()
    idle = [(name, phase if name != "learning" else lambda s, w, p, t: None) for name, phase in step.PHASES]
    monkeypatch.setattr(step, "PHASES", idle)
    assert judged.touchstone.__wrapped__(alone=True) != judged.touchstone()


def test_nine_digits_tell_a_change_and_not_the_last_bits() -> None:
    values = np.array([0.1, np.nan, 123456.789])
    assert judged.nine_digits(values) == judged.nine_digits(np.nextafter(values, 1.0))
    assert judged.nine_digits(values) != judged.nine_digits(values * (1 + 1e-7))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_reason_has_words(lang: str) -> None:
    words = language(lang)
    assert judgement((), words) == ""
    told = {reason: judgement((reason,), words) for reason in (*judged.DECISIVE, "region", "designs")}
    assert len(set(told.values())) == len(told)
    assert all(text.endswith(".") for text in told.values())
    assert judgement(("region", "designs"), words) == f"{told['region']} {told['designs']}"


def test_report_manifest_and_terminal_say_it(tmp_path: Path) -> None:
    claim = "reproduce what BRE 2023 describes"
    options = [*SMALL, "figures=false", "lang=en", "progress=off"]
    done = call("compare", *options, f"out={tmp_path / 'shipped'}", cwd=tmp_path)
    assert (done.returncode, read_manifest(tmp_path / "shipped")["not_judged"]) == (0, [])
    assert claim in (tmp_path / "shipped" / "report.html").read_text(encoding="utf-8")
    assert "judged" not in done.stdout
    done = call("compare", *options, "variant.order=largest_first", f"out={tmp_path / 'varied'}", cwd=tmp_path)
    assert read_manifest(tmp_path / "varied")["not_judged"] == ["variant"]
    assert read_result(tmp_path / "varied").not_judged == ("variant",)
    page = (tmp_path / "varied" / "report.html").read_text(encoding="utf-8")
    assert claim not in page
    assert "Not judged by the patterns of the sources: a structural variant of the model" in page
    assert "Not judged by the patterns of the sources" in " ".join(done.stdout.split())


def test_a_run_says_it_too(tmp_path: Path) -> None:
    done = call("run", "region=teaching", "lang=en", "progress=off", f"out={tmp_path / 'a'}", cwd=tmp_path)
    assert (done.returncode, read_manifest(tmp_path / "a")["not_judged"]) == (0, ["region"])
    assert "Whether the parameter sets fit this region was not tested." in " ".join(done.stdout.split())
