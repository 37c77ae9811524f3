"""What ``orrery`` calls: reads the program, and can be stopped meanwhile."""

from __future__ import annotations

import os
import signal
import sys

EXIT_STOPPED = 130  # exit code after Ctrl-C, as in shells


def main() -> int:
    """Run the command line; return the exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # It is ignored in the background of a shell.  `guarded` puts its own there.
        signal.signal(signal.SIGINT, _stop)
    from app.__main__ import main as run  # takes half a second

    return run()


def _stop(_number: int, _frame: object) -> None:
    """End at once: an exception within an import, maybe of C code, could abort."""
    print("orrery: stopped.", file=sys.stderr, flush=True)
    os._exit(EXIT_STOPPED)
