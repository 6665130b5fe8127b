"""Progress of a job: a bar on the terminal, lines in a log, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Protocol


class Progress(Protocol):
    """What a job reports: each stage with its number of steps, and every step done."""

    def stage(self, description: str, total: int | None = None) -> None:
        """Enter a stage of ``total`` steps (None: not known); the stage before is finished."""

    def advance(self, steps: int = 1) -> None:
        """Report that ``steps`` more steps of this stage are done."""

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


#: Seconds between two lines in a log.
EVERY = 60.0


class Plain(Silent):
    """For logs: a line before a long wait, and one a minute during long stages."""

    def __init__(self) -> None:
        self._description, self._total, self._done = "", 0, 0
        self._begun = self._written = time.monotonic()

    def stage(self, description: str, total: int | None = None) -> None:
        """Begin to count."""
        self._description, self._total, self._done = description, total or 0, 0
        self._begun = self._written = time.monotonic()

    def advance(self, steps: int = 1) -> None:
        """Once a minute, write steps done, speed and time left."""
        self._done += steps
        now = time.monotonic()
        if self._total and now - self._written >= EVERY:
            self._written = now
            rate = self._done / (now - self._begun)
            left = timedelta(seconds=round((self._total - self._done) / rate))
            self._write(f"{self._description} {self._done}/{self._total}, {rate:.0f}/s, {left}")

    def wait(self, description: str) -> None:
        """Write the line."""
        self._write(description)

    @staticmethod
    def _write(line: str) -> None:
        with suppress(OSError):
            print(f"bresim: {line}", file=sys.stderr, flush=True)


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
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
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
        self._task = bars.add_task("", total=None, start=False, rate="")

    def stage(self, description: str, total: int | None = None) -> None:
        """Show a new stage from zero."""
        self._bars.reset(self._task, description=description, total=total, completed=0, rate="")

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        self._bars.advance(self._task, steps)
        speed = self._bars.tasks[0].speed
        if speed is not None:
            self._bars.update(self._task, rate=f"{speed:.0f}/s")

    def wait(self, description: str) -> None:
        """Show the stage."""
        self.stage(description)
