"""The unit tests of the page's own sources, run by Node."""

from __future__ import annotations

import shutil
import subprocess

from tests.page.test_bundle import SOURCES, installed


def test_the_units_of_the_page() -> None:
    installed()
    npm = shutil.which("npm")
    assert npm is not None
    done = subprocess.run([npm, "test"], cwd=SOURCES, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "# fail 0" in done.stdout
