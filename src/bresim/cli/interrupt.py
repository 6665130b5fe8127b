"""Ctrl-C ends a job soon and leaves nothing half-written, also while compiled code is at work."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bresim.results.folder import discard_all

INTERRUPTED = 130
#: Seconds that Python gets to unwind by itself before the process is ended.
GRACE = 1.2


@contextmanager
def interruptible() -> Iterator[None]:
    """End the process within ``GRACE`` seconds after Ctrl-C, even if Python cannot raise KeyboardInterrupt.

    Python runs signal handlers only between its own instructions, so a long call of compiled code would hold
    Ctrl-C up. The system tells a second thread at once; that thread waits, then cleans up and ends the process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    receive, send = socket.socketpair()
    send.setblocking(False)
    done = threading.Event()

    def watch() -> None:
        while data := receive.recv(16):
            if signal.SIGINT in data and not done.wait(GRACE):
                end()

    thread = threading.Thread(target=watch, name="bresim-interrupt", daemon=True)
    thread.start()
    before = signal.set_wakeup_fd(send.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        done.set()
        send.close()
        thread.join()
        receive.close()


def say(notes: Iterable[str] = ()) -> None:
    """Tell what an interrupted job leaves."""
    print("; ".join(["bresim: interrupted; what was not whole is removed", *notes]), file=sys.stderr, flush=True)


def end() -> None:
    """Remove what is not whole and end the process, whatever its other threads do."""
    discard_all()
    say()
    os._exit(INTERRUPTED)


def others_at_work() -> bool:
    """Whether threads are left that Python would wait for before it ends."""
    current = threading.current_thread()
    return any(not thread.daemon and thread is not current for thread in threading.enumerate())
