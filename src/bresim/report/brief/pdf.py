"""Print the brief with a browser that is on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
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
    "--disable-sync", "--no-pdf-header-footer", "--generate-pdf-document-outline",
)  # fmt: skip
#: Seconds after which printing is given up.
PATIENCE = 120
#: Most times that it is printed: once to see where sections begin, once with that, and once if that moved one.
ROUNDS = 3


def browser() -> str:
    """The program of a browser; raises InputError with what to do if there is none."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    found = found or next((place for place in PLACES if Path(place).is_file()), None)
    if found is None:
        remedy = said("leave pdf=true out, open brief.html in any browser and choose print, save as PDF")
        raise InputError(Problem("pdf", said("no Chromium, Chrome or Edge was found on this machine"), remedy))
    return found


def write(page: Path, program: str) -> Path:
    """Print ``page`` beside itself as PDF, with ``program``; its contents then say on which page a section begins.

    No browser can count that itself, so the page is printed without, and again with what the PDF tells.
    """
    target = page.with_suffix(".pdf").absolute()
    text, told = page.read_text(encoding="utf-8"), dict[str, int]()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, page.name)
        for _round in range(ROUNDS):
            copy.write_text(numbered(text, told), encoding="utf-8")
            _print(copy, target, program, Path(scratch, "profile"))
            before, told = told, begins(target)
            if told == before:
                break
    return target


def begins(pdf: Path) -> dict[str, int]:
    """The page on which each place that is linked to stands."""
    from pypdf import PdfReader

    reader = PdfReader(pdf)
    found = {name: reader.get_destination_page_number(place) for name, place in reader.named_destinations.items()}
    return {name.removeprefix("/"): number + 1 for name, number in found.items() if number is not None}


def numbered(text: str, pages: Mapping[str, int]) -> str:
    """A page of which the contents say where each section begins."""
    for name, number in pages.items():
        text = text.replace(f'data-page="{name}"></span>', f'data-page="{name}">{number}</span>')
    return text


def _print(page: Path, target: Path, program: str, profile: Path) -> None:
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()  # it refuses to start as root
    where = (f"--user-data-dir={profile}", f"--print-to-pdf={target}", page.as_uri())
    try:
        done = subprocess.run(
            [program, *FLAGS, *root, *where], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BresimError(
            said("the brief could not be printed with '{program}' ({reason})", program=program, reason=error)
        ) from None
    if not target.is_file():
        last = (done.stderr.strip().splitlines() or ["it left no file"])[-1]
        raise BresimError(
            said("the brief could not be printed with '{program}' ({reason})", program=program, reason=last)
        )
