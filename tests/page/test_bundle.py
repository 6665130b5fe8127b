"""The script that is shipped is what its sources make."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import node
import pytest

from bresim.page.document import BUNDLE, STYLE

SOURCES = Path(__file__).resolve().parents[2] / "page"


def test_the_script_is_of_these_sources() -> None:
    """By a digest in its first line, so that it is seen without Node too."""
    files = [*(path.relative_to(SOURCES).as_posix() for path in (SOURCES / "src").rglob("*") if path.is_file())]
    digest = hashlib.sha256()
    for name in sorted([*files, "build.mjs", "package-lock.json", "tsconfig.json"]):
        digest.update(f"{name}\n".encode())
        digest.update((SOURCES / name).read_bytes())
    told = re.match(r"/\* made from page/ by 'make page-bundle'; sources (\w{16}) \*/", BUNDLE.read_text("utf-8"))
    assert told is not None
    assert told[1] == digest.hexdigest()[:16], "run 'make page-bundle', and commit what it makes"


def installed() -> str:
    """What npm installs for the sources; skips, or fails where it is demanded."""
    node.program()
    npx = shutil.which("npx")
    if npx is None or not (SOURCES / "node_modules").is_dir():
        told = "the tools in page/ are not installed: run 'npm ci' there"
        pytest.fail(told) if os.environ.get(node.DEMANDED) else pytest.skip(told)
    return npx


def test_the_sources_make_this_script(tmp_path: Path) -> None:
    npx = installed()
    subprocess.run([npx, "tsc", "--noEmit"], cwd=SOURCES, check=True)
    subprocess.run([node.program(), "build.mjs", str(tmp_path)], cwd=SOURCES, check=True)
    for made in (BUNDLE, STYLE):
        assert (tmp_path / made.name).read_bytes() == made.read_bytes()
