"""What ends a command: errors of the user in one line, signals, closed pipes."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

USER_ERRORS = (ValueError, KeyError, OSError, RuntimeError, FloatingPointError)
"""Exceptions whose message is for the user; all others are bugs."""
EXIT_BAD_INPUT = 2  # exit code
EXIT_STOPPED = 130  # exit code after Ctrl-C, as in shells
MAX_BLAS_THREADS = 4  # more do not speed up products of this size


class StoppedError(BaseException):
    """The system asks the program to stop; not caught by ``except Exception``."""


def _stop(_number: int, _frame: object) -> None:
    raise StoppedError


def guarded(program: str, command: Callable[[], int]) -> int:
    """Run `command`; turn errors of the user into one line and exit code 2."""
    _share_processors()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console may lack β
            with contextlib.suppress(ValueError):
                stream.reconfigure(errors="replace")
    try:
        with _stoppable():
            return command()
    except (KeyboardInterrupt, StoppedError):
        print(f"{program}: stopped.", file=sys.stderr)
        return EXIT_STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except USER_ERRORS as error:
        text = error.args[0] if isinstance(error, KeyError) else error
        print(f"{program}: {text}", file=sys.stderr)
        return EXIT_BAD_INPUT


@contextlib.contextmanager
def _stoppable() -> Generator[None]:
    """Raise `StoppedError` on SIGTERM inside the block; then restore the handler."""
    try:
        before = signal.signal(signal.SIGTERM, _stop)
    except ValueError:  # only the main thread can handle signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _share_processors() -> None:
    """Leave half the processors to the picture, before NumPy is imported."""
    threads = max(1, min(MAX_BLAS_THREADS, (os.cpu_count() or 1) // 2))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(threads))
