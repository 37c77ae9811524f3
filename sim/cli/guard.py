"""What ends a command: errors of the user in one line, signals, closed pipes."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from sim.cli.stop_watch import EXIT_STOPPED, StopWatch, end_now
from sim.io.unfinished import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

USER_ERRORS = (ValueError, KeyError, OSError, RuntimeError, FloatingPointError)
"""Exceptions whose message is for the user; all others are bugs."""
EXIT_BAD_INPUT = 2  # exit code
PROGRAM = "attention-orrery"  # the name of its folders
STOPPING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if name in dir(signal)
)
"""Signals that ask the program to stop, besides Ctrl-C."""
MAX_BLAS_THREADS = 4  # more do not speed up products of this size


class StoppedError(BaseException):
    """The system asks the program to stop; not caught by ``except Exception``."""


def _stopper(program: str) -> Callable[[int, FrameType | None], None]:
    """Return a handler of signals that ask `program` to stop."""

    def stop(number: int, frame: FrameType | None) -> None:
        # Within an import, which may be of C code, an exception could abort.
        while frame is not None:
            if frame.f_code.co_filename.startswith("<frozen importlib"):
                end_now(program)
            frame = frame.f_back
        raise KeyboardInterrupt if number == signal.SIGINT else StoppedError

    return stop


def guarded(program: str, command: Callable[[], int]) -> int:
    """Run `command`; turn errors of the user into one line and exit code 2."""
    share_processors()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console may lack β
            with contextlib.suppress(ValueError):
                stream.reconfigure(errors="replace")
    try:
        with _leftovers_removed(), _stoppable(program):
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
def _leftovers_removed() -> Generator[None]:
    """Remove what killed processes have half written, and then what this one has."""
    with contextlib.suppress(OSError, RuntimeError):  # there may be no home
        UNFINISHED.begin(user_state_path(PROGRAM, appauthor=False) / "unfinished")
    try:
        yield
    finally:
        UNFINISHED.end()


@contextlib.contextmanager
def _stoppable(program: str) -> Generator[None]:
    """Raise `StoppedError` on TERM and HUP inside the block; then restore handlers.

    Ctrl-C raises `KeyboardInterrupt`, as ever.  If the block does not end soon, for a
    long sum holds the main thread, the process is ended.
    """
    if current_thread() is not main_thread():  # only that one can handle signals
        yield
        return
    stop = _stopper(program)
    before = {
        number: signal.signal(number, stop)
        for number in (signal.SIGINT, *STOPPING)
        if signal.getsignal(number) is not signal.SIG_IGN  # as under nohup
    }
    try:
        with StopWatch(program):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def share_processors() -> None:
    """Leave half the processors to the picture, before NumPy is imported."""
    threads = max(1, min(MAX_BLAS_THREADS, (os.cpu_count() or 1) // 2))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(threads))
