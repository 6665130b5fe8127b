"""Progress is for people at a terminal."""

from __future__ import annotations

import sys

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
