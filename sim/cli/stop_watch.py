"""Ends the process when a signal to stop is not followed in time.

Python runs the handler of a signal between two of its own instructions.  A compiled sum
of 100,000 tokens is one instruction, which may take minutes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from threading import Event, Thread
from typing import NoReturn, Self

from sim.io.unfinished import UNFINISHED

GRACE_S = 0.9  # seconds for the program to end by itself
EXIT_STOPPED = 130  # exit code after Ctrl-C, as in shells
NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class StopWatch:
    """Watches for signals while it is entered; only on the main thread."""

    def __init__(self, program: str) -> None:
        self._program, self._ended = program, Event()
        self._heard, self._sender = socket.socketpair()
        self._sender.setblocking(False)
        self._before = -1

    def __enter__(self) -> Self:
        self._before = signal.set_wakeup_fd(
            self._sender.fileno(), warn_on_full_buffer=False
        )
        Thread(target=self._listen, name="signals", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        signal.set_wakeup_fd(self._before)
        self._sender.close()

    def _listen(self) -> None:
        stopping = {getattr(signal, name, None) for name in NAMES}
        with self._heard, contextlib.suppress(OSError):
            while data := self._heard.recv(64):
                if stopping.isdisjoint(data):
                    continue
                if not self._ended.wait(GRACE_S):
                    end_now(self._program)


def end_now(program: str) -> NoReturn:
    """Remove what is half written, and end the process from any of its threads."""
    UNFINISHED.end(at_once=True)
    with contextlib.suppress(OSError, ValueError):
        print(f"{program}: stopped.", file=sys.stderr, flush=True)
    os._exit(EXIT_STOPPED)
