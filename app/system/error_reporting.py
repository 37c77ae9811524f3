"""Unexpected errors: logged and shown in the window, which stays open."""

from __future__ import annotations

import faulthandler
import logging
import signal
import sys
import threading
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from platformdirs import user_log_path
from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler

from sim.cli.guard import STOPPING

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType, TracebackType

    from app.window import Window

LOG_SIZE, LOGS = 1_000_000, 3  # bytes of a log file, and how many are kept

log = logging.getLogger("orrery")


def start_log(name: str) -> Path | None:
    """Log errors to a file of the program `name`; return the file.

    Where it cannot be written there is no log, and None is returned.
    """
    file = user_log_path(name, appauthor=False) / "orrery.log"
    logging.raiseExceptions = False  # a full disk must not fill the terminal
    handler: logging.Handler = logging.NullHandler()
    kept = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            file, maxBytes=LOG_SIZE, backupCount=LOGS, encoding="utf-8"
        )
        kept = file
    except OSError as error:
        sys.stderr.write(f"orrery: no log is kept: {error}\n")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    qInstallMessageHandler(_note_qt)
    if sys.__stderr__ is not None:  # None without a terminal on Windows
        faulthandler.enable(sys.__stderr__)
    return kept


def install_handlers(window: Window) -> None:
    """Show uncaught exceptions in the window, and let Ctrl+C close it."""

    def raised(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QTimer.singleShot(0, window.stop)
            return
        log.error("not expected", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        window.notices.warn(
            f"Unexpected error: {error or kind.__name__}. The run continues; the log "
            "has the details."
        )

    def raised_in_thread(args: threading.ExceptHookArgs) -> None:
        log.error("in %s: %s", args.thread, args.exc_value)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        # Later: a signal can arrive at any point, such as during a paint event.
        QTimer.singleShot(0, window.stop)

    sys.excepthook = raised
    threading.excepthook = raised_in_thread
    for number in (signal.SIGINT, *STOPPING):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, interrupt)


def _note_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}
    log.log(levels.get(kind, logging.WARNING), "Qt: %s", text)
