"""Figures are the same whatever backend and style the environment names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

from bresim.plots.backend import is_installed
from bresim.plots.style import STYLE, canvas, save, styled

DRAW = """
import sys
from pathlib import Path
from bresim.plots.style import canvas, save, styled
with styled():
    figure = canvas(2.0)
    figure.subplots().plot([0, 1], [0, 1])
    save(figure, Path(sys.argv[1]), "line", title="a", description="b")
"""


@pytest.mark.parametrize(
    ("backend", "known"),
    [
        ("agg", True), ("Agg", True), ("TkAgg", True), ("module://matplotlib.backends.backend_svg", True),
        ("module://no_such_package.backend", False), ("module://nothing", False), ("nonsense", False),
        ("module://", False),
    ],
)  # fmt: skip
def test_which_backends_are_there(backend: str, known: bool) -> None:
    assert is_installed(backend) is known


@pytest.mark.parametrize("backend", ["", "module://no_such_package.backend_inline", "nonsense", "pdf"])
def test_the_environment_changes_no_figure(backend: str, tmp_path: Path) -> None:
    """A backend that is not there, a style of the user's own, a file of settings with mistakes."""
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\nfont.size: 30\nfigure.facecolor: red\n")
    out = tmp_path / "out"
    environment = {**os.environ, "MPLBACKEND": backend, "MATPLOTLIBRC": str(tmp_path / "matplotlibrc")}
    done = subprocess.run(
        [sys.executable, "-c", DRAW, str(out)], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    with styled():
        figure = canvas(2.0)
        figure.subplots().plot([0, 1], [0, 1])
        save(figure, tmp_path / "here", "line", title="a", description="b")
    for name in ("line.svg", "line.png"):
        assert (out / name).read_bytes() == (tmp_path / "here" / name).read_bytes(), name


def test_the_readers_own_settings_are_left_alone() -> None:
    with mpl.rc_context({"font.size": 30.0, "lines.linewidth": 9.0}):
        with styled():
            assert (mpl.rcParams["font.size"], mpl.rcParams["lines.linewidth"]) == (STYLE["font.size"], 1.8)
        assert (mpl.rcParams["font.size"], mpl.rcParams["lines.linewidth"]) == (30.0, 9.0)
