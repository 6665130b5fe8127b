"""Ctrl-C ends a job soon and leaves nothing half-written, also while compiled code is at work."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from bresim.cli.streams import tell
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


def end(notes: Iterable[str] = ()) -> NoReturn:
    """Remove what is not whole, say so and end the process, whatever its other threads do.

    Python would leave by the signal instead of the exit code if Ctrl-C came while it ran code from a string.
    """
    discard_all()
    tell("; ".join(["bresim: interrupted; what was not whole is removed", *notes]))
    os._exit(INTERRUPTED)
