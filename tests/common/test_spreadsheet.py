"""Numbers in CSV files of users and of bresim are read as they were written, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bresim
from bresim.common import spreadsheet
from bresim.config.vary import read_points


@pytest.fixture
def numbers() -> list[float]:
    random = np.random.default_rng(3)
    return [*random.random(10_000).tolist(), *(random.random(1_000) * 10.0 ** random.integers(-300, 300, 1_000)), 0.1]


def test_a_number_is_read_as_it_was_written(numbers: list[float], tmp_path: Path) -> None:
    text = "\n".join(["undercurrent.negativity", *map(repr, map(float, numbers)), ""])
    assert spreadsheet.parsed(text)["undercurrent.negativity"].tolist() == numbers
    (tmp_path / "points.csv").write_text(text)
    assert read_points(tmp_path / "points.csv")["undercurrent.negativity"].tolist() == numbers


def test_earlier_versions_of_pandas_are_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("pandas.read_csv", lambda _text, **options: asked.append(options))
    for version in ("3.0.6", "3.1.1", "4.0.0rc1"):
        monkeypatch.setattr("pandas.__version__", version)
        spreadsheet.parsed("a\n1\n")
    assert asked == [{"float_precision": "round_trip"}, {}, {}]


def test_nothing_reads_csv_in_another_way() -> None:
    package = Path(bresim.__file__).parent
    found = [path.name for path in package.rglob("*.py") if "pd.read_csv(" in path.read_text(encoding="utf-8")]
    assert found == ["spreadsheet.py"]
