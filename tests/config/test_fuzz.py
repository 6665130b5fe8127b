"""Whatever is in a file or an override: it is taken, or refused with a message for users; nothing else happens."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from hydra.core.config_store import ConfigStore

import bresim
from bresim.common.errors import BresimError, InputError
from bresim.config.files import check_file, take_folders
from bresim.config.schema import SweepConfig
from bresim.region.boundaries import read_boundaries
from bresim.region.read import read_table
from bresim.sweep.job import SweepJob
from tests.fixtures.mutations import PLACES, Mutator, originals

SEED = 20_251_201
#: Most seconds for one input.
LONGEST = 5
#: ``BRESIM_FUZZ=20000 python -m pytest tests/config/test_fuzz.py -m fuzz``
MANY = int(os.environ.get("BRESIM_FUZZ", "0"))
#: Kind of input → its share. Composing a job takes longer than reading a file.
SHARES = {
    "governance": 30, "region": 14, "scenario": 18, "undercurrent": 6, "experiment": 6, "table": 12, "boundaries": 8,
    "points": 2, "override": 2, "job": 2,
}  # fmt: skip


class Hung(BaseException):
    """An input that took too long; no handler for errors catches it."""


@contextmanager
def in_time() -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _read_boundaries(path: Path) -> None:
    read_boundaries(path, list(PLACES), places=list(PLACES.values()))


def _points(path: Path) -> None:
    job = ["region=teaching", "designs=[status_quo]", "replicates=1", "sweep.method=list", f"sweep.points={path}"]
    config = bresim.load("sweep", job)
    assert isinstance(config, SweepConfig)
    SweepJob(config)


def _job(path: Path) -> None:
    """A file that is chosen, in a folder of the user."""
    bresim.load("sweep", ["region=teaching", f"+experiment={path.stem}"], path.parents[1])


def _override(path: Path) -> None:
    bresim.load("run", path.read_text(encoding="utf-8", errors="surrogatepass").split("\x1e"))


READERS: dict[str, Callable[[Path], object]] = {
    **{group: lambda path, group=group: check_file(group, path) for group in ("governance", "region", "scenario")},
    "undercurrent": lambda path: check_file("undercurrent", path),
    "experiment": lambda path: check_file("experiment", path),
    "table": read_table,
    "boundaries": _read_boundaries,
    "points": _points,
    "override": _override,
    "job": _job,
}


def fuzzed(count: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """(what became of ``count`` inputs, every input for which something else happened than a message)."""
    mutator, sound = Mutator(random.Random(SEED)), originals()
    kinds: Sequence[str] = list(SHARES)
    (folder / "experiment").mkdir()
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(count):
        kind = mutator.random.choices(kinds, list(SHARES.values()))[0]
        path = folder / ("experiment" if kind == "job" else ".") / _name(kind)
        if kind == "override":
            path.write_text("\x1e".join(mutator.override() for _ in range(2)), "utf-8", errors="surrogatepass")
        else:
            path.write_bytes(mutator.text(mutator.random.choice(sound["experiment" if kind == "job" else kind])))
        kept = path.read_bytes()
        try:
            with in_time():
                READERS[kind](path)
            outcomes[f"{kind} taken"] += 1
        except BresimError as error:
            outcomes[f"{kind} refused"] += 1
            if isinstance(error, InputError) and not error.problems:
                wrong.append(f"{number} {kind}: refused without a reason: {kept[:400]!r}")
        except (Exception, Hung) as error:
            wrong.append(f"{number} {kind}: {type(error).__name__}: {str(error)[:200]}: {kept[:2000]!r}")
        if path.read_bytes() != kept:
            wrong.append(f"{number} {kind}: the file was changed")
        path.unlink()
    left = [str(path) for path in folder.rglob("*") if path.is_file()]
    return outcomes, [*wrong, *(f"left over: {path}" for path in left)]


def _name(kind: str) -> str:
    return {"table": "x.csv", "points": "x.csv", "boundaries": "x.geojson", "override": "x.txt"}.get(kind, "x.yaml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ConfigStore, "__deepcopy__", lambda store, memo: store, raising=False)  # as commands do
    yield tmp_path
    take_folders(())


def test_some_inputs_that_are_almost_right(folder: Path) -> None:
    outcomes, wrong = fuzzed(300, folder)
    assert wrong == []
    assert outcomes.total() == 300
    assert outcomes["governance refused"] > 20  # the changes do break what they change
    assert outcomes["governance taken"] > 5


@pytest.mark.fuzz
@pytest.mark.skipif(not MANY, reason="by hand: BRESIM_FUZZ=20000")
def test_many_inputs_that_are_almost_right(folder: Path) -> None:
    outcomes, wrong = fuzzed(MANY, folder)
    print(dict(outcomes))
    assert wrong == []
