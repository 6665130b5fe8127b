"""Progress of a job: a bar on the terminal, a line that changes in a notebook, lines in a log, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Protocol

from bresim.common.errors import said

#: Said, in the language of the job, when the model must be compiled first.
COMPILING = said("Preparing the model for this kind of job (a minute or two; it is kept for the next ones)")


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
            self._write(self._line(now))

    def _line(self, now: float) -> str:
        rate = self._done / max(now - self._begun, 1e-9)
        left = timedelta(seconds=round((self._total - self._done) / max(rate, 1e-9)))
        return f"{self._description} {self._done}/{self._total}, {rate:.0f}/s, {left}"

    def wait(self, description: str) -> None:
        """Write the line."""
        self._write(description)

    @staticmethod
    def _write(line: str) -> None:
        with suppress(OSError):
            print(f"bresim: {line}", file=sys.stderr, flush=True)


class Notebook(Plain):
    """For notebooks, which need no widgets for it: one line, written over itself, that stays when all is done."""

    #: Seconds between two changes.
    OFTEN = 0.25

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""

    def stage(self, description: str, total: int | None = None) -> None:
        """Begin to count."""
        super().stage(description, total)
        self._over(description)

    def advance(self, steps: int = 1) -> None:
        """Say how far it is."""
        self._done += steps
        now = time.monotonic()
        if self._total and (now - self._written >= self.OFTEN or self._done >= self._total):
            self._written = now
            self._over(self._line(now))

    def wait(self, description: str) -> None:
        """Show the stage, which stays."""
        self._over(description)
        self.close()

    def close(self) -> None:
        """End the line."""
        if self._shown:
            self._shown = ""
            self._put("\n")

    def _over(self, line: str) -> None:
        self._put("\r" + line.ljust(len(self._shown)))
        self._shown = line

    @staticmethod
    def _put(text: str) -> None:
        with suppress(OSError):
            print(text, end="", file=sys.stderr, flush=True)


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    return "ipykernel" in sys.modules


@contextmanager
def progress_bar(mode: str) -> Iterator[Progress]:
    """``auto``: a bar on stderr if that is a terminal, in a notebook a line that changes, else a line before a long
    wait. ``off``: silence.
    """
    if mode != "off" and in_notebook():
        line = Notebook()
        try:
            yield line
        finally:
            line.close()
        return
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
