"""Progress is for people at a terminal."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from bresim.common.progress import Plain, Silent, progress_bar


def test_a_bar_on_a_terminal_else_a_line_before_a_long_wait(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress_bar("auto") as progress:
        assert isinstance(progress, Plain)
        progress.stage("Runs", 3)
        progress.advance()
        progress.wait("Compiling")
    assert capsys.readouterr().err == "bresim: Compiling\n"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_bar("off") as progress:
        assert not isinstance(progress, Plain)
        progress.wait("Compiling")
    assert capsys.readouterr().err == ""
    with progress_bar("auto") as progress:
        assert not isinstance(progress, Silent)
        progress.wait("Compiling")
        progress.stage("Runs", 3)
        progress.advance()
        progress.advance(2)
        progress.stage("Figures")


def test_a_notebook_has_one_line_that_changes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))
    with progress_bar("auto") as progress:
        progress.wait("Compiling")
        progress.stage("Runs", 300)
        progress.advance(100)
        progress.advance(200)
    told = capsys.readouterr().err
    lines = told.split("\n")
    assert lines[0] == "\rCompiling"
    assert lines[1].split("\r")[-1].startswith("Runs 300/300, ")
    assert lines[2:] == [""], "what is shown last stays, on a line of its own"
    with progress_bar("off") as progress:
        progress.wait("Compiling")
    assert capsys.readouterr().err == ""
