"""``bresim region``: tables on the terminal and in files, in Dutch and English."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from bresim.common.errors import InputError
from bresim.region import load_region
from bresim.report.region import describe, show


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "nl",
            ["gepubliceerd", "verbanden van Beek", "594.254", "79,6%", "Wie aan welk verband deelneemt", "afgerond"],
        ),
        ("en", ["published", "collaborations of Beek", "594,254", "79.6%", "none of which is the real one", "rounded"]),
    ],
)
def test_the_model_beside_what_is_published(
    lang: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    paths = describe(load_region("zuid_limburg"), tmp_path, lang)
    show(Console(), load_region("zuid_limburg"), lang)
    assert all(path.is_file() for path in paths)
    assert {path.name for path in paths} == {
        "region.csv", "region_municipalities.csv", "region_themes.csv", "network.svg", "network.png",
    }  # fmt: skip
    said = capsys.readouterr().out
    for word in words:
        assert word in said
    table = pd.read_csv(tmp_path / "region.csv")
    assert {"figure", "published", "model", "difference", "source", "note"} <= set(table.columns)
    assert (table["model"] - table["published"] - table["difference"]).abs().max() < 1e-9
    assert table["source"].notna().all()
    towns = pd.read_csv(tmp_path / "region_municipalities.csv")
    assert dict(zip(towns["municipality"], towns["collaborations"], strict=True))["Maastricht"] == 68
    assert len(pd.read_csv(tmp_path / "region_themes.csv")) == 8


def test_no_label_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    show(Console(), load_region("zuid_limburg"), "nl")
    said = capsys.readouterr().out
    assert "…" not in said
    assert "grensoverschrijdende" in said
    assert "Verschillen van percentages zijn in procentpunten." in said
    assert "BRE: “Het Bestuurlijk Regionaal Ecosysteem”, 2023" in said


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("width", [80, 120])
def test_no_column_of_a_table_is_cut(width: int, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """120: what goes to a file. On a narrower terminal a table may be too wide, but nothing of it is left out."""
    show(Console(width=width), load_region("zuid_limburg"), lang)
    rows = [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.startswith(("│", "┃", "┏"))]
    assert all(line[-1] in "│┃┓" for line in rows), "a right edge is missing"
    money = {line.split("│")[-2].strip() for line in rows if line.startswith("│")}
    assert {value.replace(",", ".") for value in money} >= {"0.80", "0.20"}
    assert width < 120 or max(map(len, rows)) <= width


def test_a_region_of_which_nothing_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    show(Console(), load_region("teaching"), "en")
    said = capsys.readouterr().out
    assert "The Five Corners (invented)" in said
    assert "Notes" not in said
    assert "reconstructed" not in said


def test_an_unknown_language(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lang"):
        describe(load_region("teaching"), tmp_path, "de")
    assert not list(tmp_path.iterdir())
