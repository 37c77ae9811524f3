"""What ``orrery`` calls: reads the program, and can be stopped meanwhile."""

from __future__ import annotations

import os
import signal
import sys
import threading

EXIT_STOPPED = 130  # exit code after Ctrl-C, as in shells
GRACE_S = 0.5  # for threads to end after a stop


def main() -> int:
    """Run the command line; return the exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # It is ignored in the background of a shell.  `guarded` puts its own there.
        signal.signal(signal.SIGINT, _stop)
    from app.__main__ import main as run  # takes half a second

    code = run()
    if code == EXIT_STOPPED:
        _end_soon()
    return code


def _end_soon() -> None:
    """End even if a thread goes on.

    A pool does not know a thread that it was starting when Ctrl-C came, and never ends
    it.
    """
    end = threading.Timer(GRACE_S, os._exit, (EXIT_STOPPED,))
    end.daemon = True
    end.start()


def _stop(_number: int, _frame: object) -> None:
    """End at once: an exception within an import, maybe of C code, could abort."""
    print("orrery: stopped.", file=sys.stderr, flush=True)
    os._exit(EXIT_STOPPED)
