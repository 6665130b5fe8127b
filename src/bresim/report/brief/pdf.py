"""Print the brief with a browser that is on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bresim.common.errors import BresimError, InputError, Problem, said

#: Browsers that print without a screen, by the names of their programs, and where they are when not on the path.
PROGRAMS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge",
    "microsoft-edge-stable",
)  # fmt: skip
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-pdf-header-footer",
)  # fmt: skip
#: Seconds after which printing is given up.
PATIENCE = 120


def browser() -> str:
    """The program of a browser; raises InputError with what to do if there is none."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    found = found or next((place for place in PLACES if Path(place).is_file()), None)
    if found is None:
        remedy = said("leave pdf=true out, open brief.html in any browser and choose print, save as PDF")
        raise InputError(Problem("pdf", said("no Chromium, Chrome or Edge was found on this machine"), remedy))
    return found


def write(page: Path, program: str) -> Path:
    """Print ``page`` beside itself as PDF, with ``program``."""
    target = page.with_suffix(".pdf").absolute()
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()  # it refuses to start as root
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program,
            *FLAGS,
            *root,
            f"--user-data-dir={profile}",
            f"--print-to-pdf={target}",
            page.absolute().as_uri(),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BresimError(
                said("the brief could not be printed with '{program}' ({reason})", program=program, reason=error)
            ) from None
    if not target.is_file():
        last = (done.stderr.strip().splitlines() or ["it left no file"])[-1]
        raise BresimError(
            said("the brief could not be printed with '{program}' ({reason})", program=program, reason=last)
        )
    return target
