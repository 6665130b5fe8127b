"""The compiled model is made once: kept by what it is made of, a file as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_code import ADD, LAYOUT

from bresim.common.errors import BresimError
from bresim.common.progress import Silent
from bresim.common.text import language
from bresim.page import build

EN = language("en")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder in which modules are kept."""
    monkeypatch.setattr(build, "CACHE_FOLDER", tmp_path)
    return tmp_path


@pytest.fixture
def lowered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds that were lowered, each a small function in place of the model."""
    asked: list[str] = []

    def small(kind: str, folder: Path) -> tuple[str, dict[str, str]]:
        asked.append(kind)
        return LAYOUT + ADD, {"add": "add$1"}

    monkeypatch.setattr(build, "_lowered", small)
    return asked


def test_a_module_is_made_once(folder: Path, lowered: list[str]) -> None:
    first = build.modules(["default", "any"], Silent(), EN)
    assert {kind: list(builds) for kind, builds in first.items()} == {"default": ["simd"], "any": ["simd", "plain"]}
    assert build.modules(["default", "any"], Silent(), EN) == first
    assert lowered == ["default", "any"]
    assert {path.suffix for path in folder.iterdir()} == {".wasm"}


def test_the_plain_build_is_always_there(folder: Path, lowered: list[str]) -> None:
    assert {kind: list(builds) for kind, builds in build.modules(["default"], Silent(), EN).items()} == {
        "default": ["simd"],
        "any": ["plain"],
    }


def test_another_source_is_another_file(folder: Path, lowered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    before = build.digest()
    changed = folder / "rule.py"
    changed.write_text("a = 1")
    monkeypatch.setattr(build, "compiled_sources", lambda: [changed])
    one = build.digest()
    changed.write_text("a = 2")
    assert len({before, one, build.digest()}) == 3


def test_nothing_is_kept_of_a_compilation_that_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_lowered", lambda kind, folder: (LAYOUT + ADD, {"add": "add$1"}))

    def fails(*_: object) -> bytes:
        raise BresimError("the compiled model has data of its own")

    monkeypatch.setattr(build, "compile_wasm", fails)
    with pytest.raises(BresimError, match="data of its own"):
        build.modules(["any"], Silent(), EN)
    assert list(folder.iterdir()) == []


def test_a_process_that_fails_is_explained(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BresimError, match=r"could not be compiled .* KeyError: 'nonsense'"):
        build.modules(["nonsense"], Silent(), EN)
    assert list(folder.iterdir()) == []
