"""How a job says how far it is: a bar on the terminal, or nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol


class Progress(Protocol):
    """What a job tells: which stage it enters, of how many steps, and every step done."""

    def stage(self, description: str, total: int | None = None) -> None:
        """Enter a stage of ``total`` steps (None: not known); the stage before is finished."""

    def advance(self, steps: int = 1) -> None:
        """Say that ``steps`` steps of this stage are done."""

    def wait(self, description: str) -> None:
        """Enter a stage that takes long and shows no steps."""


class Silent:
    """Tells nobody."""

    def stage(self, description: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, steps: int = 1) -> None:
        """Say nothing."""

    def wait(self, description: str) -> None:
        """Say nothing."""


class Plain(Silent):
    """Writes a line only where somebody would think that nothing happens: for logs."""

    def wait(self, description: str) -> None:
        """Write the line."""
        with suppress(OSError):
            print(f"bresim: {description}", file=sys.stderr, flush=True)


@contextmanager
def progress_bar(mode: str) -> Iterator[Progress]:
    """``auto``: a bar on stderr if that is a terminal, else a line before a long wait. ``off``: silence."""
    if mode == "off" or not sys.stderr.isatty():
        yield Silent() if mode == "off" else Plain()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bar(bars)


class _Bar:
    """One line of rich's progress display, used again for every stage."""

    def __init__(self, bars: object):
        from rich.progress import Progress as Bars

        assert isinstance(bars, Bars)
        self._bars = bars
        self._task = bars.add_task("", total=None, start=False)

    def stage(self, description: str, total: int | None = None) -> None:
        """Show a new stage from zero."""
        self._bars.reset(self._task, description=description, total=total, completed=0)

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        self._bars.advance(self._task, steps)

    def wait(self, description: str) -> None:
        """Show the stage."""
        self.stage(description)
