"""Ctrl-C ends a job soon and leaves nothing half-written, also while compiled code is at work."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from bresim.cli.streams import tell

INTERRUPTED = 130
#: Seconds that Python gets to unwind by itself before the process is ended.
GRACE = 1.2
#: What the jobs at work say of how each goes on, or nothing.
_ways_on: list[Callable[[], str]] = []


@contextmanager
def interruptible() -> Iterator[None]:
    """End the process within ``GRACE`` seconds after Ctrl-C, even if Python cannot raise KeyboardInterrupt.

    Python runs signal handlers only between its own instructions, so a long call of compiled code would hold
    Ctrl-C up. The system tells a second thread at once; that thread waits, then cleans up and ends the process.
    A block that ends before then ends in KeyboardInterrupt, also if the one that Python raised was lost: in a
    finalizer, in a callback (each import of a module has one), or to a library that made another error of it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    receive, send = socket.socketpair()
    send.setblocking(False)
    done, pressed = threading.Event(), threading.Event()

    def watch() -> None:
        while data := receive.recv(16):
            if signal.SIGINT in data:
                pressed.set()
                if not done.wait(GRACE):
                    end(way() for way in _ways_on)

    thread = threading.Thread(target=watch, name="bresim-interrupt", daemon=True)
    thread.start()
    before = signal.set_wakeup_fd(send.fileno(), warn_on_full_buffer=False)
    told, sys.unraisablehook = sys.unraisablehook, _quiet(sys.unraisablehook)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        sys.unraisablehook = told
        done.set()
        send.close()
        thread.join()
        receive.close()
        error = sys.exc_info()[1]
        if pressed.is_set() and not isinstance(error, KeyboardInterrupt):
            stop = KeyboardInterrupt()
            if error is None:
                stop.add_note("the job came to its end before it could be stopped")
            raise stop


def _quiet(tell_of: Callable[[Any], object]) -> Callable[[Any], object]:
    """``tell_of`` for all that Python cannot raise but Ctrl-C: the end of the block tells that."""
    return lambda lost: None if lost.exc_type is KeyboardInterrupt else tell_of(lost)


@contextmanager
def going_on(way: Callable[[], str]) -> Iterator[None]:
    """``way`` says how a job that is ended in this block goes on: no exception brings it then. Empty: it does not."""
    _ways_on.append(way)
    try:
        yield
    finally:
        _ways_on.remove(way)


def end(notes: Iterable[str] = ()) -> NoReturn:
    """Remove what is not whole, say so and end the process, whatever its other threads do.

    Python would leave by the signal instead of the exit code if Ctrl-C came while it ran code from a string.
    """
    # nothing can be imported now; and no job has begun before this was, to its end
    discard_all = getattr(sys.modules.get("bresim.results.folder"), "discard_all", None)
    if discard_all is not None:
        discard_all()
    tell("; ".join(["bresim: interrupted; what was not whole is removed", *filter(None, notes)]))
    os._exit(INTERRUPTED)
