"""Progress is for people at a terminal."""

from __future__ import annotations

import sys

import pytest

from bresim.progress import Silent, progress_bar


def test_silence_unless_stderr_is_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    with progress_bar("auto") as progress:
        assert isinstance(progress, Silent)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_bar("off") as progress:
        assert isinstance(progress, Silent)
    with progress_bar("auto") as progress:
        assert not isinstance(progress, Silent)
        progress.stage("Runs", 3)
        progress.advance()
        progress.advance(2)
        progress.stage("Figures")
