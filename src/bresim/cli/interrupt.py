"""Ctrl-C ends a job soon and leaves nothing half-written, also while compiled code runs.

So does what the manager of a cluster sends when the time is up (SIGTERM), and a terminal that is closed (SIGHUP).
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NoReturn

from bresim.cli.streams import print_error

if TYPE_CHECKING:
    from bresim.common.text import Language

#: Exit code of a process that a signal ended, but for the number of the signal; as shells give it.
STOPPED = 128
#: Signals that are taken as Ctrl-C is, unless the caller has them ignored, as ``nohup`` does.
OTHERS = (signal.SIGTERM, signal.SIGHUP)
#: Seconds that Python gets to unwind by itself before the process is ended.
GRACE = 1.2
#: For each job at work: how to resume it once it was stopped; empty if it cannot be resumed.
_resume_hints: list[Callable[[], str]] = []
#: The signals that came.
_came: list[int] = []


def _(text: str) -> str:
    """Mark a text for the catalogue; it is translated when it is printed."""
    return text


def _plain(text: str) -> str:
    return text


#: Says a text in the language of the call.
_say: Callable[[str], str] = _plain


def speak(words: Language) -> None:
    """Tell the rest in this language."""
    from bresim.common.text import translated

    def say(text: str) -> str:
        return translated(text, words) if hasattr(text, "template") else words.gettext(text)

    global _say
    _say = say


@contextmanager
def interruptible() -> Iterator[None]:
    """End the process within ``GRACE`` seconds after a stop, even if Python cannot raise KeyboardInterrupt.

    Python runs signal handlers only between its own instructions, so a long call of compiled code would hold
    Ctrl-C up. The system wakes a second thread at once; that thread waits, then cleans up and ends the process.
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
            stops = [number for number in data if number in (signal.SIGINT, *OTHERS)]
            if stops:
                _came.extend(stops)
                pressed.set()
                if not done.wait(GRACE):
                    end(hint() for hint in _resume_hints)

    thread = threading.Thread(target=watch, name="bresim-interrupt", daemon=True)
    thread.start()
    others = [number for number in OTHERS if signal.getsignal(number) == signal.SIG_DFL]
    for number in others:
        signal.signal(number, _stop)
    before = signal.set_wakeup_fd(send.fileno(), warn_on_full_buffer=False)
    hook, sys.unraisablehook = sys.unraisablehook, _quiet(sys.unraisablehook)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        for number in others:
            signal.signal(number, signal.SIG_DFL)
        sys.unraisablehook = hook
        done.set()
        send.close()
        thread.join()
        receive.close()
        error = sys.exc_info()[1]
        if pressed.is_set() and not isinstance(error, KeyboardInterrupt):
            stop = KeyboardInterrupt()
            if error is None:
                stop.add_note(_("the job finished before it could be stopped"))
            raise stop


def _stop(number: int, _frame: object) -> NoReturn:
    """As Python takes Ctrl-C."""
    _came.append(number)
    raise KeyboardInterrupt


def _quiet(report: Callable[[Any], object]) -> Callable[[Any], object]:
    """``report``, but silent about Ctrl-C, which the end of the block reports."""
    return lambda lost: None if lost.exc_type is KeyboardInterrupt else report(lost)


@contextmanager
def with_resume_hint(hint: Callable[[], str]) -> Iterator[None]:
    """Within this block: print ``hint()``, unless it is empty, if a stop ends the process without an exception."""
    _resume_hints.append(hint)
    try:
        yield
    finally:
        _resume_hints.remove(hint)


def _nothing() -> None:
    """There is nothing to clean up."""


def end(notes: Iterable[str] = ()) -> NoReturn:
    """Remove unfinished files, say so and end the process, whatever its other threads do.

    Python would leave by the signal instead of the exit code if Ctrl-C came while it ran code from a string.
    """
    # importing is not safe now; if a module is not loaded completely, no job has begun
    for module, clean in (("bresim.results.folder", "discard_all"), ("bresim.kernel.jit", "remove_temporary")):
        with suppress(Exception):  # whatever the main thread removes meanwhile, the process must end
            getattr(sys.modules.get(module), clean, _nothing)()
    texts = [_("interrupted; unfinished files are removed")]
    with suppress(Exception):  # whatever is half-loaded now
        texts.extend(filter(None, notes))
        texts = [_say(text) for text in texts]
    with suppress(Exception):
        print_error(f"bresim: {'; '.join(texts)}")
    os._exit(STOPPED + (_came[0] if _came else signal.SIGINT))
