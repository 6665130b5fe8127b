"""A page of ``docs/experiments`` with its picture, put in place when both are complete."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from bresim.results.publishing import on_disk


def put(to: Path, name: str, drawn: io.BytesIO, text: str) -> None:
    """Write a picture, in few colours so that it stays small, and the page that shows it: each whole, the page last.

    Killed between the two renames it leaves the earlier page with a picture that is not its own, of which
    :func:`has_own_picture` tells; the same call once more puts the new page in place.
    """
    from PIL import Image

    to.mkdir(parents=True, exist_ok=True)
    picture, page = (to / f".{name}.{kind}.partial" for kind in ("png", "md"))
    try:
        Image.open(drawn).convert("RGB").quantize(96).save(picture, format="png", optimize=True)
        page.write_text(f"{text}{_shown(picture)}", encoding="utf-8")
        for path in (picture, page):
            on_disk(path)
        picture.replace(to / f"{name}.png")
        page.replace(to / f"{name}.md")
    finally:
        picture.unlink(missing_ok=True)
        page.unlink(missing_ok=True)


def markdown(head: list[str], lines: list[list[str]]) -> str:
    """A table of a page."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines))


def has_own_picture(page: Path) -> bool:
    """Whether the picture beside a page is the one that was put there with it."""
    return page.read_text(encoding="utf-8").endswith(_shown(page.with_suffix(".png")))


def _shown(picture: Path) -> str:
    """The last line of a page: a digest of its picture."""
    return f"<!-- shows {hashlib.sha256(picture.read_bytes()).hexdigest()[:12]} -->\n"
